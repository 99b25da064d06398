import type { Mention } from './patterns'
import type { EntityType } from './schema'

/** The parser's time grows with the text; later pages seldom name new people. */
export const MAX_ENGLISH_CHARS = 40_000

interface Found {
  text: string
  offset?: { start: number; length: number }
}

/** Names are capitalised, short and without figures; the parser's other guesses are noise. */
const plausible = (text: string): boolean =>
  /^\p{Lu}/u.test(text) && !/[\d@|]/.test(text) && text.split(/\s+/).length <= 5 && text.length >= 3

function placed(type: EntityType, found: Found[], text: string): Mention[] {
  return found.flatMap((item) => {
    if (!item.offset) return []
    const raw = text.slice(item.offset.start, item.offset.start + item.offset.length)
    const name = raw.trim().replace(/(?:['’]s)?[\s,;:.)]*$/u, '')
    const start = item.offset.start + raw.indexOf(name)
    return plausible(name) ? [{ type, start, end: start + name.length, normalized: name.replace(/\s+/g, ' ') }] : []
  })
}

/** People, organisations and places of an English text. The parser is loaded when first needed: it is large. */
export async function findEnglish(text: string): Promise<Mention[]> {
  const { default: nlp } = await import('compromise')
  // A gap between columns ends a name; a full stop says so to the parser and keeps every place.
  const sample = text.slice(0, MAX_ENGLISH_CHARS).replaceAll('  ', '. ')
  const parsed = nlp(sample)
  const read = (view: { json(options: { offset: boolean }): unknown }): Found[] => view.json({ offset: true }) as Found[]
  return [
    ...placed('person', read(parsed.people()), sample),
    ...placed('organisation', read(parsed.organizations()), sample),
    ...placed('place', read(parsed.places()), sample),
  ]
}
