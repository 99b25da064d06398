import { splitSentences } from '../sentences'

/** A sentence or a table row of a text, characters `[start, end)`. */
export interface Unit {
  text: string
  start: number
  end: number
  kind: 'sentence' | 'row' | 'code'
}

/** Longer runs without a full stop are cut, so that an order hidden in them is weighed by itself. */
const MAX_UNIT_CHARS = 400

/** Splits a text into sentences, table rows and fenced code. A line break ends a sentence when the next line begins anew. */
export function splitUnits(text: string): Unit[] {
  const units: Unit[] = []
  let at = 0
  for (const fence of text.matchAll(/```[\s\S]*?(?:```|$)/g)) {
    units.push(...proseUnits(text, at, fence.index))
    at = fence.index + fence[0].length
    units.push({ text: fence[0], start: fence.index, end: at, kind: 'code' })
  }
  return [...units, ...proseUnits(text, at, text.length)]
}

function proseUnits(text: string, from: number, to: number): Unit[] {
  const blocks: { start: number; end: number; row: boolean }[] = []
  for (const line of text.slice(from, to).matchAll(/[^\n]+/g)) {
    const [start, end] = [from + line.index, from + line.index + line[0].length]
    const row = (line[0].match(/\|/g)?.length ?? 0) >= 2 && /^\s*\|/.test(line[0])
    const open = blocks.at(-1)
    const goesOn = open && !open.row && !row && text.slice(open.end, start) === '\n' && /^\s*[\p{Ll}\d(,;]/u.test(line[0])
    if (open && goesOn) open.end = end
    else blocks.push({ start, end, row })
  }
  return blocks.flatMap(({ start, end, row }): Unit[] => {
    if (row) return [{ text: text.slice(start, end), start, end, kind: 'row' }]
    return splitSentences(text.slice(start, end)).flatMap((sentence) => cut(text, start + sentence.start, start + sentence.end))
  })
}

function cut(text: string, start: number, end: number): Unit[] {
  const units: Unit[] = []
  for (let at = start; at < end; at += MAX_UNIT_CHARS) {
    const stop = Math.min(end, at + MAX_UNIT_CHARS)
    units.push({ text: text.slice(at, stop), start: at, end: stop, kind: 'sentence' })
  }
  return units
}
