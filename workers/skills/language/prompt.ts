import * as z from 'zod'
import { documentOf, type Question } from '../ask'
import type { LanguageInput, LanguageOutput } from './schema'

const Answer = z.object({ language: z.string().regex(/^[a-z]{2,3}$/), confidence: z.number().min(0).max(1) })
type Answer = z.infer<typeof Answer>

/** Enough to tell a language. */
const SAMPLE_CHARS = 2_000

/** Asks for the language, where letters alone do not tell. */
export const languageQuestion = ({ text, documentId }: LanguageInput): Question<Answer> => ({
  name: 'language',
  task: 'In which language is the text written? Answer with its ISO 639 code, "und" when it cannot be told, and your confidence from 0 to 1.',
  ...documentOf(documentId),
  document: text.slice(0, SAMPLE_CHARS),
  answer: Answer,
})

export const languageAnswer = ({ language, confidence }: Answer): LanguageOutput => ({ language, confidence, alternatives: [] })
