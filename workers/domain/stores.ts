import type { PageOf, PageRequest, Ports, RunIndex, Workflows } from './ports'
import type { RunSummary } from './runs'
import type { WorkflowVersion } from './workflows'

/** Workflows with their history, for the door where people edit them. */
export interface WorkflowStore extends Workflows {
  /** All versions of a name, newest first. */
  versions(name: string): Promise<WorkflowVersion[]>
  /**
   * Makes `version` the newest only if `expected` is the newest until then (`null`: only if the tenant has none of its own);
   * false when it is not. One statement, so that of two people who edit at once one is told.
   */
  replace(version: WorkflowVersion, expected: string | null): Promise<boolean>
}

/** Rows of runs, with the list of those that wait for a person. */
export interface RunListing extends RunIndex {
  listOpenApprovals(page: PageRequest): Promise<PageOf<RunSummary>>
}

/** What the HTTP and mail doors use of a tenant. */
export type DoorPorts = Pick<Ports, 'tenantId' | 'settings' | 'documents' | 'files' | 'reports' | 'secrets' | 'clock' | 'newId'> & {
  workflows: WorkflowStore
  runIndex: RunListing
}

/** Runs of all tenants whose rows have not moved for long, for the sweep that wakes them. */
export interface StaleRuns {
  /**
   * Up to `limit` runs that are not at their end, unchanged since `unchangedSince` and not taken since `takenBefore`; least recently
   * taken first. Marks them as taken at `at`, so that many long-waiting runs cannot hide a stuck one behind them.
   */
  take(request: { unchangedSince: string; takenBefore: string; at: string; limit: number }): Promise<{ tenantId: string; runId: string }[]>
}
