import type { DocumentRecord } from '../../workers/domain/documents'
import { AppError } from '../../workers/domain/error'
import type { Documents } from '../../workers/domain/ports'
import { newestFirst } from './newest-first'

/** Documents in memory; a deletion takes rows away with their fingerprints. */
export function createFakeDocuments(): Documents & { remove(id: string): void; childrenOf(id: string): DocumentRecord[] } {
  const rows = new Map<string, DocumentRecord>()
  const fingerprints = new Map<string, string>()
  const byHash = (sha256: string) =>
    [...rows.values()]
      .filter((row) => row.sha256 === sha256)
      .sort((a, b) => Number(a.parentId !== undefined) - Number(b.parentId !== undefined))
  return {
    remove: (id) => {
      rows.delete(id)
      for (const [fingerprint, holder] of fingerprints) if (holder === id) fingerprints.delete(fingerprint)
    },
    childrenOf: (id) => [...rows.values()].filter(({ parentId }) => parentId === id),
    insert: async (document) => {
      const hasTwin = document.parentId === undefined && byHash(document.sha256).some((row) => row.parentId === undefined)
      if (rows.has(document.id) || hasTwin) throw new AppError('conflict', 'A document with the same content is stored already.')
      rows.set(document.id, { ...document })
    },
    find: async (id) => rows.get(id),
    findByHash: async (sha256) => byHash(sha256)[0],
    claimFingerprint: async (fingerprint, documentId) => {
      const first = fingerprints.get(fingerprint)
      const holder = first !== undefined && rows.has(first) ? first : documentId
      fingerprints.set(fingerprint, holder)
      return holder
    },
    list: async ({ createdFrom, createdTo, source, notSource, parentId, ...page }) => {
      const fitting = [...rows.values()].filter(
        (row) =>
          (createdFrom === undefined || row.createdAt >= createdFrom) &&
          (createdTo === undefined || row.createdAt < createdTo) &&
          (source === undefined || row.source === source) &&
          (notSource === undefined || row.source !== notSource) &&
          (parentId === undefined || row.parentId === parentId),
      )
      return newestFirst(fitting, page)
    },
  }
}
