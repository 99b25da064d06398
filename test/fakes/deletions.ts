import type { Deletions } from '../../workers/domain/document-deletion'
import type { LegalHold } from '../../workers/domain/legal-holds'
import type { RunIndex } from '../../workers/domain/ports'
import { isTerminal } from '../../workers/domain/runs'
import type { createFakeDocuments } from './documents'

/** Deletions in memory, of documents and runs in memory. */
export function createFakeDeletions(
  documents: ReturnType<typeof createFakeDocuments>,
  runIndex: Pick<RunIndex, 'list'>,
  holds: ReadonlyMap<string, LegalHold> = new Map(),
): Deletions {
  const marks = new Map<string, { rootId: string; isFinished: boolean }>()
  return {
    familyOf: async (documentId) => {
      const family = new Set([...marks].flatMap(([id, { rootId, isFinished }]) => (rootId === documentId && !isFinished ? [id] : [])))
      if ((await documents.find(documentId)) !== undefined) family.add(documentId)
      // A set that grows is gone through to its end.
      for (const each of family) for (const { id } of documents.childrenOf(each)) family.add(id)
      return [...family].sort()
    },
    findRunAtWork: async (documentIds) => {
      const { items } = await runIndex.list({ limit: 1_000 })
      return items.find(({ documentId = '', status }) => documentIds.includes(documentId) && !isTerminal(status))?.id
    },
    findHold: async (documentIds) => documentIds.map((id) => holds.get(id)).find((hold) => hold !== undefined),
    begin: async (rootId, family) => {
      for (const id of family) {
        marks.set(id, { rootId, isFinished: false })
        documents.remove(id)
      }
    },
    finish: async (documentId) => {
      for (const mark of marks.values()) if (mark.rootId === documentId) mark.isFinished = true
    },
    isDeleted: async (documentId) => marks.has(documentId),
  }
}
