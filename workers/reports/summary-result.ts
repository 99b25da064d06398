import * as z from 'zod'
import { Span } from '../domain/documents'

const Sentence = z.object({ text: z.string(), spans: z.array(Span).nullish() })
type Sentence = z.infer<typeof Sentence>

/** A summary as a plain text, as a text with its places, or as the skill gives it: with the places of each sentence. Read as sentences. */
export const SummaryResult = z
  .union([z.string(), Sentence, z.object({ summary: z.string(), sentences: z.array(Sentence).nullish() })])
  .transform((summary): Sentence[] => {
    if (typeof summary === 'string') return [{ text: summary }]
    if ('text' in summary) return [summary]
    return summary.sentences?.length ? summary.sentences : [{ text: summary.summary }]
  })
export type SummaryResult = z.infer<typeof SummaryResult>
