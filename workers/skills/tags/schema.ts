import * as z from 'zod'
import { ParsedDocument, Span } from '../../domain/documents'

export const TagsInput = z.object({ document: ParsedDocument, documentId: z.string().optional(), limit: z.int().min(1).max(50).default(8) })
export type TagsInput = z.infer<typeof TagsInput>

export const TagsOutput = z.object({
  /** Key phrases, best first; the span is the first place of each. */
  tags: z.array(z.object({ tag: z.string(), score: z.number(), span: Span.optional() })),
})
export type TagsOutput = z.infer<typeof TagsOutput>
