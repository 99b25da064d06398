import * as z from 'zod'
import { fullText } from '../../domain/documents'
import { documentOf, type Question } from '../ask'
import { locate, spanOf } from '../text/lines'
import type { TagsInput, TagsOutput } from './schema'

const Answer = z.object({ tags: z.array(z.string().min(2).max(60)).max(50) })
type Answer = z.infer<typeof Answer>

/** Asks for topics in the document's own words. */
export const tagsQuestion = ({ document, documentId, limit }: TagsInput): Question<Answer> => ({
  name: 'tags',
  purpose: 'summarise',
  ...documentOf(documentId, document),
  task: "Give up to {{ limit }} short key phrases for the document's topics, best first, in its own language and where possible in its own words.",
  variables: { limit: String(limit) },
  document: fullText(document),
  answer: Answer,
})

/** Phrases that stand in the document carry their place. */
export const tagsAnswer = ({ document, documentId, limit }: TagsInput, answer: Answer): TagsOutput => ({
  tags: [...new Set(answer.tags)].slice(0, limit).map((tag, index) => {
    const place = locate(document.pages, tag)
    return { tag, score: limit - index, ...(place && { span: spanOf(document.pages, place, documentId) }) }
  }),
})
