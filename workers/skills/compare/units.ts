import type { Page, ParsedDocument } from '../../domain/documents'
import { fold } from '../citations/stem'
import { splitSentences } from '../sentences'
import { itemsOf, MARK } from '../text/items'

/** A sentence, heading or table row of a document, the smallest thing that is compared. */
export interface Unit {
  page: number
  start: number
  end: number
  text: string
  /** Text without case, white space, quotation marks and the number or bullet before it: units with equal keys say the same. */
  key: string
  words: ReadonlySet<string>
  section: string
}

interface Stretch {
  start: number
  end: number
  /** Lines are units of their own: rows of a table, code. */
  byLine: boolean
  heading?: number
}

/** Everything that a document says, in reading order; page headers and footers, which repeat, are left out. */
export function unitsOf(document: ParsedDocument): Unit[] {
  const sections: string[] = []
  return document.pages.flatMap((page) =>
    stretchesOf(document, page).flatMap((stretch) => {
      const text = page.text.slice(stretch.start, stretch.end)
      if (stretch.heading !== undefined) sections.splice(stretch.heading - 1, sections.length, flat(text))
      const section = sections.filter(Boolean).join(' › ')
      return partsOf(text, stretch).map(({ start, end }) => unit(page, stretch, { start, end }, section))
    }),
  )
}

function stretchesOf({ blocks }: ParsedDocument, page: Page): Stretch[] {
  const own = blocks.filter((block) => block.page === page.number).sort((a, b) => a.start - b.start)
  const stretches: Stretch[] = []
  let at = 0
  for (const block of own) {
    if (block.start > at) stretches.push({ start: at, end: block.start, byLine: false })
    if (block.kind !== 'header' && block.kind !== 'footer' && block.end > Math.max(at, block.start))
      stretches.push({
        start: Math.max(at, block.start),
        end: block.end,
        byLine: block.kind === 'table' || block.kind === 'code',
        ...(block.kind === 'heading' && { heading: block.level ?? 1 }),
      })
    at = Math.max(at, block.end)
  }
  return [...stretches, { start: at, end: page.text.length, byLine: false }]
}

function partsOf(text: string, { byLine, heading }: Stretch): { start: number; end: number }[] {
  if (!byLine && heading === undefined)
    return itemsOf(text).flatMap(({ start, end }) =>
      splitSentences(text.slice(start, end)).map((sentence) => ({ start: start + sentence.start, end: start + sentence.end })),
    )
  const pattern = heading === undefined ? /[^\n]*[\p{L}\p{N}][^\n]*/gu : /\S[\s\S]*\S|\S/g
  return [...text.matchAll(pattern)].map((match) => {
    const lead = match[0].length - match[0].trimStart().length
    return { start: match.index + lead, end: match.index + match[0].trimEnd().length }
  })
}

function unit(page: Page, stretch: Stretch, part: { start: number; end: number }, section: string): Unit {
  const [start, end] = [stretch.start + part.start, stretch.start + part.end]
  const text = page.text.slice(start, end)
  // The first cell of a row is a value, whatever it looks like.
  const key = stretch.byLine ? plainKey(text) : keyOf(text)
  return { page: page.number, start, end, text, key, words: new Set(key.match(/[\p{L}\p{N}]+(?:[.,]\p{N}+)*/gu) ?? []), section }
}

/** What a text says, however it is set and numbered. */
export const keyOf = (text: string): string => plainKey(text.replace(MARK, ''))

const plainKey = (text: string): string =>
  fold(flat(text.replace(/(?<=\p{Ll})-\n(?=\p{Ll})/gu, '')))
    .replace(/["'“”„‘’«»]/g, '')
    .replace(/[–—]/g, '-')

const flat = (text: string): string => text.replace(/\s+/g, ' ').trim()
