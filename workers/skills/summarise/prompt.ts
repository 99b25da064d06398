import * as z from 'zod'
import { fullText } from '../../domain/documents'
import { documentOf, type Question } from '../ask'
import { locate, spanOf } from '../text/lines'
import type { SummariseInput, SummariseOutput } from './schema'

const Answer = z.object({
  sentences: z
    .array(z.object({ text: z.string().min(1).max(600), quotes: z.array(z.string()).max(4) }))
    .min(1)
    .max(12),
})
type Answer = z.infer<typeof Answer>

const LENGTH = { short: 'at most two sentences', long: 'five to eight sentences', bullets: 'three to five short points' } as const

/** Asks for a summary whose every sentence quotes what it rests on. */
export const summariseQuestion = ({ document, documentId, style }: SummariseInput): Question<Answer> => ({
  name: 'summary',
  purpose: 'summarise',
  ...documentOf(documentId, document),
  task: 'Summarise the document in {{ length }}, in its own language. State only what it says. For each sentence give the exact quotes it rests on.',
  variables: { length: LENGTH[style] },
  document: fullText(document),
  answer: Answer,
})

/** Quotes that do not stand in the document are dropped. */
export function summariseAnswer({ document, documentId, style }: SummariseInput, answer: Answer): SummariseOutput {
  const sentences = answer.sentences.map(({ text, quotes }) => ({
    text,
    spans: quotes.flatMap((quote) => {
      const place = locate(document.pages, quote)
      return place ? [spanOf(document.pages, place, documentId)] : []
    }),
  }))
  const texts = sentences.map((sentence) => sentence.text)
  return { summary: style === 'bullets' ? texts.map((text) => `• ${text}`).join('\n') : texts.join(' '), sentences }
}
