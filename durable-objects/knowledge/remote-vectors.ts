import { messageOf, within } from '../../workers/domain/deadline'
import type { StoredVector, VectorIndex, VectorPartition } from '../../workers/domain/vectors'
import type { Generation } from './generations'
import type { Nearest } from './vector-rows'
import { unpackVector, VECTORS_PER_PACK } from './vectors'

/** A pack that was accepted but is not visible after so long is sent again: the store may have lost it. */
const RESEND_AFTER_MS = 15 * 60_000
/** Packs and removals of one turn: each is a request or a few. */
const PACKS_PER_TURN = 4
const REMOVALS_PER_TURN = 2_000

/**
 * A collection's vectors in a separate store. Packs stay in the object until the store shows all of their vectors, so a search that
 * asks both misses none; what the store still shows of removed chunks names numbers that no chunk has.
 */
export interface RemoteVectors {
  /** The nearest of each vector, in order; undefined for those that are absent. Throws when the store fails or takes longer. */
  nearest(
    generation: Generation,
    vectors: readonly (Float32Array | undefined)[],
    query: { limit: number; documents?: readonly string[] },
    deadlineMs: number,
  ): Promise<(Nearest[] | undefined)[]>
  /** Sends what is to be sent, removes what is to be removed and lets go of what the store shows. Gives whether more is to be done at once. */
  exchange(generations: readonly Generation[], now: Date): Promise<boolean>
  /** Whether anything is to be sent, shown or removed. */
  isPending(): boolean
}

export function createRemoteVectors(sql: SqlStorage, index: VectorIndex, owner: Omit<VectorPartition, 'generation'>): RemoteVectors {
  const partitionOf = (generation: number): VectorPartition => ({ ...owner, generation })
  return {
    async nearest(generation, vectors, query, deadlineMs) {
      if (generation.dimensions !== index.dimensions) return []
      const asked = vectors.map(async (vector) => {
        if (vector === undefined) return undefined
        const found = await index.nearest(partitionOf(generation.generation), vector, query)
        return found.map(({ chunk, product }) => ({ id: chunk, score: product }))
      })
      try {
        return await within(Promise.all(asked), deadlineMs)
      } catch (thrown) {
        throw new Error(`The vector store does not answer: ${messageOf(thrown)}.`, { cause: thrown })
      }
    },
    async exchange(generations, now) {
      const fitting = generations.filter(({ dimensions }) => dimensions === index.dimensions)
      let isMore = false
      for (const generation of fitting) {
        const partition = partitionOf(generation.generation)
        isMore = (await send(sql, index, partition, generation, now)) || isMore
        await release(sql, index, partition, generation, now)
      }
      return (await forget(sql, index, partitionOf)) || isMore
    },
    isPending() {
      const { count } = sql
        .exec<{ count: number }>(
          `SELECT (SELECT count(*) FROM vector_removals) + (SELECT count(*) FROM sketch_packs p JOIN generations g
           ON g.generation = p.generation WHERE g.dimensions = ?) AS count`,
          index.dimensions,
        )
        .one()
      return count > 0
    },
  }
}

async function send(
  sql: SqlStorage,
  index: VectorIndex,
  partition: VectorPartition,
  { generation }: Generation,
  now: Date,
): Promise<boolean> {
  const waiting = sql
    .exec<{ id: number }>(
      'SELECT id FROM sketch_packs WHERE generation = ? AND is_stored = 0 ORDER BY id LIMIT ?',
      generation,
      PACKS_PER_TURN,
    )
    .toArray()
  for (const { id } of waiting) {
    // Before it is sent: a chunk that is deleted meanwhile must be removed there too.
    sql.exec('UPDATE sketch_packs SET sent_at = ? WHERE id = ?', now.toISOString(), id)
    const vectors = readVectors(sql, id)
    for (let start = 0; start < vectors.length; start += index.batchSize)
      await index.upsert(partition, vectors.slice(start, start + index.batchSize))
    sql.exec('UPDATE sketch_packs SET is_stored = 1 WHERE id = ?', id)
  }
  return waiting.length === PACKS_PER_TURN
}

/** A pack's vectors with their documents; none when the pack was written anew since. */
function readVectors(sql: SqlStorage, id: number): StoredVector[] {
  return sql
    .exec<{ number: number; document: string; vector: ArrayBuffer }>(
      `SELECT v.number, document_id AS document, vector FROM chunk_vectors v JOIN chunks ON chunks.number = v.number
       WHERE pack_id = ? AND vector IS NOT NULL`,
      id,
    )
    .toArray()
    .map(({ number, document, vector }) => ({ chunk: number, document, values: unpackVector(vector) }))
}

/** Lets go of packs that the store shows whole. */
async function release(
  sql: SqlStorage,
  index: VectorIndex,
  partition: VectorPartition,
  { generation }: Generation,
  now: Date,
): Promise<void> {
  const stored = sql
    .exec<{ id: number; numbers: ArrayBuffer; sentAt: string }>(
      'SELECT id, numbers, sent_at AS sentAt FROM sketch_packs WHERE generation = ? AND is_stored = 1 ORDER BY id LIMIT ?',
      generation,
      PACKS_PER_TURN,
    )
    .toArray()
  for (const { id, numbers, sentAt } of stored) {
    const chunks = Array.from(new Float64Array(numbers))
    const visible = new Set(await index.visible(partition, chunks))
    if (chunks.every((chunk) => visible.has(chunk))) {
      sql.exec('UPDATE chunk_vectors SET pack_id = NULL, vector = NULL WHERE pack_id = ?', id)
      sql.exec('DELETE FROM sketch_packs WHERE id = ?', id)
    } else if (now.getTime() - Date.parse(sentAt) > RESEND_AFTER_MS) sql.exec('UPDATE sketch_packs SET is_stored = 0 WHERE id = ?', id)
  }
}

/** Removes what the store may hold of deleted chunks and of generations that are gone. */
async function forget(sql: SqlStorage, index: VectorIndex, partitionOf: (generation: number) => VectorPartition): Promise<boolean> {
  const rows = sql
    .exec<{ generation: number; number: number }>('SELECT generation, number FROM vector_removals LIMIT ?', REMOVALS_PER_TURN)
    .toArray()
  for (const [generation, removals] of Map.groupBy(rows, (row) => row.generation)) {
    const numbers = removals.map(({ number }) => number)
    for (let start = 0; start < numbers.length; start += VECTORS_PER_PACK)
      await index.remove(partitionOf(generation), numbers.slice(start, start + VECTORS_PER_PACK))
    sql.exec(
      'DELETE FROM vector_removals WHERE generation = ? AND number IN (SELECT value FROM json_each(?))',
      generation,
      JSON.stringify(numbers),
    )
  }
  return rows.length === REMOVALS_PER_TURN
}
