import type { Block, Page, TextBox } from '../../domain/documents'
import type { OcrWord, RasterImage } from '../../domain/models'
import type { Draft } from './draft'
import type { InnerTools } from './tools'

/** Fills a page with what OCR reads in an image that covers it; words keep their boxes. False without an OCR or budget for it. */
export async function readWithOcr(draft: Draft, page: Page, image: RasterImage, tools: InnerTools): Promise<boolean> {
  if (tools.ocr === undefined || tools.budget.ocrPages <= 0) return false
  tools.budget.ocrPages--
  const { words, confidence } = await tools.ocr.recognise(image)
  page.source = 'ocr'
  page.confidence = Math.min(1, Math.max(0, confidence))
  const { text, boxes, blocks } = layOutWords(
    words,
    (page.width ?? image.width) / image.width,
    (page.height ?? image.height) / image.height,
  )
  draft.fill(page, text, boxes, blocks)
  return true
}

/** Words by line; a line that stands clearly apart from the one above begins a paragraph, a wide gap in a line is a tab. */
function layOutWords(words: OcrWord[], scaleX: number, scaleY: number): { text: string; boxes: TextBox[]; blocks: Omit<Block, 'page'>[] } {
  const boxes: TextBox[] = []
  const blocks: Omit<Block, 'page'>[] = []
  let text = ''
  let above: OcrWord | undefined
  let before: OcrWord | undefined
  for (const word of words.filter((each) => each.text.trim() !== '')) {
    if (before === undefined || word.line !== before.line) {
      const apart = above === undefined || word.y - (above.y + above.height) > above.height * 0.9 || word.y < above.y
      if (apart && before) text += '\n\n'
      else if (before) text += '\n'
      if (apart) blocks.push({ kind: 'paragraph', start: text.length, end: text.length })
      above = word
    } else text += word.x - (before.x + before.width) > word.height * 1.6 ? '\t' : ' '
    boxes.push({
      start: text.length,
      end: text.length + word.text.length,
      x: round(word.x * scaleX),
      y: round(word.y * scaleY),
      width: round(word.width * scaleX),
      height: round(word.height * scaleY),
    })
    text += word.text
    const block = blocks.at(-1)
    if (block) block.end = text.length
    before = word
  }
  return { text, boxes, blocks }
}

const round = (value: number): number => Math.round(value * 10) / 10
