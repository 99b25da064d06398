import * as z from 'zod'
import { AppError } from './error'

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
