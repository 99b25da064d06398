import * as z from 'zod'
import { ParsedDocument, Span } from '../../domain/documents'

export const CHANGE_KINDS = ['added', 'removed', 'changed', 'moved'] as const

/** A number or date that differs between the two versions of a sentence. */
export const FigureChange = z.object({
  /** As written; absent where the version has none in its place. */
  before: z.string().optional(),
  after: z.string().optional(),
})

export const Change = z.object({
  kind: z.enum(CHANGE_KINDS),
  /** Headings above it, outermost first, joined by ` › `; empty above the first. */
  section: z.string(),
  /** Where it stands in the older version; absent for what was added. */
  before: Span.optional(),
  /** Where it stands in the newer version; absent for what was removed. */
  after: Span.optional(),
  /** Words taken out and put in, in order, for changed sentences. */
  words: z.array(z.object({ kind: z.enum(['same', 'removed', 'added']), text: z.string() })).optional(),
  figures: z.array(FigureChange),
})
export type Change = z.infer<typeof Change>

export const CompareInput = z.object({
  before: ParsedDocument,
  after: ParsedDocument,
  beforeId: z.string().optional(),
  afterId: z.string().optional(),
})
export type CompareInput = z.infer<typeof CompareInput>

export const CompareOutput = z.object({
  /** In reading order of the newer version; what was removed stands where it stood. */
  changes: z.array(Change),
  counts: z.object({ added: z.int(), removed: z.int(), changed: z.int(), moved: z.int(), same: z.int() }),
  /** What changed, for people, in sentences. */
  summary: z.string(),
  /** The two versions say the same, white space aside. */
  identical: z.boolean(),
  warnings: z.array(z.string()),
})
export type CompareOutput = z.infer<typeof CompareOutput>
