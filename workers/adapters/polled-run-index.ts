import { createPolled, type Polled } from '../domain/polled'
import type { PageOf } from '../domain/ports'
import type { RunSummary } from '../domain/runs'
import type { RunListing } from '../domain/stores'

const STALE_MS = 500
/** Pages of up to 200 rows. */
const CAPACITY = 50

/** Shared by all requests of an isolate. */
export const createPolledLists = (now: () => number): Polled<PageOf<RunSummary>> =>
  createPolled({ staleMs: STALE_MS, capacity: CAPACITY, now })

/**
 * Lists of one tenant's runs, read by one at a time of all who poll the same page: as the dashboards of a team do. Who asks while nobody
 * reads has what stands now.
 */
export function createPolledRunIndex(stored: RunListing, tenantId: string, polled: Polled<PageOf<RunSummary>>): RunListing {
  return {
    ...stored,
    list: (request) => polled(JSON.stringify([tenantId, 'list', request]), () => stored.list(request)),
    listOpenApprovals: (page) => polled(JSON.stringify([tenantId, 'approvals', page]), () => stored.listOpenApprovals(page)),
  }
}
