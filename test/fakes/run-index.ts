import type { RunSummary } from '../../workers/domain/runs'
import type { RunListing } from '../../workers/domain/stores'
import { newestFirst } from './newest-first'

/** Rows of runs in memory. */
export function createFakeRunIndex(): RunListing {
  const rows = new Map<string, RunSummary>()
  return {
    upsert: async (summaries) => {
      for (const row of summaries) if (row.revision > (rows.get(row.id)?.revision ?? -1)) rows.set(row.id, { ...row })
    },
    find: async (id) => rows.get(id),
    list: async ({ workflow, status, createdFrom, createdTo, ...page }) => {
      const fitting = [...rows.values()].filter(
        (row) =>
          (workflow === undefined || row.workflow === workflow) &&
          (status === undefined || row.status === status) &&
          (createdFrom === undefined || row.createdAt >= createdFrom) &&
          (createdTo === undefined || row.createdAt < createdTo),
      )
      return newestFirst(fitting, page)
    },
    listOpenApprovals: async (page) =>
      newestFirst(
        [...rows.values()].filter((row) => row.openApprovals > 0),
        page,
      ),
  }
}
