import type { OcrWord } from '../domain/models'

/** Columns of Tesseract's TSV. Level 5 is a word; block, paragraph and line number the text line that it stands on. */
const WORD_LEVEL = '5'

/** Words with their boxes out of Tesseract's TSV, in reading order. Words of blanks only are left out. */
export function parseWords(tsv: string): OcrWord[] {
  const lines = new Map<string, number>()
  const words: OcrWord[] = []
  for (const row of tsv.split('\n')) {
    const [level, page, block, paragraph, line, , left, top, width, height, confidence, ...rest] = row.split('\t')
    const text = rest.join('\t').trim()
    if (level !== WORD_LEVEL || text === '') continue
    const place = `${page}/${block}/${paragraph}/${line}`
    const index = lines.get(place) ?? lines.size
    lines.set(place, index)
    words.push({
      text,
      confidence: Number(confidence) / 100,
      x: Number(left),
      y: Number(top),
      width: Number(width),
      height: Number(height),
      line: index,
    })
  }
  return words
}
