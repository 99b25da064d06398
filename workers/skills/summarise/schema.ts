import * as z from 'zod'
import { ParsedDocument, Span } from '../../domain/documents'
import { Field } from '../extract/schema'

export const SUMMARY_STYLES = ['short', 'long', 'bullets'] as const
export const SummariseInput = z.object({
  document: ParsedDocument,
  documentId: z.string().optional(),
  class: z.string().optional(),
  /** Fields that were read already; absent, they are read for classes whose summary is made of them. */
  fields: z.array(Field).optional(),
  style: z.enum(SUMMARY_STYLES).default('short'),
})
export type SummariseInput = z.infer<typeof SummariseInput>

export const SummariseOutput = z.object({
  summary: z.string(),
  /** The summary's sentences with the places they rest on. */
  sentences: z.array(z.object({ text: z.string(), spans: z.array(Span) })),
})
export type SummariseOutput = z.infer<typeof SummariseOutput>
