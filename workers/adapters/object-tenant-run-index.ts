import { unwrap } from '../domain/error'
import type { RunListing } from '../domain/stores'
import type { TenantObject } from '../domain/tenant-control'

/**
 * List rows of runs, written by way of the tenant's object: it learns from them which runs are at work, and writes those of many runs
 * at once. Reading goes straight to the store.
 */
export const createTenantRunIndex = (tenant: () => Pick<TenantObject, 'project'>, stored: RunListing): RunListing => ({
  ...stored,
  upsert: async (rows) => {
    unwrap(await tenant().project(rows))
  },
})
