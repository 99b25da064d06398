import * as z from 'zod'
import { ExportedDocument } from './knowledge'

/**
 * A collection as text: a line that says what follows, a line for each document, and a line that says that nothing is missing. Vectors
 * are left out: the importing side makes its own.
 */
export const EXPORT_FORMAT = 'steward.collection'
export const EXPORT_VERSION = 1

export const ExportHeader = z.object({
  format: z.literal(EXPORT_FORMAT),
  version: z.int(),
  /** Of the collection that was exported. */
  name: z.string(),
  exportedAt: z.iso.datetime(),
  /** Whose vectors answered there; absent when it was empty. */
  encoder: z.object({ model: z.string(), dimensions: z.int() }).optional(),
  /** When the export began. */
  documents: z.int().min(0),
  chunks: z.int().min(0),
})
export type ExportHeader = z.infer<typeof ExportHeader>

/** The last line; without it the text broke off. */
export const ExportEnd = z.strictObject({ end: z.literal(true), documents: z.int().min(0) })
export type ExportEnd = z.infer<typeof ExportEnd>

export const ExportLine = z.union([ExportEnd, ExportedDocument])
export type ExportLine = z.infer<typeof ExportLine>
