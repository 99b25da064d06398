import * as z from 'zod'
import { ParsedDocument, Span } from '../../domain/documents'
import { Entity } from '../entities/schema'

/** Who stands in which relation to what: `kinds` are those of head and tail. */
export const RELATIONS = {
  works_for: { kinds: ['person', 'organisation'], summary: 'A person works for, leads or belongs to an organisation.' },
  lives_in: { kinds: ['person', 'place'], summary: 'A person lives in, comes from or represents a place.' },
  based_in: { kinds: ['organisation', 'place'], summary: 'An organisation has its seat or an office in a place.' },
  located_in: { kinds: ['place', 'place'], summary: 'A place lies in another.' },
  killed: { kinds: ['person', 'person'], summary: 'A person killed another.' },
} as const
export type RelationType = keyof typeof RELATIONS
export const RELATION_TYPES = ['works_for', 'lives_in', 'based_in', 'located_in', 'killed'] as const satisfies readonly RelationType[]

export const RelationsInput = z.object({
  document: ParsedDocument,
  documentId: z.string().optional(),
  /** Entities that are known already, as the skill `entities` gives them; absent: they are looked for. */
  entities: z.array(Entity).optional(),
  limit: z.int().min(1).max(2_000).default(300),
})
export type RelationsInput = z.infer<typeof RelationsInput>

const Party = z.object({ type: z.enum(['person', 'organisation', 'place']), name: z.string() })

export const Relation = z.object({
  type: z.enum(RELATION_TYPES),
  head: Party,
  tail: Party,
  confidence: z.number().min(0).max(1),
  /** The sentence that says so. */
  span: Span,
})
export type Relation = z.infer<typeof Relation>

export const RelationsOutput = z.object({ relations: z.array(Relation) })
export type RelationsOutput = z.infer<typeof RelationsOutput>
