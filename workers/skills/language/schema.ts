import * as z from 'zod'
import { LANGUAGES } from './stopwords'

export const LanguageInput = z.object({ text: z.string() })
export const LanguageOutput = z.object({
  /** BCP 47 tag, or `und` when the text says too little. */
  language: z.enum([...LANGUAGES, 'und']),
  confidence: z.number().min(0).max(1),
})
export type LanguageOutput = z.infer<typeof LanguageOutput>
