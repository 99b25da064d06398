import { AppError, ok } from '../../workers/domain/error'
import { canonicalJson } from '../../workers/domain/json'
import type { CollectionRecord, IndexedDocument, MetadataFilter, SearchHit, SearchQuery } from '../../workers/domain/knowledge'
import { meetsFilter } from '../../workers/domain/metadata-filter'
import type { CollectionDocuments, Collections, Knowledge, PageRequest } from '../../workers/domain/ports'
import { graphOf } from './knowledge-graph'

const CREATED_AT = '2026-01-01T00:00:00.000Z'

/** Collections in memory, searched by the share of the question's words in common. */
export function createFakeKnowledge(): Knowledge & { collections: Collections; collectionDocuments: CollectionDocuments } {
  const stored = new Map<string, Map<string, IndexedDocument>>()
  const open = (collection: string) => {
    const documents = stored.get(collection) ?? new Map<string, IndexedDocument>()
    stored.set(collection, documents)
    return documents
  }
  return {
    index: async (collection, document) => {
      open(collection).set(document.documentId, document)
      return { chunks: document.chunks.length }
    },
    search: async (collection, query) => {
      const hits = searchDocuments([...(stored.get(collection)?.values() ?? [])], query)
      return { hits, trace: { stages: [{ name: 'words', status: 'done', ms: 0, candidates: hits.length }], ms: 0 } }
    },
    graph: async (collection, request) => graphOf([...(stored.get(collection)?.values() ?? [])], request),
    remove: async (collection, documentId) => ({ removed: stored.get(collection)?.delete(documentId) ?? false }),
    collections: collectionsOf(stored, open),
    collectionDocuments: collectionDocumentsOf(stored, open),
  }
}

function collectionsOf(
  stored: Map<string, Map<string, IndexedDocument>>,
  open: (collection: string) => Map<string, IndexedDocument>,
): Collections {
  const recordOf = (name: string): CollectionRecord => ({ name, createdAt: CREATED_AT })
  return {
    create: async (name) => {
      open(name)
      return recordOf(name)
    },
    list: async ({ limit, cursor }: PageRequest) => {
      const names = [...stored.keys()].sort().filter((name) => cursor === undefined || name > cursor)
      const last = names[limit - 1]
      return { items: names.slice(0, limit).map(recordOf), ...(names.length > limit && last !== undefined && { nextCursor: last }) }
    },
    find: async (name) => {
      const documents = stored.get(name)
      if (documents === undefined) return undefined
      const chunks = [...documents.values()].reduce((sum, document) => sum + document.chunks.length, 0)
      return { ...recordOf(name), documents: documents.size, chunks, sizeBytes: 0 }
    },
    has: async (name) => stored.has(name),
    delete: async (name) => void stored.delete(name),
    async *export(name) {
      const documents = stored.get(name)
      if (documents === undefined) throw new AppError('not_found', `There is no collection '${name}'.`)
      for (const id of [...documents.keys()].sort()) {
        const document = documents.get(id)
        if (document !== undefined) yield document
      }
    },
    reembed: async () => undefined,
  }
}

function collectionDocumentsOf(
  stored: Map<string, Map<string, IndexedDocument>>,
  open: (collection: string) => Map<string, IndexedDocument>,
): CollectionDocuments {
  return {
    list: async (collection, { limit, cursor }) => {
      const documents = [...(stored.get(collection)?.values() ?? [])]
        .filter(({ documentId }) => cursor === undefined || documentId > cursor)
        .sort((a, b) => (a.documentId < b.documentId ? -1 : 1))
      const items = documents
        .slice(0, limit)
        .map(({ documentId, name, metadata, chunks }) => ({ documentId, name, metadata, chunks: chunks.length }))
      const last = items.at(-1)
      return { items, ...(documents.length > limit && last && { nextCursor: last.documentId }) }
    },
    holding: async (documentId) => [...stored].filter(([, documents]) => documents.has(documentId)).map(([name]) => name),
    import: async (collection, documents) =>
      documents.map((document) => {
        const isUnchanged = canonicalJson(stored.get(collection)?.get(document.documentId)) === canonicalJson(document)
        open(collection).set(document.documentId, document)
        return ok({ chunks: document.chunks.length, isUnchanged })
      }),
  }
}

function searchDocuments(documents: IndexedDocument[], { text, variants = [], limit, filter = {} }: SearchQuery): SearchHit[] {
  const words = wordsOf([text, ...variants].join(' '))
  return documents
    .filter(({ metadata }) => meetsFilter(metadata, filter satisfies MetadataFilter))
    .flatMap(({ documentId, name, chunks }) =>
      chunks.map((chunk): SearchHit => {
        const score = common(words, wordsOf(`${chunk.context} ${chunk.text}`)) / words.size
        const { id: chunkId, text: passage, context, span } = chunk
        return { chunkId, documentId, name, text: passage, context, span, score, scores: { words: score } }
      }),
    )
    .filter((hit) => hit.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
}

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
const common = (a: Set<string>, b: Set<string>): number => [...a].filter((word) => b.has(word)).length
