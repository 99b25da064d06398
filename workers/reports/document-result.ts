import * as z from 'zod'
import { Span } from '../domain/documents'
import { Json } from '../domain/json'
import { SummaryResult } from './summary-result'

const Confidence = z.number().min(0).max(1)
const Status = z.enum(['verified', 'repaired', 'unverified'])

/** One key field as the analysis gives it. */
export const FieldResult = z.object({
  name: z.string(),
  /** What the reader sees as the name; absent: the name itself, made readable. */
  label: z.string().nullish(),
  /** As written in the document. */
  value: Json,
  /** Dates as ISO 8601, amounts as numbers: shown in the tenant's way in place of `value`. */
  normalized: Json.optional(),
  currency: z.string().nullish(),
  confidence: Confidence.nullish(),
  span: Span.nullish(),
  status: Status.nullish(),
})
export type FieldResult = z.infer<typeof FieldResult>

export const LineItemResult = z.object({
  description: z.string().default(''),
  quantity: z.number().nullish(),
  unit: z.string().nullish(),
  unitPrice: z.number().nullish(),
  /** Percent, as invoices write it: 19 is 19 %. */
  taxRate: z.number().nullish(),
  amount: z.number().nullish(),
  span: Span.nullish(),
})
export type LineItemResult = z.infer<typeof LineItemResult>

export const EntityResult = z.object({ text: z.string(), kind: z.string().nullish(), type: z.string().nullish(), span: Span.nullish() })
export type EntityResult = z.infer<typeof EntityResult>

/** A word, or a word as the skill gives it. */
const TagResult = z.union([z.string(), z.object({ tag: z.string() })]).transform((tag) => (typeof tag === 'string' ? tag : tag.tag))

export const QualityResult = z.object({
  /** 0–1 */
  score: z.number().min(0).max(1),
  checks: z
    .array(
      z.object({
        name: z.string(),
        passed: z.boolean(),
        severity: z.enum(['error', 'warning']).default('error'),
        reason: z.string().default(''),
      }),
    )
    .default([]),
})
export type QualityResult = z.infer<typeof QualityResult>

/** Everything that a run found out about one document. What a workflow left out is left out of the report. */
export const DocumentResult = z.object({
  document: z.object({ id: z.string(), name: z.string(), format: z.string().nullish(), pageCount: z.int().nullish() }),
  /** The skill says `class`; a step of the workflow's own may say `label`. */
  classification: z.object({ class: z.string().nullish(), label: z.string().nullish(), confidence: Confidence.nullish() }).nullish(),
  fields: z.array(FieldResult).nullish(),
  lineItems: z.array(LineItemResult).nullish(),
  /** Names of fields that were wanted and not found. */
  missing: z.array(z.string()).nullish(),
  summary: SummaryResult.nullish(),
  entities: z.array(EntityResult).nullish(),
  tags: z.array(TagResult).nullish(),
  quality: QualityResult.nullish(),
  /** What was not read of it, one sentence each: the report says so before anything else. */
  unread: z.array(z.string()).nullish(),
})
export type DocumentResult = z.infer<typeof DocumentResult>

export const classOf = ({ classification }: DocumentResult): string => classification?.class ?? classification?.label ?? 'other'
