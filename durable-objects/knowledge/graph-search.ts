import { entityKey } from '../../workers/domain/knowledge-graph'
import type { Scope } from './filters'
import { readQuestion } from './question'
import type { RankedPassage } from './ranking'

/** The longest name that is looked for in a question, in words, and how much of a question is read. */
const MAX_NAME_WORDS = 6
const MAX_QUESTION_WORDS = 200
/** Entities of more passages than this tell passages apart by nothing, and reading their places would take long. */
const MAX_PASSAGES = 300
/** Passages whose entities are followed, entities that are followed, and neighbours of each entity of the question. */
const SEED_PASSAGES = 5
const SEED_ENTITIES = 40
const NEIGHBOURS = 30
/** What a neighbour counts beside an entity that the question names. */
const NEIGHBOUR_SHARE = 0.5

export interface Named {
  id: number
  name: string
  chunks: number
}

/** Entities that a question names, in its order, the longest name where several begin. */
export function entitiesIn(sql: SqlStorage, text: string): Named[] {
  const words = entityKey(text).split(' ').slice(0, MAX_QUESTION_WORDS)
  const telling = new Set([...(readQuestion(text)?.words.values() ?? [])].map(entityKey))
  const spans = words.flatMap((first, at) =>
    Array.from({ length: Math.min(MAX_NAME_WORDS, words.length - at) }, (_, more) => words.slice(at, at + more + 1)).filter(
      (span) => span.length > 1 || telling.has(first),
    ),
  )
  const keys = JSON.stringify([...new Set(spans.map((span) => span.join(' ')))])
  const known = new Map(
    sql
      .exec<{ id: number; key: string; name: string; chunks: number }>(
        'SELECT id, key, name, chunks FROM entities WHERE key IN (SELECT value FROM json_each(?))',
        keys,
      )
      .toArray()
      .map(({ key, ...named }) => [key, named]),
  )
  const found = new Map<number, Named>()
  for (let at = 0; at < words.length; at += 1) {
    for (let length = Math.min(MAX_NAME_WORDS, words.length - at); length > 0; length -= 1) {
      const named = known.get(words.slice(at, at + length).join(' '))
      if (named === undefined) continue
      found.set(named.id, named)
      at += length - 1
      break
    }
  }
  return [...found.values()]
}

/** How telling an entity is: as of a term, by the passages that have it. */
const rarityOf = (passages: number, all: number): number => Math.log(1 + (all - passages + 0.5) / (passages + 0.5))

/** What passages are worth along the graph: for each the sum of what its entities are worth. */
export type GraphScores = Map<number, number>

/**
 * Passages that share entities with the best ones: each of these lends its entities its share of the best score, the rare ones more. A
 * passage gets nothing from itself, so that one that stands alone is not lifted.
 */
export function followPassages(sql: SqlStorage, ranked: readonly RankedPassage[], passages: number, scope?: Scope): GraphScores {
  const best = ranked.slice(0, SEED_PASSAGES)
  const top = best[0]?.score ?? 0
  const shares = new Map(best.map(({ number, score }) => [number, top > 0 ? score / top : 0]))
  const seeds = sql
    .exec<{ chunk: number; entity: number; chunks: number }>(
      `SELECT DISTINCT m.chunk, m.entity, e.chunks FROM entity_mentions m JOIN entities e ON e.id = m.entity
       WHERE m.chunk IN (SELECT value FROM json_each(?)) AND e.chunks BETWEEN 2 AND ?`,
      JSON.stringify([...shares.keys()]),
      MAX_PASSAGES,
    )
    .toArray()
  const worth = new Map<number, { total: number; own: Map<number, number> }>()
  for (const { chunk, entity, chunks } of seeds) {
    const value = (shares.get(chunk) ?? 0) * rarityOf(chunks, passages)
    const entry = worth.get(entity) ?? { total: 0, own: new Map() }
    entry.own.set(chunk, value)
    worth.set(entity, { total: Math.max(entry.total, value), own: entry.own })
  }
  const strongest = new Map([...worth].sort(([a, x], [b, y]) => y.total - x.total || a - b).slice(0, SEED_ENTITIES))
  return sumOver(sql, [...strongest.keys()], scope, (entity, chunk) => {
    const others = [...(strongest.get(entity)?.own ?? [])].filter(([from]) => from !== chunk).map(([, value]) => value)
    return Math.max(0, ...others)
  })
}

/** Passages about the named entities and those next to them. */
export function followEntities(sql: SqlStorage, named: readonly Named[], passages: number, scope?: Scope): GraphScores {
  const worth = new Map<number, number>()
  const raise = (entity: number, value: number) => worth.set(entity, Math.max(worth.get(entity) ?? 0, value))
  for (const { id, chunks } of named) raise(id, rarityOf(chunks, passages))
  for (const { id } of named) {
    const neighbours = neighboursOf(sql, id, NEIGHBOURS)
    const [strongest] = neighbours
    for (const { entity, chunks, weight } of neighbours)
      raise(entity, NEIGHBOUR_SHARE * (weight / (strongest?.weight ?? weight)) * rarityOf(chunks, passages))
  }
  return sumOver(sql, [...worth.keys()], scope, (entity) => worth.get(entity) ?? 0)
}

/** Entities that one is connected with, the strongest connection first. */
export function neighboursOf(sql: SqlStorage, entity: number, limit: number): { entity: number; chunks: number; weight: number }[] {
  return sql
    .exec<{ entity: number; chunks: number; weight: number }>(
      `SELECT n.entity, e.chunks, sum(n.weight) AS weight FROM (
         SELECT target AS entity, weight FROM entity_edges WHERE source = ?1
         UNION ALL SELECT source AS entity, weight FROM entity_edges WHERE target = ?1
       ) n JOIN entities e ON e.id = n.entity GROUP BY n.entity ORDER BY weight DESC, e.key LIMIT ?2`,
      entity,
      limit,
    )
    .toArray()
}

function sumOver(
  sql: SqlStorage,
  entities: readonly number[],
  scope: Scope | undefined,
  worthOf: (entity: number, chunk: number) => number,
): GraphScores {
  const inScope = scope === undefined ? '' : `AND m.chunk IN (SELECT number FROM chunks WHERE ${scope.condition})`
  const scores: GraphScores = new Map()
  for (const { chunk, entity } of sql.exec<{ chunk: number; entity: number }>(
    `SELECT DISTINCT m.chunk, m.entity FROM entity_mentions m JOIN entities e ON e.id = m.entity
     WHERE m.entity IN (SELECT value FROM json_each(?)) AND e.chunks <= ? ${inScope}`,
    JSON.stringify(entities),
    MAX_PASSAGES,
    ...(scope?.parameters ?? []),
  )) {
    const value = worthOf(entity, chunk)
    if (value > 0) scores.set(chunk, (scores.get(chunk) ?? 0) + value)
  }
  return scores
}

/** A ranking with what the graph adds: at most `weight` of what the best passage scores. Scores are shares of that. */
export function blend(ranked: readonly RankedPassage[], graph: GraphScores, weight: number): RankedPassage[] {
  const most = Math.max(0, ...graph.values())
  const top = ranked[0]?.score ?? 0
  if (most === 0) return [...ranked]
  const passages = new Map(ranked.map((passage) => [passage.number, { ...passage, score: top > 0 ? passage.score / top : 0 }]))
  for (const [number, value] of graph) {
    const share = value / most
    const passage = passages.get(number) ?? { number, score: 0 }
    passages.set(number, { ...passage, score: passage.score + weight * share, graph: share })
  }
  return [...passages.values()].sort((a, b) => b.score - a.score || a.number - b.number)
}
