import type { Chunk } from '../../domain/knowledge'
import { type DocumentGraph, type EntityMention, entityKey, GRAPH_ENTITY_TYPES, type GraphEntityType } from '../../domain/knowledge-graph'
import { findEntities } from '../../skills/entities/embedded'
import { MAX_ENGLISH_CHARS } from '../../skills/entities/english'
import type { Entity } from '../../skills/entities/schema'
import { findRelations } from '../../skills/relations/embedded'
import { findSurfaces, isNamed } from './surfaces'

/** Taggers read so many parts of a long document, spread evenly; names that they see there are found in all of it. */
const MAX_PARTS = 6
/** An entity more often, or longer, than the collection takes. */
const MAX_ENTITIES = 2_000
const MAX_MENTIONS_PER_ENTITY = 5_000
const MAX_NAME_CHARS = 120
const MAX_RELATIONS = 2_000
/** A passage with more names is a list, whose relations no sentence states. */
const MAX_NAMES_PER_PASSAGE = 40

/** A name of the document, however it is written there. */
interface Known {
  type: GraphEntityType
  name: string
  surfaces: Set<string>
}

/** The entities and relations of a document's passages, with exact places; deterministic and in process. */
export async function extractGraph(chunks: readonly Chunk[]): Promise<DocumentGraph> {
  const known = joinShortNames(await findKnown(chunks))
  const mentions = mentionsOf(known, chunks)
  const kept = known.flatMap((entity, at) => {
    const places = (mentions[at] ?? []).slice(0, MAX_MENTIONS_PER_ENTITY)
    return places.length === 0 ? [] : [{ type: entity.type, name: entity.name, mentions: places }]
  })
  return { entities: kept, relations: await relationsOf(kept, chunks) }
}

async function findKnown(chunks: readonly Chunk[]): Promise<Known[]> {
  const parts = partsOf(chunks)
  const step = Math.max(1, parts.length / MAX_PARTS)
  const known = new Map<string, Known & { count: number }>()
  for (let at = 0; at < parts.length; at += step) {
    const part = parts[Math.floor(at)] ?? []
    const { entities } = await findEntities({ document: documentOf(part.map(({ text }) => text)), limit: MAX_ENTITIES })
    for (const entity of entities) if (known.size < MAX_ENTITIES) remember(known, entity)
  }
  return [...known.values()]
}

/** The type that is seen most often is taken: taggers err now and then. */
function remember(known: Map<string, Known & { count: number }>, { type, text, normalized, count }: Entity): void {
  const graphType = GRAPH_ENTITY_TYPES.find((each) => each === type)
  const name = isNamed(graphType) ? normalized.replace(/['’]s$/u, '') : normalized
  const key = entityKey(name)
  if (graphType === undefined || key.length < 2 || name.length > MAX_NAME_CHARS) return
  const entity = known.get(key)
  if (entity === undefined) known.set(key, { type: graphType, name, surfaces: new Set([text, name]), count })
  else {
    entity.surfaces.add(text)
    if (count > entity.count) Object.assign(entity, { type: graphType, name, count })
  }
}

/** Passages in runs that the taggers read at once. */
function partsOf(chunks: readonly Chunk[]): Chunk[][] {
  const parts: Chunk[][] = []
  let room = 0
  for (const chunk of chunks) {
    if (room < chunk.text.length || parts.length === 0) {
      parts.push([])
      room = MAX_ENGLISH_CHARS
    }
    parts.at(-1)?.push(chunk)
    room -= chunk.text.length
  }
  return parts
}

/** A surname that only one person of the document has means that person. */
function joinShortNames(known: readonly Known[]): Known[] {
  const people = known.filter(({ type, name }) => type === 'person' && name.includes(' '))
  return known.filter((entity) => {
    if (entity.type !== 'person' || entity.name.includes(' ')) return true
    const bearers = people.filter(({ name }) => entityKey(name).endsWith(` ${entityKey(entity.name)}`))
    const [bearer] = bearers
    if (bearer === undefined || bearers.length > 1) return true
    for (const surface of entity.surfaces) bearer.surfaces.add(surface)
    return false
  })
}

function mentionsOf(known: readonly Known[], chunks: readonly Chunk[]): EntityMention[][] {
  const mentions: EntityMention[][] = known.map(() => [])
  const find = findSurfaces(known.map(({ surfaces }) => [...surfaces]))
  for (const [chunk, { text }] of chunks.entries())
    for (const { owner, start, end } of find(text)) mentions[owner]?.push({ chunk, start, end })
  return mentions
}

async function relationsOf(entities: DocumentGraph['entities'], chunks: readonly Chunk[]): Promise<DocumentGraph['relations']> {
  const byChunk = new Map<number, { index: number; entity: Entity }[]>()
  for (const [index, { type, mentions }] of entities.entries()) {
    if (!isNamed(type)) continue
    for (const { chunk, start, end } of mentions) {
      const here = byChunk.get(chunk) ?? []
      const text = chunks[chunk]?.text.slice(start, end) ?? ''
      // The model gives back the normalised name: the index stands for it.
      const span = { page: 1, start, end, quote: text }
      if (!here.some((other) => other.index === index && other.entity.text === text))
        here.push({ index, entity: { type, text, normalized: String(index), span, count: 1 } })
      byChunk.set(chunk, here)
    }
  }
  const relations: DocumentGraph['relations'] = []
  for (const [chunk, here] of byChunk) {
    if (here.length < 2 || here.length > MAX_NAMES_PER_PASSAGE || relations.length >= MAX_RELATIONS) continue
    const found = await findRelations({
      document: documentOf([chunks[chunk]?.text ?? '']),
      entities: here.map(({ entity }) => entity),
      limit: MAX_NAMES_PER_PASSAGE,
    })
    for (const { type, head, tail, confidence } of found.relations)
      relations.push({ type, head: Number(head.name), tail: Number(tail.name), chunk, confidence })
  }
  return relations.slice(0, MAX_RELATIONS)
}

/** Texts as the pages of a document, which is what the skills read: places are then places of the texts. */
const documentOf = (texts: string[]) => ({
  format: 'text' as const,
  mediaType: 'text/plain',
  pages: texts.map((text, at) => ({ number: at + 1, text, boxes: [], source: 'text' as const })),
  blocks: [],
  tables: [],
  metadata: {},
  embedded: [],
  warnings: [],
})
