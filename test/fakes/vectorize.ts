import type { VectorizeBinding } from '../../workers/adapters/vectorize-index'

/** https://developers.cloudflare.com/vectorize/platform/limits/, and where documents disagree the smaller value. */
const LIMITS = {
  idBytes: 64,
  namespaceBytes: 64,
  dimensions: 1_536,
  batch: 500,
  topK: 100,
  topKWithMetadata: 20,
  filterBytes: 2_048,
  read: 20,
}
const INDEXED_BYTES = 64

interface Row {
  id: string
  namespace: string
  values: Float32Array
  metadata: Record<string, string | number>
}

/** One Vectorize index in memory, with its limits and its delay: writes are seen by nobody before `settle`. */
export interface FakeVectorize extends VectorizeBinding {
  /** Makes all writes so far visible. */
  settle(): void
  /** While set, every call fails, or never answers. */
  broken: 'fails' | 'hangs' | undefined
  readonly rows: ReadonlyMap<string, Row>
  calls: { upsert: number; deleteByIds: number; query: number; getByIds: number }
}

const bytes = (text: string): number => new TextEncoder().encode(text).length
function check(holds: boolean, message: string): void {
  if (!holds) throw new Error(`VECTOR_ERROR: ${message}`)
}

/** `indexed`: the metadata properties that an index was made for before anything was inserted; a filter on others finds nothing. */
export function createFakeVectorize({ dimensions, indexed }: { dimensions: number; indexed: string[] }): FakeVectorize {
  check(dimensions <= LIMITS.dimensions, `at most ${LIMITS.dimensions} dimensions`)
  const rows = new Map<string, Row>()
  const waiting: (() => void)[] = []
  const answer = async <T>(work: () => T): Promise<T> => {
    if (fake.broken === 'hangs') return await new Promise<T>(() => undefined)
    check(fake.broken !== 'fails', 'the index is not available (code = 40041)')
    return work()
  }
  const fake: FakeVectorize = {
    broken: undefined,
    rows,
    calls: { upsert: 0, deleteByIds: 0, query: 0, getByIds: 0 },
    settle: () => {
      for (const write of waiting.splice(0)) write()
    },
    upsert: (vectors) =>
      answer(() => {
        fake.calls.upsert += 1
        check(vectors.length <= LIMITS.batch, `at most ${LIMITS.batch} vectors in a batch`)
        for (const { id, namespace, values } of vectors) {
          check(bytes(id) <= LIMITS.idBytes && bytes(namespace) <= LIMITS.namespaceBytes, 'id or namespace is too long')
          check(values.length === dimensions, `expected ${dimensions} dimensions, and got ${values.length}`)
        }
        const copies = vectors.map((vector) => ({ ...vector, values: Float32Array.from(vector.values) }))
        waiting.push(() => {
          for (const copy of copies) rows.set(copy.id, copy)
        })
        return { mutationId: crypto.randomUUID() }
      }),
    deleteByIds: (ids) =>
      answer(() => {
        fake.calls.deleteByIds += 1
        check(ids.length <= LIMITS.batch, `at most ${LIMITS.batch} ids in a batch`)
        waiting.push(() => {
          for (const id of ids) rows.delete(id)
        })
        return { mutationId: crypto.randomUUID() }
      }),
    query: (vector, { topK, namespace, returnMetadata, filter }) =>
      answer(() => {
        fake.calls.query += 1
        check(vector.length === dimensions, `expected ${dimensions} dimensions, and got ${vector.length}`)
        check(topK <= (returnMetadata === 'none' ? LIMITS.topK : LIMITS.topKWithMetadata), `topK ${topK} is too large`)
        check(bytes(JSON.stringify(filter)) <= LIMITS.filterBytes, 'the filter is too long')
        const matches = [...rows.values()]
          .filter((row) => row.namespace === namespace && meets(row.metadata, filter, indexed))
          .map(({ id, values }) => ({ id, score: values.reduce((sum, value, at) => sum + value * (vector[at] ?? 0), 0) }))
        return { matches: matches.sort((a, b) => b.score - a.score).slice(0, topK) }
      }),
    getByIds: (ids) =>
      answer(() => {
        fake.calls.getByIds += 1
        check(ids.length <= LIMITS.read, `at most ${LIMITS.read} ids`)
        return ids.flatMap((id) => (rows.has(id) ? [{ id }] : []))
      }),
  }
  return fake
}

/** Only the first 64 bytes of a value are indexed, and only properties that have an index. */
function meets(metadata: Row['metadata'], filter: Record<string, unknown>, indexed: string[]): boolean {
  return Object.entries(filter).every(([name, wanted]) => {
    const value = metadata[name]
    if (!indexed.includes(name) || value === undefined) return false
    const alternatives = typeof wanted === 'object' && wanted !== null && '$in' in wanted ? wanted.$in : [wanted]
    return Array.isArray(alternatives) && alternatives.some((other) => cut(String(other)) === cut(String(value)))
  })
}

const cut = (text: string): string => new TextDecoder().decode(new TextEncoder().encode(text).slice(0, INDEXED_BYTES))
