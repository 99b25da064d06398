import * as z from 'zod'
import { Span } from './documents'

/** What a graph connects: things with a name of their own. Amounts and dates are values and connect nothing. */
export const GRAPH_ENTITY_TYPES = ['person', 'organisation', 'place', 'product', 'work', 'email', 'phone', 'iban', 'vat_id', 'url'] as const
export const GraphEntityType = z.enum(GRAPH_ENTITY_TYPES)
export type GraphEntityType = z.infer<typeof GraphEntityType>

/** The edge of two entities that stand close to each other without a stated relation. */
export const CO_OCCURRENCE = 'near'

/** More names than that are a register, not a text. */
const MAX_ENTITIES = 5_000
const MAX_MENTIONS = 20_000
const MAX_RELATIONS = 5_000
const MAX_NAME_CHARACTERS = 200
const Index = z.int().min(0)

/** Characters `[start, end)` of the text of the document's chunk with that index. */
export const EntityMention = z.object({ chunk: Index, start: Index, end: z.int().min(1) })
export type EntityMention = z.infer<typeof EntityMention>

/** What was extracted from one document. Entities are told apart by `entityKey` of their names. */
export const DocumentGraph = z.object({
  entities: z
    .array(
      z.object({
        type: GraphEntityType,
        name: z.string().min(1).max(MAX_NAME_CHARACTERS),
        mentions: z.array(EntityMention).min(1).max(MAX_MENTIONS),
      }),
    )
    .max(MAX_ENTITIES),
  /** Stated relations; `head` and `tail` are indexes of `entities`, `chunk` is where it is stated. */
  relations: z
    .array(z.object({ type: z.string().min(1).max(50), head: Index, tail: Index, chunk: Index, confidence: z.number().min(0).max(1) }))
    .max(MAX_RELATIONS),
})
export type DocumentGraph = z.infer<typeof DocumentGraph>

/** The first place in a graph that points outside of its document, in words; undefined when all is well. */
export function misplaced({ entities, relations }: DocumentGraph, texts: readonly string[]): string | undefined {
  for (const { name, mentions } of entities)
    if (mentions.some(({ chunk, start, end }) => start >= end || end > (texts[chunk]?.length ?? 0)))
      return `a mention of '${name}' lies outside of its chunk`
  const isWrong = relations.some(({ head, tail, chunk }) => Math.max(head, tail) >= entities.length || chunk >= texts.length)
  return isWrong ? 'a relation names an entity or a chunk that is not there' : undefined
}

/** Under which an entity is known however it is written: small letters without accents, punctuation, article or genitive; '' for no name. */
export const entityKey = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’]s(?![\p{L}\p{N}])/gu, '')
    .replace(/[^\p{L}\p{N}@+]+/gu, ' ')
    .trim()
    .replace(/^the /, '')

/** `hybrid`: by words and meaning; `local`: what surrounds the entities that the question names; `global`: what communities of entities say. */
export const SearchMode = z.enum(['hybrid', 'local', 'global'])
export type SearchMode = z.infer<typeof SearchMode>

export const GraphEntity = z.object({
  id: z.int(),
  name: z.string(),
  type: GraphEntityType,
  /** Places where it stands, and passages that have one. */
  mentions: z.int(),
  passages: z.int(),
})
export type GraphEntity = z.infer<typeof GraphEntity>

export const GraphEdge = z.object({
  source: z.int(),
  target: z.int(),
  /** `near`, or the relation, which then leads from `source` to `target`. */
  type: z.string(),
  weight: z.number(),
  passages: z.int(),
})
export type GraphEdge = z.infer<typeof GraphEdge>

/** A sentence of a summary, word for word, with its place. */
export const SummarySentence = z.object({ chunkId: z.string(), documentId: z.string(), name: z.string(), text: z.string(), span: Span })
export type SummarySentence = z.infer<typeof SummarySentence>

/** Entities that have more to do with each other than with the rest. All that is said of them is taken from the sources as they are now. */
export const Community = z.object({
  id: z.int(),
  /** Its best connected entities. */
  title: z.string(),
  /** Number of its entities; `entities` are the ids of the best connected. */
  size: z.int(),
  entities: z.array(z.int()),
  /** Its relations in words and its most central sentences. */
  summary: z.string(),
  relations: z.array(z.string()),
  sentences: z.array(SummarySentence),
})
export type Community = z.infer<typeof Community>

export const MAX_GRAPH_ENTITIES = 200

export const GraphRequest = z.object({
  limit: z.int().min(1).max(MAX_GRAPH_ENTITIES),
  cursor: z.string().max(300).optional(),
  /** Only this entity and those that it is connected with. */
  entity: z.string().max(MAX_NAME_CHARACTERS).optional(),
})
export type GraphRequest = z.infer<typeof GraphRequest>

/** A page of a collection's graph: entities by their number of mentions, the edges among them and their communities. */
export const GraphPage = z.object({
  entities: z.array(GraphEntity),
  edges: z.array(GraphEdge),
  communities: z.array(Community),
  /** All of the collection; `edges` counts connected pairs by kind and passage. */
  totals: z.object({ entities: z.int(), edges: z.int(), communities: z.int() }),
  /** True while communities are being made anew; those that are there hold until then. */
  isBuilding: z.boolean(),
  lastError: z.string().optional(),
  nextCursor: z.string().optional(),
})
export type GraphPage = z.infer<typeof GraphPage>
