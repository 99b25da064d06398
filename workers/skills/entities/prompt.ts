import * as z from 'zod'
import { fullText } from '../../domain/documents'
import { documentOf, type Question } from '../ask'
import { locate, spanOf } from '../text/lines'
import type { EntitiesInput, EntitiesOutput } from './schema'

const NAMED = ['person', 'organisation', 'place'] as const
const Answer = z.object({ entities: z.array(z.object({ type: z.enum(NAMED), text: z.string().min(2).max(120) })).max(200) })
type Answer = z.infer<typeof Answer>

/** Asks for names only: figures and addresses are read by rules, which do not err. */
export const entitiesQuestion = ({ document, documentId }: EntitiesInput): Question<Answer> => ({
  name: 'entities',
  purpose: 'extract',
  ...documentOf(documentId, document),
  task: 'List the people, organisations and places that the document names, each once, exactly as written.',
  document: fullText(document),
  answer: Answer,
})

/** The model's names that stand in the document, with the rules' figures. */
export function entitiesAnswer({ document, documentId, limit }: EntitiesInput, answer: Answer, embedded: EntitiesOutput): EntitiesOutput {
  const figures = embedded.entities.filter((entity) => !NAMED.some((type) => type === entity.type))
  const names = answer.entities.flatMap(({ type, text }) => {
    const place = locate(document.pages, text)
    return place ? [{ type, text, normalized: text.replace(/\s+/g, ' '), span: spanOf(document.pages, place, documentId), count: 1 }] : []
  })
  return { entities: [...names, ...figures].slice(0, limit) }
}
