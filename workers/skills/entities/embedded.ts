import { layOut } from '../extract/reading'
import { spanOf } from '../text/lines'
import { findEnglish, MAX_ENGLISH_CHARS } from './english'
import { findNames } from './names'
import { findPatterns, type Mention } from './patterns'
import type { EntitiesInput, EntitiesOutput, Entity } from './schema'

/** Mentions without overlaps; those listed first win, so checked numbers beat guesses. */
function withoutOverlaps(mentions: Mention[]): Mention[] {
  const kept: Mention[] = []
  for (const mention of mentions) {
    if (!kept.some((other) => mention.start < other.end && mention.end > other.start)) kept.push(mention)
  }
  return kept.sort((a, b) => a.start - b.start)
}

/** Names and figures of a document, each with its first place and its count. */
export async function findEntities({ document, documentId, limit }: EntitiesInput): Promise<EntitiesOutput> {
  const { language, order } = layOut(document)
  const english = language === 'en' || language === 'und'
  const entities = new Map<string, Entity>()
  let budget = MAX_ENGLISH_CHARS
  for (const page of document.pages) {
    const mentions = [...findPatterns(page.text, order), ...(budget > 0 ? await namesOf(page.text.slice(0, budget), english) : [])]
    budget -= page.text.length
    for (const { type, start, end, normalized } of withoutOverlaps(mentions)) {
      const key = `${type}:${normalized.toLowerCase()}`
      const known = entities.get(key)
      if (known) known.count += 1
      else if (entities.size < limit)
        entities.set(key, {
          type,
          text: page.text.slice(start, end),
          normalized,
          span: spanOf(document.pages, { page: page.number, start, end }, documentId),
          count: 1,
        })
    }
  }
  return { entities: [...entities.values()] }
}

/** The parser's names are the surer in prose; the taggers add those that no grammar foresees. */
const namesOf = async (text: string, english: boolean): Promise<Mention[]> => [
  ...(english ? await findEnglish(text) : []),
  ...(await findNames(text, english)),
]
