/** A chunk's vector. `chunk` is its number in its collection, which is never used again; `document` is the id of its document. */
export interface StoredVector {
  chunk: number
  document: string
  values: Float32Array
}

export interface Neighbour {
  chunk: number
  product: number
}

/** One collection's vectors of one encoder; two partitions never see each other's vectors. */
export interface VectorPartition {
  tenantId: string
  /** Name of the collection's object, the same for ever. */
  collection: string
  generation: number
}

/**
 * Vectors by number, searched by inner product. Writing a number again replaces its vector; removing one that is not there is no error.
 * What was written may become visible, and what was removed may stay visible, until a while later: a caller that must not miss or
 * show any keeps its own record. Throws `unavailable` when the store cannot answer and `invalid` for vectors of other dimensions.
 */
export interface VectorIndex {
  /** Dimensions that it holds; other encoders' vectors do not fit. */
  readonly dimensions: number
  /** Vectors that one `upsert` takes at most. */
  readonly batchSize: number
  upsert(partition: VectorPartition, vectors: readonly StoredVector[]): Promise<void>
  remove(partition: VectorPartition, chunks: readonly number[]): Promise<void>
  /** The nearest vectors of the partition, best first; of the named documents only where documents are named. May give fewer than `limit`. */
  nearest(partition: VectorPartition, vector: Float32Array, query: { limit: number; documents?: readonly string[] }): Promise<Neighbour[]>
  /** Which of the chunks can be found by now. */
  visible(partition: VectorPartition, chunks: readonly number[]): Promise<number[]>
}
