import { CO_OCCURRENCE, DocumentGraph, entityKey } from '../../workers/domain/knowledge-graph'
import { noteChange } from './graph-state'

/** Names that stand further apart than that are not near each other: two or three sentences. */
const NEAR_CHARACTERS = 300
/** A list of names would connect all of them with all: only so many pairs of a chunk are kept, the nearest. */
const MAX_PAIRS = 40
/** What a stated relation weighs beside two names that touch. */
const RELATION_WEIGHT = 3

type Mention = DocumentGraph['entities'][number]['mentions'][number] & { entity: number }

/** Writes what was extracted from a document whose chunks have those numbers. Call it inside the transaction that wrote them. */
export function writeGraph(sql: SqlStorage, graph: DocumentGraph, numbers: readonly number[]): void {
  if (graph.entities.length === 0) return
  const ids = graph.entities.map(({ name }) => entityOf(sql, name))
  for (const [at, { type, name, mentions }] of graph.entities.entries()) {
    const entity = ids[at]
    if (entity === undefined) continue
    const label = labelOf(sql, entity, type, name)
    const written = new Set<number>()
    let count = 0
    for (const { chunk, start, end } of mentions) {
      const number = numbers[chunk]
      if (number === undefined) continue
      const inserted = sql.exec(
        'INSERT INTO entity_mentions (chunk, first, last, entity, label) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING chunk',
        ...[number, start, end, entity, label],
      )
      if (inserted.toArray().length === 0) continue
      written.add(number)
      count += 1
    }
    sql.exec('UPDATE entity_labels SET mentions = mentions + ?, chunks = chunks + ? WHERE id = ?', count, written.size, label)
  }
  writeEdges(sql, graph, ids, numbers)
  settleEntities(
    sql,
    ids.filter((id) => id !== undefined),
  )
  noteChange(sql)
}

/** Removes what a document brought; entities that nothing mentions any more go with it. Call it before its chunks are deleted. */
export function deleteGraph(sql: SqlStorage, documentId: string): void {
  const ofDocument = 'chunk IN (SELECT number FROM chunks WHERE document_id = ?)'
  const counts = sql
    .exec<{ entity: number; label: number; mentions: number; chunks: number }>(
      `SELECT entity, label, count(*) AS mentions, count(DISTINCT chunk) AS chunks FROM entity_mentions WHERE ${ofDocument} GROUP BY label`,
      documentId,
    )
    .toArray()
  if (counts.length === 0) return
  for (const { label, mentions, chunks } of counts)
    sql.exec('UPDATE entity_labels SET mentions = mentions - ?, chunks = chunks - ? WHERE id = ?', mentions, chunks, label)
  for (const table of ['entity_mentions', 'entity_edges', 'community_sentences'])
    sql.exec(`DELETE FROM ${table} WHERE ${ofDocument}`, documentId)
  settleEntities(sql, [...new Set(counts.map(({ entity }) => entity))])
  noteChange(sql)
}

/** Removes the whole graph. */
export function deleteAllGraph(sql: SqlStorage): void {
  for (const table of ['entities', 'entity_labels', 'entity_mentions', 'entity_edges']) sql.exec(`DELETE FROM ${table}`)
  for (const table of ['communities', 'community_members', 'community_sentences']) sql.exec(`DELETE FROM ${table}`)
  noteChange(sql)
}

/** A document's part of the graph as it was written, relations without their exact confidence; undefined when it has none. */
export function readGraph(sql: SqlStorage, documentId: string): DocumentGraph | undefined {
  const numbers = sql.exec<{ number: number }>('SELECT number FROM chunks WHERE document_id = ? ORDER BY number', documentId).toArray()
  const indexes = new Map(numbers.map(({ number }, at) => [number, at]))
  const entities = new Map<number, { type: string; name: string; mentions: { chunk: number; start: number; end: number }[] }>()
  for (const row of sql.exec<{ entity: number; type: string; name: string; chunk: number; first: number; last: number }>(
    `SELECT m.entity, l.type, l.name, m.chunk, m.first, m.last FROM entity_mentions m JOIN entity_labels l ON l.id = m.label
     WHERE m.chunk IN (SELECT number FROM chunks WHERE document_id = ?) ORDER BY m.chunk, m.first`,
    documentId,
  )) {
    const entity = entities.get(row.entity) ?? { type: row.type, name: row.name, mentions: [] }
    entity.mentions.push({ chunk: indexes.get(row.chunk) ?? 0, start: row.first, end: row.last })
    entities.set(row.entity, entity)
  }
  if (entities.size === 0) return undefined
  const order = [...entities.keys()]
  const relations = sql
    .exec<{ source: number; target: number; type: string; chunk: number; weight: number }>(
      `SELECT source, target, type, chunk, weight FROM entity_edges
       WHERE type <> ? AND chunk IN (SELECT number FROM chunks WHERE document_id = ?)`,
      CO_OCCURRENCE,
      documentId,
    )
    .toArray()
    .map(({ source, target, type, chunk, weight }) => ({
      type,
      head: order.indexOf(source),
      tail: order.indexOf(target),
      chunk: indexes.get(chunk) ?? 0,
      confidence: Math.round((weight / RELATION_WEIGHT) * 1_000) / 1_000,
    }))
    .sort((a, b) => a.chunk - b.chunk || a.head - b.head || a.tail - b.tail || (a.type < b.type ? -1 : 1))
  return DocumentGraph.parse({ entities: [...entities.values()], relations })
}

