import * as z from 'zod'
import { ParsedDocument, Span } from '../../domain/documents'

export const ENTITY_TYPES = [
  'person',
  'organisation',
  'place',
  'product',
  'work',
  'money',
  'date',
  'email',
  'phone',
  'iban',
  'vat_id',
  'url',
] as const
export type EntityType = (typeof ENTITY_TYPES)[number]

export const EntitiesInput = z.object({
  document: ParsedDocument,
  documentId: z.string().optional(),
  limit: z.int().min(1).max(2_000).default(300),
})
export type EntitiesInput = z.infer<typeof EntitiesInput>

export const Entity = z.object({
  type: z.enum(ENTITY_TYPES),
  text: z.string(),
  /** ISO date, `12.5 EUR`, lower-case address, number without spaces. */
  normalized: z.string(),
  span: Span,
  /** How often it stands in the document; the span is the first place. */
  count: z.int(),
})
export type Entity = z.infer<typeof Entity>
export const EntitiesOutput = z.object({ entities: z.array(Entity) })
export type EntitiesOutput = z.infer<typeof EntitiesOutput>
