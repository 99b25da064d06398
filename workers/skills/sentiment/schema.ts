import * as z from 'zod'
import { ParsedDocument, Span } from '../../domain/documents'

export const SENTIMENTS = ['positive', 'neutral', 'negative', 'mixed'] as const
export type Sentiment = (typeof SENTIMENTS)[number]

export const SentimentInput = z.object({
  document: ParsedDocument,
  documentId: z.string().optional(),
  /** How many telling sentences to give at most. */
  limit: z.int().min(1).max(100).default(10),
})
export type SentimentInput = z.infer<typeof SentimentInput>

export const SentimentOutput = z.object({
  sentiment: z.enum(SENTIMENTS),
  /** −1 (very negative) to 1 (very positive). */
  score: z.number().min(-1).max(1),
  /** The sentences that decide, strongest first, with the words that do. */
  sentences: z.array(z.object({ score: z.number().min(-1).max(1), words: z.array(z.string()), span: Span })),
})
export type SentimentOutput = z.infer<typeof SentimentOutput>
