import { messageOf } from '../domain/deadline'
import { AppError } from '../domain/error'
import type { Neighbour, StoredVector, VectorIndex, VectorPartition } from '../domain/vectors'

/** What this adapter calls of a Vectorize binding (index of the second generation, metric dot-product). */
export interface VectorizeBinding {
  upsert(vectors: { id: string; namespace: string; values: number[]; metadata: Record<string, string | number> }[]): Promise<unknown>
  deleteByIds(ids: string[]): Promise<unknown>
  query(
    vector: number[],
    options: { topK: number; namespace: string; returnMetadata: 'none'; returnValues: false; filter: Record<string, unknown> },
  ): Promise<{ matches: { id: string; score: number }[] }>
  getByIds(ids: string[]): Promise<{ id: string }[]>
}

/** A Worker may send 1,000 in one batch, but 500 of 1,536 dimensions stay far below the size of a request. */
const BATCH_SIZE = 500
/** Without values and metadata in the answer; with them it would be 20. */
const LARGEST_TOP_K = 100
const IDS_PER_READ = 20
/** A filter is at most 2,048 bytes as JSON; ids of documents take about 45 each with their quotes. */
const LARGEST_FILTER_BYTES = 1_900
/** Only so many bytes of a value are indexed: longer ones would match each other. */
const INDEXED_BYTES = 64
const COLLECTION_DIGITS = 32

/**
 * Vectors of all tenants in one Vectorize index. The namespace is the tenant; the metadata `partition` and `document` must be indexed
 * (`wrangler vectorize create-metadata-index <name> --property-name partition --type string`, and so for `document`) before the first
 * insert. Writes become visible after seconds.
 */
export function createVectorizeIndex({ binding, dimensions }: { binding: VectorizeBinding; dimensions: number }): VectorIndex {
  return {
    dimensions,
    batchSize: BATCH_SIZE,
    async upsert(partition, vectors) {
      checkDimensions(vectors, dimensions)
      const keys = await keysOf(partition)
      for (const batch of batchesOf(vectors, BATCH_SIZE)) {
        const records = await Promise.all(batch.map((vector) => toRecord(partition, keys, vector)))
        await asking(() => binding.upsert(records))
      }
    },
    async remove(partition, chunks) {
      const { prefix } = await keysOf(partition)
      for (const batch of batchesOf(chunks, BATCH_SIZE)) await asking(() => binding.deleteByIds(batch.map((chunk) => prefix + chunk)))
    },
    async nearest(partition, vector, { limit, documents }) {
      if (vector.length !== dimensions) throw wrongDimensions(vector.length, dimensions)
      const { prefix, partition: name } = await keysOf(partition)
      const filter = await filterOf(name, documents)
      const topK = Math.min(limit, LARGEST_TOP_K)
      const options = { topK, namespace: partition.tenantId, returnMetadata: 'none', returnValues: false, filter } as const
      const { matches } = await asking(() => binding.query(Array.from(vector), options))
      return matches.flatMap(({ id, score }): Neighbour[] =>
        id.startsWith(prefix) ? [{ chunk: Number(id.slice(prefix.length)), product: score }] : [],
      )
    },
    async visible(partition, chunks) {
      const { prefix } = await keysOf(partition)
      const found: number[] = []
      for (const batch of batchesOf(chunks, IDS_PER_READ)) {
        const records = await asking(() => binding.getByIds(batch.map((chunk) => prefix + chunk)))
        found.push(...records.map(({ id }) => Number(id.slice(prefix.length))))
      }
      return found
    },
  }
}

const batchesOf = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))

/** Documents that a query can be narrowed to by the store itself; more of them are told apart afterwards. */
async function filterOf(partition: string, documents: readonly string[] | undefined): Promise<Record<string, unknown>> {
  if (documents === undefined) return { partition }
  const filter = { partition, document: { $in: await Promise.all(documents.map(fitting)) } }
  return JSON.stringify(filter).length <= LARGEST_FILTER_BYTES ? filter : { partition }
}

async function toRecord({ tenantId }: VectorPartition, { prefix, partition }: Keys, { chunk, document, values }: StoredVector) {
  return { id: prefix + chunk, namespace: tenantId, values: Array.from(values), metadata: { partition, document: await fitting(document) } }
}

interface Keys {
  /** Begins each id, which is at most 64 bytes. */
  prefix: string
  partition: string
}

async function keysOf({ tenantId, collection, generation }: VectorPartition): Promise<Keys> {
  const digits = (await digest(`${tenantId}/${collection}`)).slice(0, COLLECTION_DIGITS)
  return { prefix: `${digits}.${generation}.`, partition: `${digits}.${generation}` }
}

/** A value as it is, or its hash where only the beginning of it would be compared. */
async function fitting(value: string): Promise<string> {
  return new TextEncoder().encode(value).length <= INDEXED_BYTES ? value : await digest(value)
}

async function digest(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function checkDimensions(vectors: readonly StoredVector[], dimensions: number): void {
  const wrong = vectors.find(({ values }) => values.length !== dimensions)
  if (wrong !== undefined) throw wrongDimensions(wrong.values.length, dimensions)
}

const wrongDimensions = (given: number, wanted: number): AppError =>
  new AppError('invalid', `The vector store holds vectors of ${wanted} numbers, not ${given}: configure an encoder that fits it.`)

async function asking<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (thrown) {
    throw new AppError('unavailable', `Vectorize failed: ${messageOf(thrown)}.`, { cause: thrown })
  }
}