function entityOf(sql: SqlStorage, name: string): number | undefined {
  const key = entityKey(name)
  if (key === '') return undefined
  sql.exec(`INSERT INTO entities (key, name, type, mentions, chunks) VALUES (?, ?, '', 0, 0) ON CONFLICT DO NOTHING`, key, name)
  return sql.exec<{ id: number }>('SELECT id FROM entities WHERE key = ?', key).one().id
}

function labelOf(sql: SqlStorage, entity: number, type: string, name: string): number {
  sql.exec(
    'INSERT INTO entity_labels (entity, type, name, mentions, chunks) VALUES (?, ?, ?, 0, 0) ON CONFLICT DO NOTHING',
    ...[entity, type, name],
  )
  return sql.exec<{ id: number }>('SELECT id FROM entity_labels WHERE entity = ? AND type = ? AND name = ?', entity, type, name).one().id
}

/** Counts entities anew from their labels, calls them what most documents do, and removes those that are left without any. */
function settleEntities(sql: SqlStorage, ids: readonly number[]): void {
  const touched = 'IN (SELECT value FROM json_each(?))'
  const list = JSON.stringify(ids)
  sql.exec(`DELETE FROM entity_labels WHERE mentions <= 0 AND entity ${touched}`, list)
  const isGone = (column: string) => `NOT EXISTS (SELECT 1 FROM entity_labels l WHERE l.entity = ${column})`
  sql.exec(`DELETE FROM community_members WHERE entity ${touched} AND ${isGone('community_members.entity')}`, list)
  sql.exec(`DELETE FROM entities WHERE id ${touched} AND ${isGone('entities.id')}`, list)
  const best = (column: string) =>
    `(SELECT ${column} FROM entity_labels WHERE entity = entities.id GROUP BY ${column} ORDER BY sum(mentions) DESC, ${column} LIMIT 1)`
  const sum = (column: string) => `(SELECT sum(${column}) FROM entity_labels WHERE entity = entities.id)`
  sql.exec(
    `UPDATE entities SET name = ${best('name')}, type = ${best('type')}, mentions = ${sum('mentions')}, chunks = ${sum('chunks')} WHERE id ${touched}`,
    list,
  )
}

function writeEdges(
  sql: SqlStorage,
  { entities, relations }: DocumentGraph,
  ids: readonly (number | undefined)[],
  numbers: readonly number[],
): void {
  const insert = (source: number, target: number, type: string, chunk: number, weight: number) =>
    sql.exec(
      `INSERT INTO entity_edges (source, target, type, chunk, weight) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET weight = max(weight, excluded.weight)`,
      ...[source, target, type, chunk, weight],
    )
  for (const { type, head, tail, chunk, confidence } of relations) {
    const [source, target, number] = [ids[head], ids[tail], numbers[chunk]]
    if (source === undefined || target === undefined || number === undefined || source === target) continue
    insert(source, target, type, number, RELATION_WEIGHT * confidence)
  }
  const mentions = entities.flatMap(({ mentions: own }, at) => {
    const entity = ids[at]
    return entity === undefined ? [] : own.map((mention): Mention => ({ ...mention, entity }))
  })
  for (const [chunk, inside] of Map.groupBy(mentions, (mention) => mention.chunk)) {
    const number = numbers[chunk]
    if (number === undefined) continue
    for (const { source, target, weight } of nearPairs(inside)) insert(source, target, CO_OCCURRENCE, number, weight)
  }
}

/** Pairs of entities of one chunk that stand near each other, nearest first; one that touches the other weighs 1. */
export function nearPairs(mentions: readonly Mention[]): { source: number; target: number; weight: number }[] {
  const gaps = new Map<string, { source: number; target: number; gap: number }>()
  const ordered = mentions.toSorted((a, b) => a.start - b.start || a.entity - b.entity)
  for (const [at, left] of ordered.entries()) {
    for (const right of ordered.slice(at + 1)) {
      const gap = right.start - left.end
      if (gap > NEAR_CHARACTERS) break
      if (left.entity === right.entity) continue
      const [source, target] = left.entity < right.entity ? [left.entity, right.entity] : [right.entity, left.entity]
      const known = gaps.get(`${source} ${target}`)
      if (known === undefined || gap < known.gap) gaps.set(`${source} ${target}`, { source, target, gap })
    }
  }
  return [...gaps.values()]
    .sort((a, b) => a.gap - b.gap || a.source - b.source || a.target - b.target)
    .slice(0, MAX_PAIRS)
    .map(({ source, target, gap }) => ({ source, target, weight: 1 - Math.max(0, gap) / (2 * NEAR_CHARACTERS) }))
}
