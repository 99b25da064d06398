import * as z from 'zod'
import { Abstention, CitedSentence, Contradiction, FalsePremise, Passage, SourceCitation, UnverifiedPolicy } from '../../domain/citations'

export const MAX_QUESTION_CHARS = 2_000
/** More passages make no better answer, only a longer wait. */
export const MAX_PASSAGES = 50

export const AnswerInput = z.object({
  question: z.string().trim().min(1).max(MAX_QUESTION_CHARS),
  /** What was found, best first. */
  passages: z.array(Passage).max(MAX_PASSAGES),
  unverified: UnverifiedPolicy.default('drop'),
})
export type AnswerInput = z.infer<typeof AnswerInput>

export const AnswerOutput = z.object({
  /** For people: the sentences joined, or why there is no answer. */
  answer: z.string(),
  sentences: z.array(CitedSentence),
  /** The few words that answer, where the question asks for such and they could be told. */
  short: z.object({ text: z.string(), citation: SourceCitation }).optional(),
  abstained: z.boolean(),
  reason: Abstention.optional(),
  contradictions: z.array(Contradiction),
  premise: FalsePremise.optional(),
  /** How probable it is that the sources answer the question and the sentences say how, 0 to 1. */
  confidence: z.number().min(0).max(1),
  /** What was done without, in words for people. */
  warnings: z.array(z.string()),
})
export type AnswerOutput = z.infer<typeof AnswerOutput>
