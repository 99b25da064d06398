import { chargedTo, type Purse } from '../../workers/domain/budgets'
import { type Encoder, embedPaidBy } from '../../workers/domain/models'
import { chunksWithoutVector, dropGeneration, type Generation, isOf, newestChunk, openGeneration, readGenerations } from './generations'
import type { UpkeepTask } from './upkeep'
import { gatherSmallPacks, writeVectors } from './vector-rows'

/** One call of the embedded encoder stays about a second; little is done twice when the object dies in the middle. */
const CHUNKS_PER_PART = 64

/**
 * Makes the vectors that are missing: of documents that were indexed without, and of the next generation after a change of the
 * encoder. The active generation answers until the next is whole; then it is dropped in the same transaction.
 */
export function createReembedding(storage: DurableObjectStorage, encoderNow: () => Promise<Encoder>, now: () => Date): UpkeepTask {
  const { sql } = storage
  // Up to here all chunks have their vectors. Numbers only grow and vectors stay, so it only spares reading from the beginning again.
  const cursors = new Map<number, number>()
  const missing = ({ generation }: Generation, limit: number): number[] => {
    const numbers = chunksWithoutVector(sql, generation, cursors.get(generation) ?? 0, limit)
    const before = numbers[0] === undefined ? newestChunk(sql) : numbers[0] - 1
    cursors.set(generation, before)
    return numbers
  }
  return {
    name: REEMBEDDING,
    isPending() {
      const { active, next } = readGenerations(sql)
      return next !== undefined || (active !== undefined && missing(active, 1).length > 0)
    },
    async run() {
      const encoder = await encoderNow()
      storage.transactionSync(() => followEncoder(sql, encoder, now()))
      const { active, next } = readGenerations(sql)
      const generation = next ?? active
      if (generation === undefined) return false
      const numbers = missing(generation, CHUNKS_PER_PART)
      if (numbers.length === 0) {
        if (next !== undefined && active !== undefined) storage.transactionSync(() => dropGeneration(sql, active.generation))
        return true
      }
      await embedPart(storage, encoder, generation, numbers)
      return true
    },
  }
}

export const REEMBEDDING = 'reembedding'

/** The tenant pays for vectors that are made in the background as for all others. Over its budget nothing is made, and the collection says so. */
export function paidInBackground(encoder: Encoder, purse: Purse): Encoder {
  const { model, dimensions, embed } = embedPaidBy(encoder, { purse: chargedTo(purse, { agent: 'collections' }) })
  return {
    model,
    dimensions,
    async embed(texts, options) {
      try {
        return await embed(texts, options)
      } finally {
        // What costs something is recorded already; losing the record of free calls is no reason to make them again.
        await purse
          .flush()
          .catch((thrown: unknown) => console.warn(JSON.stringify({ message: 'usage was not recorded', error: String(thrown) })))
      }
    },
  }
}

/** The tenant's encoder may have changed again, or back, since the generation began. */
function followEncoder(sql: SqlStorage, encoder: Encoder, now: Date): void {
  const { active, next } = readGenerations(sql)
  if (active === undefined) return
  if (isOf(active, encoder)) {
    if (next !== undefined) dropGeneration(sql, next.generation)
  } else openGeneration(sql, encoder, now)
}

async function embedPart(
  storage: DurableObjectStorage,
  encoder: Encoder,
  { generation, dimensions }: Generation,
  numbers: readonly number[],
): Promise<void> {
  const { sql } = storage
  const chunks = readTexts(sql, numbers)
  for (const [documentId, part] of Map.groupBy(chunks, (chunk) => chunk.documentId)) {
    const rows = await encoder.embed(
      part.map(({ text }) => text),
      { documentId },
    )
    storage.transactionSync(() => {
      // A document may have been replaced meanwhile: its old numbers are gone for ever. The generation may be gone as well.
      const there = new Set(readTexts(sql, numbers).map(({ number }) => number))
      const { active, next } = readGenerations(sql)
      if (active?.generation !== generation && next?.generation !== generation) return
      const kept = part.map(({ number }, row) => ({ number, vector: rows[row] ?? [] })).filter(({ number }) => there.has(number))
      const vectors = new Float32Array(kept.length * dimensions)
      for (const [row, { vector }] of kept.entries()) vectors.set(vector, row * dimensions)
      const fresh = kept.map(({ number }) => number)
      writeVectors(sql, generation, fresh, vectors, dimensions)
      gatherSmallPacks(sql, generation)
    })
  }
}

function readTexts(sql: SqlStorage, numbers: readonly number[]): { number: number; documentId: string; text: string }[] {
  return sql
    .exec<{ number: number; documentId: string; text: string; context: string }>(
      `SELECT number, document_id AS documentId, text, context FROM chunks
       WHERE number IN (SELECT value FROM json_each(?)) ORDER BY number`,
      JSON.stringify(numbers),
    )
    .toArray()
    .map(({ number, documentId, text, context }) => ({ number, documentId, text: context === '' ? text : `${context}\n${text}` }))
}
