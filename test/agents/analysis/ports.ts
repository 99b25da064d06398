import type { StepContext } from '../../../workers/agents/agent'
import { type DocumentRecord, fileKeys, type ParsedDocument } from '../../../workers/domain/documents'
import type { IndexedDocument } from '../../../workers/domain/knowledge'
import type { Ports } from '../../../workers/domain/ports'
import { graphOf } from '../../fakes/knowledge-graph'

export interface Stage {
  ports: Ports
  files: Map<string, Uint8Array>
  documents: DocumentRecord[]
  indexed: Map<string, IndexedDocument>
  /** When the vectors of each were to be made. */
  vectors: Map<string, 'now' | 'later' | undefined>
  store(id: string, document: ParsedDocument | undefined, record?: Partial<DocumentRecord>): void
}

/** In-memory documents, files and knowledge: the slices that these agents use. */
export function stage(now = '2024-06-01T12:00:00.000Z'): Stage {
  const files = new Map<string, Uint8Array>()
  const fingerprints = new Map<string, string>()
  const documents: DocumentRecord[] = []
  const indexed = new Map<string, IndexedDocument>()
  const vectors: Stage['vectors'] = new Map()
  const slices: Partial<Ports> = {
    tenantId: 'ten_1',
    settings: async () => ({
      branding: { name: 'T', primaryColor: '#000000', accentColor: '#000000', footer: '' },
      locale: 'en',
      currency: 'EUR',
      timeZone: 'Europe/Berlin',
    }),
    files: {
      put: async (key, body) => {
        const bytes =
          typeof body === 'string'
            ? new TextEncoder().encode(body)
            : body instanceof Uint8Array
              ? body
              : new Uint8Array(await new Response(body).arrayBuffer())
        files.set(key, bytes)
        return { size: bytes.length }
      },
      read: async (key) => files.get(key),
      stream: async () => undefined,
      delete: async (keys) => {
        for (const key of keys) files.delete(key)
      },
    },
    documents: {
      insert: async (record) => void documents.push(record),
      find: async (id) => documents.find((record) => record.id === id),
      findByHash: async (sha256) => documents.find((record) => record.sha256 === sha256),
      claimFingerprint: async (fingerprint, documentId) => {
        const first = fingerprints.get(fingerprint)
        const holder = documents.some((record) => record.id === first) && first ? first : documentId
        fingerprints.set(fingerprint, holder)
        return holder
      },
      list: async ({ limit, cursor, source, parentId, createdFrom, createdTo }) => {
        const all = documents.filter(
          (record) =>
            (!source || record.source === source) &&
            (!parentId || record.parentId === parentId) &&
            (!createdFrom || record.createdAt >= createdFrom) &&
            (!createdTo || record.createdAt <= createdTo),
        )
        const from = Number(cursor ?? 0)
        return { items: all.slice(from, from + limit), ...(from + limit < all.length && { nextCursor: String(from + limit) }) }
      },
    },
    knowledge: {
      index: async (collection, document, options) => {
        vectors.set(`${collection}/${document.documentId}`, options?.vectors)
        indexed.set(`${collection}/${document.documentId}`, document)
        return { chunks: document.chunks.length }
      },
      search: async () => ({ hits: [], trace: { stages: [], ms: 0 } }),
      graph: async (_, request) => graphOf([...indexed.values()], request),
      remove: async () => ({ removed: false }),
    },
    chatModel: undefined,
    clock: { now: () => new Date(now) },
  }
  return {
    ports: slices as Ports,
    files,
    documents,
    indexed,
    vectors,
    store(id, document, record = {}) {
      documents.push({
        id,
        name: `${id}.pdf`,
        mediaType: 'application/pdf',
        size: 1,
        sha256: id.padEnd(64, '0'),
        source: 'upload',
        fileKey: fileKeys.original(id),
        createdAt: now,
        ...record,
      })
      if (document) files.set(fileKeys.parsed(id), new TextEncoder().encode(JSON.stringify(document)))
    },
  }
}

/** A step context that remembers what it was told. */
export function stepContext(): StepContext & { told: { provider?: string; degraded?: boolean; progress: string[] } } {
  const told: { provider?: string; degraded?: boolean; progress: string[] } = { progress: [] }
  const refuse = async (): Promise<never> => {
    throw new Error('These operations have no effects.')
  }
  return {
    told,
    runId: 'run_1',
    stepKey: 'step',
    attempt: 1,
    signal: new AbortController().signal,
    progress: (message) => void told.progress.push(message),
    charge: () => undefined,
    effects: { begin: refuse, settle: refuse, fail: refuse, unknown: refuse },
    provenance(provider, degraded) {
      told.provider = provider
      told.degraded = degraded
    },
  }
}
