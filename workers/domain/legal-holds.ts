import * as z from 'zod'
import { AppError } from './error'
import type { CollectionDocuments } from './ports'

export const HELD_KINDS = ['document', 'run'] as const
export type HeldKind = (typeof HELD_KINDS)[number]

/** What must not be deleted while it may be needed as evidence. */
export const LegalHold = z.object({
  kind: z.enum(HELD_KINDS),
  id: z.string(),
  reason: z.string(),
  placedBy: z.string(),
  placedAt: z.iso.datetime(),
})
export type LegalHold = z.infer<typeof LegalHold>

/**
 * Legal holds of one tenant. A hold on a document covers what was found in it and what it was found in; a hold on a run covers the
 * document that the run was started for, and a hold on a document its runs.
 */
export interface LegalHolds {
  /** Places the hold, or replaces its reason. */
  place(hold: LegalHold): Promise<void>
  /** False when there is none. */
  lift(kind: HeldKind, id: string): Promise<boolean>
  list(): Promise<LegalHold[]>
  findForDocuments(documentIds: readonly string[]): Promise<LegalHold | undefined>
  /** A hold on the run itself or on its document. */
  findForRun(runId: string): Promise<LegalHold | undefined>
}

/** Throws `conflict` with the reason `legal_hold` for something that is held. */
export function refuseHeld(hold: LegalHold | undefined): void {
  if (hold === undefined) return
  throw new AppError(
    'conflict',
    `A legal hold on ${hold.kind} ${hold.id} forbids this (${hold.reason}); lift it with DELETE /api/v1/${hold.kind}s/${hold.id}/hold first.`,
    { reason: 'legal_hold' },
  )
}

/** Documents of a collection that are looked at in one go. */
const PAGE = 200

/** Throws as `refuseHeld` does when anything that the collection holds is held: taking the collection away takes its passages away. */
export async function refuseHeldCollection(
  ports: { collectionDocuments: Pick<CollectionDocuments, 'list'>; deletions: { findHold: LegalHolds['findForDocuments'] } },
  collection: string,
): Promise<void> {
  for (let cursor: string | undefined; ; ) {
    const page = await ports.collectionDocuments.list(collection, { limit: PAGE, ...(cursor !== undefined && { cursor }) })
    if (page.items.length > 0) refuseHeld(await ports.deletions.findHold(page.items.map(({ documentId }) => documentId)))
    if (page.nextCursor === undefined) return
    cursor = page.nextCursor
  }
}
