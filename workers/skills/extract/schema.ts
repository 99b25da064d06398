import * as z from 'zod'
import { ParsedDocument, Span } from '../../domain/documents'
import { Json } from '../../domain/json'

export const FIELD_SOURCES = ['xml', 'label', 'layout', 'pattern', 'metadata', 'model'] as const

export const Field = z.object({
  name: z.string(),
  /** As written in the document. */
  value: z.string(),
  /** Dates as ISO 8601, amounts and numbers as numbers, identifiers without spaces, lists as arrays. */
  normalized: Json,
  /** ISO 4217, for amounts. */
  currency: z.string().optional(),
  confidence: z.number().min(0).max(1),
  /** Where it stands; absent for what only metadata or embedded data say. */
  span: Span.optional(),
  /** The further places of a list. */
  spans: z.array(Span).optional(),
  source: z.enum(FIELD_SOURCES),
  /** For what a model gave: whether the document holds the value where it was said to stand. */
  verification: z.enum(['verified', 'unverified']).optional(),
})
export type Field = z.infer<typeof Field>

export const LineItem = z.object({
  description: z.string(),
  quantity: z.number().optional(),
  unit: z.string().optional(),
  unitPrice: z.number().optional(),
  /** Percent. */
  taxRate: z.number().optional(),
  /** Net amount of the line. */
  amount: z.number().optional(),
  span: Span.optional(),
})
export type LineItem = z.infer<typeof LineItem>

const Scalar = z.object({
  type: z.string().optional(),
  /** `date`, `email`, `iban` and `currency` are read as such. */
  format: z.string().optional(),
  title: z.string().optional(),
  /** Words in quotation marks, and what follows `also` or `or`, are taken as labels too. */
  description: z.string().optional(),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
  pattern: z.string().max(200).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  'x-labels': z.array(z.string()).optional(),
})
export type ScalarProperty = z.infer<typeof Scalar>

/** What the entries of a list are: values, or objects that are the rows of a table. */
const Items = Scalar.extend({ properties: z.record(z.string(), Scalar).optional() })
const Property = Scalar.extend({ items: Items.optional() })
export type FieldProperty = z.infer<typeof Property>

/** A JSON Schema of an object whose properties are the fields wanted; `x-labels` names the words that stand beside a value. */
export const FieldSchema = z.object({
  type: z.literal('object').default('object'),
  properties: z.record(z.string(), Property),
  required: z.array(z.string()).default([]),
})
export type FieldSchema = z.infer<typeof FieldSchema>

export const ExtractInput = z.object({
  document: ParsedDocument,
  documentId: z.string().optional(),
  /** Chooses the default fields. Absent: the document is classified first. */
  class: z.string().optional(),
  /** The fields wanted instead of the class's own. */
  schema: FieldSchema.optional(),
})
export type ExtractInput = z.infer<typeof ExtractInput>

export const ExtractOutput = z.object({
  class: z.string(),
  language: z.string(),
  fields: z.array(Field),
  lineItems: z.array(LineItem),
  /** Names of wanted fields that were not found. */
  missing: z.array(z.string()),
})
export type ExtractOutput = z.infer<typeof ExtractOutput>

/** The default fields by class. */
export const CLASS_FIELDS: Record<string, readonly string[]> = {
  invoice: [
    'issuer',
    'invoiceNumber',
    'date',
    'dueDate',
    'currency',
    'totalNet',
    'totalTax',
    'totalGross',
    'amountDue',
    'vatId',
    'iban',
    'customer',
  ],
  credit_note: ['issuer', 'invoiceNumber', 'date', 'currency', 'totalNet', 'totalTax', 'totalGross', 'vatId', 'iban', 'customer'],
  receipt: ['issuer', 'invoiceNumber', 'date', 'currency', 'totalTax', 'totalGross', 'address'],
  contract: ['parties', 'effectiveDate', 'term', 'governingLaw', 'contractValue', 'noticePeriod'],
  order: ['issuer', 'orderNumber', 'date', 'currency', 'totalNet', 'totalTax', 'totalGross', 'customer'],
  delivery_note: ['issuer', 'deliveryNumber', 'orderNumber', 'date', 'customer'],
  bank_statement: ['accountHolder', 'iban', 'date', 'currency', 'openingBalance', 'closingBalance'],
  email: ['from', 'to', 'subject', 'date'],
  newsletter: ['from', 'subject', 'date'],
  letter: ['issuer', 'date', 'subject'],
}
/** What any other document may say of itself. */
export const GENERIC_FIELDS: readonly string[] = ['title', 'author', 'date']
