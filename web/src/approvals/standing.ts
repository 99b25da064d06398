import type { ApprovalView } from '../api/types'

/** Whether the reader may decide an approval: not while it is unknown, and not one that is for somebody else than who started the run. */
export type Standing = 'unknown' | 'barred' | 'free'

/** What `barred` of an approval means for the reader with this id. The server refuses whoever is barred in any case. */
export function standingOf({ barred = [] }: Pick<ApprovalView, 'barred'>, ownId: string | undefined, isKnown: boolean): Standing {
  if (barred.length === 0) return 'free'
  if (ownId === undefined) return isKnown ? 'free' : 'unknown'
  return barred.includes(ownId) ? 'barred' : 'free'
}
