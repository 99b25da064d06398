import type { EncoderName } from '../../workers/domain/knowledge'

/** All vectors by one encoder. */
export interface Generation extends EncoderName {
  generation: number
  startedAt: string
}

const SELECT = 'SELECT generation, model, dimensions, started_at AS startedAt FROM generations ORDER BY generation'

/** The generation that answers, and the one that is being made, if any. */
export function readGenerations(sql: SqlStorage): { active?: Generation; next?: Generation } {
  const [active, next] = sql.exec<Generation & Record<string, SqlStorageValue>>(SELECT).toArray()
  return { ...(active && { active }), ...(next && { next }) }
}

export const isOf = (generation: EncoderName | undefined, { model, dimensions }: EncoderName): boolean =>
  generation?.model === model && generation.dimensions === dimensions

/** The generation of an encoder: the active one, the next one, or a next one that begins now in place of any other. */
export function openGeneration(sql: SqlStorage, encoder: EncoderName, now: Date): Generation {
  const { active, next } = readGenerations(sql)
  if (active && isOf(active, encoder)) return active
  if (next && isOf(next, encoder)) return next
  if (next) dropGeneration(sql, next.generation)
  const startedAt = now.toISOString()
  const { generation } = sql
    .exec<{ generation: number }>(
      'INSERT INTO generations (model, dimensions, started_at) VALUES (?, ?, ?) RETURNING generation',
      encoder.model,
      encoder.dimensions,
      startedAt,
    )
    .one()
  return { model: encoder.model, dimensions: encoder.dimensions, generation, startedAt }
}

/** Removes a generation with its vectors; what a separate store holds of it is noted for removal. Call it inside a transaction. */
export function dropGeneration(sql: SqlStorage, generation: number): void {
  sql.exec(
    `INSERT OR IGNORE INTO vector_removals (generation, number)
     SELECT v.generation, v.number FROM chunk_vectors v LEFT JOIN sketch_packs p ON p.id = v.pack_id
     WHERE v.generation = ? AND (v.pack_id IS NULL OR p.sent_at IS NOT NULL)`,
    generation,
  )
  for (const table of ['chunk_vectors', 'sketch_packs', 'generations']) sql.exec(`DELETE FROM ${table} WHERE generation = ?`, generation)
}

/** Numbers of chunks from `after` on that have no vector in a generation, in order. */
export function chunksWithoutVector(sql: SqlStorage, generation: number, after: number, limit: number): number[] {
  return sql
    .exec<{ number: number }>(
      `SELECT number FROM chunks WHERE number > ? AND NOT EXISTS
       (SELECT 1 FROM chunk_vectors v WHERE v.generation = ? AND v.number = chunks.number) ORDER BY number LIMIT ?`,
      after,
      generation,
      limit,
    )
    .toArray()
    .map(({ number }) => number)
}

export const newestChunk = (sql: SqlStorage): number =>
  sql.exec<{ number: number }>('SELECT coalesce(max(number), 0) AS number FROM chunks').one().number
