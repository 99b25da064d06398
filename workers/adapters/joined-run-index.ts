import { createJoined, type Joined } from '../domain/joined'
import type { PageOf } from '../domain/ports'
import type { RunSummary } from '../domain/runs'
import type { RunListing } from '../domain/stores'

const STALE_MS = 2_000

/** Shared by all requests of an isolate, one for each database. */
export const createListJoint = (now: () => number, sleep: (ms: number) => Promise<void>): Joined<PageOf<RunSummary>> =>
  createJoined({ staleMs: STALE_MS, now, sleep })

/** Lists of one tenant's runs, read once for all who ask for the same at once: dashboards of a team poll the same page. */
export function createJoinedRunIndex(stored: RunListing, tenantId: string, joint: Joined<PageOf<RunSummary>>): RunListing {
  return {
    ...stored,
    list: (request) => joint(JSON.stringify([tenantId, 'list', request]), () => stored.list(request)),
    listOpenApprovals: (page) => joint(JSON.stringify([tenantId, 'approvals', page]), () => stored.listOpenApprovals(page)),
  }
}
