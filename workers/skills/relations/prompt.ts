import * as z from 'zod'
import { fullText } from '../../domain/documents'
import { documentOf, type Question } from '../ask'
import { locate, spanOf } from '../text/lines'
import { RELATION_TYPES, RELATIONS, type RelationsInput, type RelationsOutput } from './schema'

const Answer = z.object({
  relations: z
    .array(
      z.object({
        type: z.enum(RELATION_TYPES),
        head: z.string().min(2).max(120),
        tail: z.string().min(2).max(120),
        sentence: z.string().min(5).max(600),
      }),
    )
    .max(200),
})
type Answer = z.infer<typeof Answer>

/** A sentence that is found again in the document proves that it was said, not that it was read right. */
const QUOTED_CONFIDENCE = 0.85

/** Asks for relations with the sentence that states each. */
export const relationsQuestion = ({ document, documentId }: RelationsInput): Question<Answer> => ({
  name: 'relations',
  task: [
    'List relations that the document states among people, organisations and places, with names exactly as written and the stating sentence verbatim.',
    ...RELATION_TYPES.map((type) => `${type} (${RELATIONS[type].kinds.join(' → ')}): ${RELATIONS[type].summary}`),
  ].join('\n'),
  ...documentOf(documentId, document),
  document: fullText(document),
  answer: Answer,
})

/** Relations whose sentence stands in the document and holds both names. */
export const relationsAnswer = ({ document, documentId, limit }: RelationsInput, { relations }: Answer): RelationsOutput => ({
  relations: relations
    .flatMap(({ type, head, tail, sentence }) => {
      const place = locate(document.pages, sentence)
      if (!place || !sentence.includes(head) || !sentence.includes(tail)) return []
      const [headKind, tailKind] = RELATIONS[type].kinds
      const span = spanOf(document.pages, place, documentId)
      return [{ type, head: { type: headKind, name: head }, tail: { type: tailKind, name: tail }, confidence: QUOTED_CONFIDENCE, span }]
    })
    .slice(0, limit),
})
