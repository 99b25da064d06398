import { createEstimate, createTopK, leastOfBest, mergeSketches, packSketches, packVector, productWith, VECTORS_PER_PACK } from './vectors'

/** A chunk's number and its product with the question. */
export interface Nearest {
  id: number
  score: number
}

/** Packs smaller than this are gathered once there are so many: a collection of one-chunk documents must not be read row by row. */
const SMALL_PACK = VECTORS_PER_PACK / 2
const MOST_SMALL_PACKS = 32
/**
 * So many vectors are compared in full. Among 47,544 real passages, 0.9997 of the 50 nearest to each of 177 questions were among the
 * first 500 by their sketches; up to 500 vectors all are compared.
 */
const COMPARED = 500

/** Writes vectors of chunks, one after the other in `vectors`, into a generation. Call it inside a transaction. */
export function writeVectors(
  sql: SqlStorage,
  generation: number,
  numbers: readonly number[],
  vectors: Float32Array,
  dimensions: number,
): void {
  for (let start = 0; start < numbers.length; start += VECTORS_PER_PACK) {
    const part = numbers.slice(start, start + VECTORS_PER_PACK)
    const values = vectors.subarray(start * dimensions, (start + part.length) * dimensions)
    for (const [row, number] of part.entries()) {
      sql.exec(
        'INSERT OR REPLACE INTO chunk_vectors (generation, number, vector) VALUES (?, ?, ?)',
        generation,
        number,
        packVector(values.subarray(row * dimensions, (row + 1) * dimensions)).buffer,
      )
    }
    insertPack(sql, { generation, numbers: part, pack: packSketches(values, dimensions), sentAt: null, isStored: 0 })
  }
}

interface NewPack {
  generation: number
  numbers: readonly number[]
  pack: Uint8Array<ArrayBuffer>
  /** When a separate store was first sent it: since then it may hold these vectors. */
  sentAt: string | null
  /** Whether the separate store has accepted it. */
  isStored: number
}

function insertPack(sql: SqlStorage, { generation, numbers, pack, sentAt, isStored }: NewPack): void {
  const { id } = sql
    .exec<{ id: number }>(
      'INSERT INTO sketch_packs (generation, size, numbers, pack, sent_at, is_stored) VALUES (?, ?, ?, ?, ?, ?) RETURNING id',
      generation,
      numbers.length,
      Float64Array.from(numbers).buffer,
      pack.buffer,
      sentAt,
      isStored,
    )
    .one()
  sql.exec(
    'UPDATE chunk_vectors SET pack_id = ? WHERE generation = ? AND number IN (SELECT value FROM json_each(?))',
    id,
    generation,
    JSON.stringify(numbers),
  )
}

interface PackRow extends Record<string, SqlStorageValue> {
  id: number
  generation: number
  dimensions: number
  numbers: ArrayBuffer
  pack: ArrayBuffer
  sent_at: string | null
  is_stored: number
}
const PACKS = `SELECT id, p.generation, g.dimensions, numbers, pack, sent_at, is_stored
  FROM sketch_packs p JOIN generations g ON g.generation = p.generation`

/** Deletes the vectors of a document in all generations. Call it inside a transaction, before its chunks are deleted. */
export function deleteVectors(sql: SqlStorage, documentId: string): void {
  const numbers = 'SELECT number FROM chunks WHERE document_id = ?'
  sql.exec(
    `INSERT OR IGNORE INTO vector_removals (generation, number)
     SELECT v.generation, v.number FROM chunk_vectors v LEFT JOIN sketch_packs p ON p.id = v.pack_id
     WHERE v.number IN (${numbers}) AND (v.pack_id IS NULL OR p.sent_at IS NOT NULL)`,
    documentId,
  )
  const rows = sql.exec<{ number: number }>(numbers, documentId).toArray()
  const gone = new Set(rows.map(({ number }) => number))
  const touched = sql.exec<PackRow>(
    `${PACKS} WHERE id IN (SELECT pack_id FROM chunk_vectors WHERE number IN (${numbers}) AND pack_id IS NOT NULL)`,
    documentId,
  )
  const packs = touched.toArray()
  sql.exec(`DELETE FROM chunk_vectors WHERE number IN (${numbers})`, documentId)
  for (const row of packs) rewritePacks(sql, [row], (number) => !gone.has(number))
}

