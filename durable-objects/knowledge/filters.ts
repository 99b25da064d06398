import type { Condition, MetadataFilter, MetadataValue } from '../../workers/domain/knowledge'
import { momentOf, rangeOf } from '../../workers/domain/metadata-filter'

/** A condition on a `document_id` column, with its parameters. */
export interface Scope {
  condition: string
  parameters: (string | number)[]
}

/** SQLite takes no infinite numbers as parameters; these are the first and last moments of JavaScript. */
const FIRST_MOMENT = -8.64e15
const LAST_MOMENT = 8.64e15

/** The documents that meet a filter; undefined when every document does. Its meaning is `meetsFilter` of the domain. */
export function scopeOf(filter: MetadataFilter): Scope | undefined {
  const parts = Object.entries(filter).map(([name, condition]) => documentsWith(name, condition))
  if (parts.length === 0) return undefined
  return {
    condition: `document_id IN (${parts.map(({ query }) => query).join(' INTERSECT ')})`,
    parameters: parts.flatMap(({ parameters }) => parameters),
  }
}

const BY_VALUES = 'SELECT document_id FROM facts WHERE name = ? AND value IN (SELECT value FROM json_each(?))'

function documentsWith(name: string, condition: Condition): { query: string; parameters: (string | number)[] } {
  if (typeof condition === 'string')
    return { query: 'SELECT document_id FROM facts WHERE name = ? AND value = ?', parameters: [name, condition] }
  if ('anyOf' in condition) return { query: BY_VALUES, parameters: [name, JSON.stringify(condition.anyOf)] }
  if ('allOf' in condition) {
    const values = [...new Set(condition.allOf)]
    return {
      query: `${BY_VALUES} GROUP BY document_id HAVING count(*) = ?`,
      parameters: [name, JSON.stringify(values), values.length],
    }
  }
  const { from, before } = rangeOf(condition)
  return {
    query: 'SELECT document_id FROM facts WHERE name = ? AND moment >= ? AND moment < ?',
    parameters: [name, Math.max(from, FIRST_MOMENT), Math.max(FIRST_MOMENT, Math.min(before, LAST_MOMENT))],
  }
}

/** Writes a document's facts. A list keeps each of its texts once. */
export function writeFacts(sql: SqlStorage, documentId: string, metadata: Record<string, MetadataValue>): void {
  for (const [name, value] of Object.entries(metadata)) {
    for (const text of new Set([value].flat())) {
      sql.exec(
        'INSERT INTO facts (document_id, name, value, is_list, moment) VALUES (?, ?, ?, ?, ?)',
        documentId,
        name,
        text,
        Array.isArray(value) ? 1 : 0,
        momentOf(text) ?? null,
      )
    }
  }
}

/** A document's facts as they were written; a list comes back in the order of its texts. */
export function readFacts(sql: SqlStorage, documentId: string): Record<string, MetadataValue> {
  const metadata: Record<string, MetadataValue> = {}
  const rows = sql.exec<{ name: string; value: string; is_list: number }>(
    'SELECT name, value, is_list FROM facts WHERE document_id = ? ORDER BY name, value',
    documentId,
  )
  for (const { name, value, is_list } of rows) metadata[name] = is_list === 0 ? value : [metadata[name] ?? [], value].flat()
  return metadata
}
