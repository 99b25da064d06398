import { fileKeys } from './documents'
import { AppError } from './error'
import { type LegalHold, refuseHeld } from './legal-holds'
import type { ModelCache } from './model-cache'
import type { CollectionDocuments, Files, Knowledge } from './ports'

/** Rows of documents that are being deleted. */
export interface Deletions {
  /**
   * The document and all that was found in it (attachments, members of archives), also when an earlier deletion of it has not come to
   * its end; empty when there is nothing to delete.
   */
  familyOf(documentId: string): Promise<string[]>
  /** A run at work that was started for one of the documents. */
  findRunAtWork(documentIds: readonly string[]): Promise<string | undefined>
  /** A legal hold on one of the documents, on what one of them was found in, or on a run that was started for one. */
  findHold(documentIds: readonly string[]): Promise<LegalHold | undefined>
  /** Takes the rows and fingerprints away and marks the documents as deleted, all at once. Again it changes nothing. */
  begin(documentId: string, family: readonly string[], at: string): Promise<void>
  /** Nothing is left of the documents that were begun with this one. */
  finish(documentId: string, at: string): Promise<void>
  /** Whether the document is being deleted or was deleted lately: then work that began before must not write of it any more. */
  isDeleted(documentId: string): Promise<boolean>
}

/** For how long a deleted document is known as one: longer than any step or model call that may have begun before. */
export const DELETION_MEMORY_MS = 24 * 60 * 60_000

export interface DeletionPorts {
  deletions: Deletions
  collectionDocuments: Pick<CollectionDocuments, 'holding'>
  knowledge: Pick<Knowledge, 'remove'>
  modelCache: Pick<ModelCache, 'removeDocument'>
  files: Pick<Files, 'delete'>
  clock: { now(): Date }
}

export interface DeletedDocument {
  /** The document and what was found in it. */
  documents: string[]
  /** Collections out of which passages were taken. */
  collections: string[]
}

/**
 * Deletes a document and what was found in it: rows, files, what ingestion read, passages with words, vectors and graph in every
 * collection, cached answers and cached vectors. Once it resolves nothing of it is found any more, and work that began before puts nothing
 * back. One that broke off is finished by asking again, or by `finishDeletion`. Records of runs stay. Refuses `not_found`, and `conflict`
 * while a run that was started for it is at work, or a legal hold is on it.
 */
export async function deleteDocument(ports: DeletionPorts, documentId: string): Promise<DeletedDocument> {
  const family = await ports.deletions.familyOf(documentId)
  // An imported collection names documents that were never stored here.
  if (family.length === 0 && (await ports.collectionDocuments.holding(documentId)).length === 0)
    throw new AppError('not_found', 'There is no document with that id.')
  const documents = family.length === 0 ? [documentId] : family
  refuseHeld(await ports.deletions.findHold(documents))
  const runId = await ports.deletions.findRunAtWork(documents)
  if (runId !== undefined)
    throw new AppError(
      'conflict',
      `Run ${runId} is at work with this document; wait for its end, or cancel it with DELETE /api/v1/runs/${runId}, and delete again.`,
      { reason: 'run_at_work' },
    )
  await ports.deletions.begin(documentId, documents, ports.clock.now().toISOString())
  return await finishDeletion(ports, documentId, documents)
}

/** Goes on with a deletion that was begun. What is gone already is no error. */
export async function finishDeletion(ports: DeletionPorts, documentId: string, documents: readonly string[]): Promise<DeletedDocument> {
  const collections = new Set<string>()
  for (const each of documents) {
    for (const collection of await ports.collectionDocuments.holding(each)) {
      await ports.knowledge.remove(collection, each)
      collections.add(collection)
    }
    await ports.modelCache.removeDocument(each)
    await ports.files.delete([fileKeys.original(each), fileKeys.parsed(each)])
  }
  await ports.deletions.finish(documentId, ports.clock.now().toISOString())
  return { documents: [...documents], collections: [...collections].sort() }
}

/** A deletion that is not at its end after so long broke off: each part of it takes seconds. */
const BROKEN_OFF_MS = 2 * 60_000

/** Finishes deletions of all tenants that broke off, and forgets those that are over. One that fails again does not keep the others from it. */
export async function tendDeletions(deps: {
  listOpen(begunBefore: string): Promise<{ tenantId: string; documentId: string }[]>
  forget(finishedBefore: string): Promise<unknown>
  portsFor(tenantId: string): DeletionPorts
  now: Date
}): Promise<{ finished: number; failed: number }> {
  const before = (ms: number) => new Date(deps.now.getTime() - ms).toISOString()
  const counts = { finished: 0, failed: 0 }
  for (const { tenantId, documentId } of await deps.listOpen(before(BROKEN_OFF_MS))) {
    const ports = deps.portsFor(tenantId)
    try {
      await finishDeletion(ports, documentId, await ports.deletions.familyOf(documentId))
      counts.finished += 1
    } catch (thrown) {
      console.error(JSON.stringify({ message: 'a deletion was not finished', tenantId, documentId, error: String(thrown) }))
      counts.failed += 1
    }
  }
  await deps.forget(before(DELETION_MEMORY_MS))
  return counts
}