/** Gathers small packs into full ones, when there are many. Call it inside a transaction. */
export function gatherSmallPacks(sql: SqlStorage, generation: number): void {
  const small = 'p.generation = ? AND size < ? AND sent_at IS NULL'
  const { count } = sql.exec<{ count: number }>(`SELECT count(*) AS count FROM sketch_packs p WHERE ${small}`, generation, SMALL_PACK).one()
  if (count < MOST_SMALL_PACKS) return
  rewritePacks(sql, sql.exec<PackRow>(`${PACKS} WHERE ${small} ORDER BY id`, generation, SMALL_PACK).toArray())
}

/** Writes packs that a separate store knows alike anew, with the chunks that are kept. */
function rewritePacks(sql: SqlStorage, packs: PackRow[], keeps: (number: number) => boolean = () => true): void {
  const [first] = packs
  if (first === undefined) return
  const kept = packs.flatMap(({ numbers, pack }) =>
    Array.from(new Float64Array(numbers), (number, row) => ({ number, row, pack })).filter(({ number }) => keeps(number)),
  )
  for (const { id } of packs) sql.exec('DELETE FROM sketch_packs WHERE id = ?', id)
  for (let start = 0; start < kept.length; start += VECTORS_PER_PACK) {
    const part = kept.slice(start, start + VECTORS_PER_PACK)
    insertPack(sql, {
      generation: first.generation,
      numbers: part.map(({ number }) => number),
      pack: mergeSketches(part, first.dimensions),
      sentAt: first.sent_at,
      isStored: first.is_stored,
    })
  }
}

export interface VectorQuery {
  generation: number
  vector: Float32Array
  limit: number
  /** Chunks whose product is wanted, however small. */
  wanted: ReadonlySet<number>
  /** Chunks that count; absent: all. */
  allowed?: ReadonlySet<number>
}

/** The nearest chunks of a generation, best first, with the product of every wanted chunk that has a vector here. */
export function scanVectors(
  sql: SqlStorage,
  { generation, vector, limit, wanted, allowed }: VectorQuery,
): { nearest: Nearest[]; products: Map<number, number> } {
  const candidates = estimateNearest(sql, generation, vector, Math.max(COMPARED, limit), allowed)
  const nearest = createTopK(limit)
  const products = new Map<number, number>()
  const rows = sql.exec<{ number: number; vector: ArrayBuffer }>(
    `SELECT number, vector FROM chunk_vectors WHERE generation = ? AND number IN (SELECT value FROM json_each(?)) AND vector IS NOT NULL`,
    generation,
    JSON.stringify([...candidates, ...[...wanted].filter((number) => !candidates.has(number))]),
  )
  for (const { number, vector: packed } of rows) {
    const product = productWith(vector, packed)
    if (candidates.has(number)) nearest.offer(number, product)
    if (wanted.has(number)) products.set(number, product)
  }
  return { nearest: nearest.entries(), products }
}

function estimateNearest(
  sql: SqlStorage,
  generation: number,
  vector: Float32Array,
  limit: number,
  allowed: ReadonlySet<number> | undefined,
): Set<number> {
  const estimate = createEstimate(vector)
  const packs: { numbers: Float64Array; products: Float32Array }[] = []
  // Row by row: of a large collection only the estimates are held, four bytes a vector.
  for (const row of sql.exec<{ numbers: ArrayBuffer; pack: ArrayBuffer }>(
    'SELECT numbers, pack FROM sketch_packs WHERE generation = ?',
    generation,
  )) {
    const numbers = new Float64Array(row.numbers)
    const products = estimate(row.pack)
    if (allowed !== undefined)
      for (let at = 0; at < numbers.length; at += 1) if (!allowed.has(numbers[at] as number)) products[at] = Number.NEGATIVE_INFINITY
    packs.push({ numbers, products })
  }
  const least = leastOfBest(
    packs.map(({ products }) => products),
    limit,
  )
  const best = new Set<number>()
  for (const { numbers, products } of packs)
    for (let at = 0; at < numbers.length; at += 1) if ((products[at] as number) >= least) best.add(numbers[at] as number)
  return best
}
