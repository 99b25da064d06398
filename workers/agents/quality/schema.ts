import * as z from 'zod'
import { Field, LineItem } from '../../skills/extract/schema'

export const Rules = z.object({
  /** Fields that must be there, instead of the class's own. */
  required: z.array(z.string()).optional(),
  /** How far sums may be off, in the document's currency. */
  tolerance: z.number().min(0).default(0.02),
  /** A document's date may lie this far ahead. */
  maxFutureDays: z.int().min(0).default(7),
  /** Required fields that are less sure ask for a person's look. */
  minConfidence: z.number().min(0).max(1).default(0.5),
})
export type Rules = z.infer<typeof Rules>

export const CheckInput = z.object({
  documentId: z.string().min(1),
  class: z.string(),
  fields: z.array(Field),
  lineItems: z.array(LineItem).default([]),
  /** What ingestion left unread of the document, one sentence each. */
  unread: z.array(z.string()).default([]),
  rules: Rules.prefault({}),
})
export type CheckInput = z.infer<typeof CheckInput>

export const Check = z.object({
  name: z.string(),
  passed: z.boolean(),
  /** What a failure means: an error needs a person, a warning a look. */
  severity: z.enum(['error', 'warning']),
  reason: z.string(),
})
export type Check = z.infer<typeof Check>

export const CheckOutput = z.object({
  documentId: z.string(),
  /** 1 when all is well; each failure takes a share away. */
  score: z.number().min(0).max(1),
  /** No error among the failures. */
  passed: z.boolean(),
  checks: z.array(Check),
  /** The document that said the same before. */
  duplicateOf: z.string().optional(),
})
export type CheckOutput = z.infer<typeof CheckOutput>

/** What a document of a class cannot do without. */
export const REQUIRED_FIELDS: Record<string, readonly string[]> = {
  invoice: ['issuer', 'invoiceNumber', 'date', 'totalGross'],
  credit_note: ['issuer', 'invoiceNumber', 'date', 'totalGross'],
  receipt: ['issuer', 'date', 'totalGross'],
  contract: ['parties'],
  order: ['orderNumber', 'date'],
  delivery_note: ['deliveryNumber'],
  bank_statement: ['iban', 'closingBalance'],
  email: ['from', 'date'],
}
