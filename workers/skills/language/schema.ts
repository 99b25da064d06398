import * as z from 'zod'

export const LanguageInput = z.object({
  text: z.string(),
  /** The stored document that the text is of. */
  documentId: z.string().optional(),
})
export type LanguageInput = z.infer<typeof LanguageInput>

export const LanguageOutput = z.object({
  /** BCP 47 tag, or `und` when the text says too little. */
  language: z.string().regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]+)*$/),
  confidence: z.number().min(0).max(1),
  /** Others that fit nearly as well, likeliest first. */
  alternatives: z.array(z.object({ language: z.string(), confidence: z.number().min(0).max(1) })),
})
export type LanguageOutput = z.infer<typeof LanguageOutput>
