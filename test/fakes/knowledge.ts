import type { IndexedDocument, SearchHit } from '../../workers/domain/knowledge'
import type { Knowledge } from '../../workers/domain/ports'

/** Collections in memory, searched by the number of words in common. */
export function createFakeKnowledge(): Knowledge {
  const collections = new Map<string, Map<string, IndexedDocument>>()
  const documentsOf = (collection: string) => {
    const documents = collections.get(collection) ?? new Map<string, IndexedDocument>()
    collections.set(collection, documents)
    return documents
  }
  return {
    index: async (collection, document) => {
      documentsOf(collection).set(document.documentId, document)
      return { chunks: document.chunks.length }
    },
    search: async (collection, { text, limit, filter = {} }) => {
      const words = wordsOf(text)
      const fitting = [...documentsOf(collection).values()].filter((document) =>
        Object.entries(filter).every(([key, value]) => document.metadata[key] === value),
      )
      const hits = fitting.flatMap(({ documentId, name, chunks }) =>
        chunks.map(
          (chunk): SearchHit => ({
            chunkId: chunk.id,
            documentId,
            name,
            text: chunk.text,
            span: chunk.span,
            score: common(words, wordsOf(`${chunk.context} ${chunk.text}`)),
          }),
        ),
      )
      return hits
        .filter((hit) => hit.score > 0)
        .sort((a, b) => b.score - a.score)
        .slice(0, limit)
    },
    remove: async (collection, documentId) => void documentsOf(collection).delete(documentId),
  }
}

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
const common = (a: Set<string>, b: Set<string>): number => [...a].filter((word) => b.has(word)).length
