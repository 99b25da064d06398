import type { Mention } from './patterns'
import type { EntityType } from './schema'
import { loadEmergingTagger, loadPersonalTagger } from './tagger/load'

/** What the taggers call things, in the words of this skill; what is missing is no entity here. */
const TYPES: Record<string, EntityType> = {
  person: 'person',
  location: 'place',
  place: 'place',
  corporation: 'organisation',
  group: 'organisation',
  organisation: 'organisation',
  product: 'product',
  'creative-work': 'work',
}

/** Names have a capital somewhere, few words, and are no mail name or tag. */
const plausible = (name: string): boolean =>
  /\p{Lu}/u.test(name) && !/^[@#]|\n|https?:|[|<>{}]/u.test(name) && name.length >= 2 && name.split(/\s+/).length <= 6

/** Names that a trained tagger sees: the one of informal English, or the one of letters and forms for other languages. */
export async function findNames(text: string, english: boolean): Promise<Mention[]> {
  const tagger = await (english ? loadEmergingTagger() : loadPersonalTagger())
  return tagger.tag(text).flatMap(({ type, start, end }) => {
    const known = TYPES[type]
    const name = text.slice(start, end).replace(/[\s,;:.)]+$/u, '')
    if (known === undefined || !plausible(name)) return []
    return [{ type: known, start, end: start + name.length, normalized: name.replace(/\s+/g, ' ') }]
  })
}
