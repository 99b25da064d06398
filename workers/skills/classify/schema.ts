import * as z from 'zod'
import { ParsedDocument, Span } from '../../domain/documents'

export const DOCUMENT_CLASSES = [
  'invoice',
  'credit_note',
  'receipt',
  'contract',
  'order',
  'delivery_note',
  'bank_statement',
  'letter',
  'resume',
  'report',
  'table',
  'email',
  'newsletter',
  'other',
] as const
export type DocumentClass = (typeof DOCUMENT_CLASSES)[number]

/** A class of the caller's own: chosen by what it is said to be, by texts that are of it, and by its keywords. */
export const CustomLabel = z.object({
  name: z.string().min(1),
  keywords: z.array(z.string().min(1)).default([]),
  description: z.string().optional(),
  /** Texts of this class. Many of them, or many labels, are better learned: see classifiers. */
  examples: z.array(z.string().min(1).max(4_000)).max(50).default([]),
})
export type CustomLabel = z.infer<typeof CustomLabel>

export const ClassifyInput = z.object({
  document: ParsedDocument,
  documentId: z.string().optional(),
  /** Replaces the built-in classes; `none of these` is always possible. */
  labels: z.array(CustomLabel).min(1).optional(),
})
export type ClassifyInput = z.infer<typeof ClassifyInput>

export const ClassifyOutput = z.object({
  /** A built-in class, else `other`; or the name of a label of the caller's own, else `none of these`. */
  class: z.string(),
  confidence: z.number().min(0).max(1),
  /** Words that decided, with their places. */
  evidence: z.array(z.object({ term: z.string(), weight: z.number(), span: Span.optional() })),
  /** Runners-up, best first. */
  alternatives: z.array(z.object({ class: z.string(), confidence: z.number() })),
})
export type ClassifyOutput = z.infer<typeof ClassifyOutput>
