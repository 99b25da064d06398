import type { Deletions } from './document-deletion'
import type { ModelCache } from './model-cache'
import type { CollectionDocuments, PageOf, PageRequest, Ports, RunIndex, Workflows } from './ports'
import type { RunSummary } from './runs'
import type { WorkflowGates } from './workflow-gates'
import type { WorkflowVersion } from './workflows'

/** Workflows with their history, for the door where people edit them. */
export interface WorkflowStore extends Workflows {
  /**
   * `find` for starting runs, of which there are many: what was saved through this isolate counts at once, what was saved through
   * another within `WORKFLOW_MEMORY_MS`.
   */
  findForStart(name: string, version?: string): Promise<WorkflowVersion | undefined>
  /** All versions of a name, newest first; drafts at the end. */
  versions(name: string): Promise<WorkflowVersion[]>
  /**
   * Keeps a version without publishing it: it is found and runs by name and version only, until `save` or `replace` puts it on top. One
   * that was published before stays as it is.
   */
  saveDraft(version: WorkflowVersion): Promise<void>
  /**
   * Makes `version` the newest only if `expected` is the newest until then (`null`: only if the tenant has none of its own);
   * false when it is not. One statement, so that of two people who edit at once one is told.
   */
  replace(version: WorkflowVersion, expected: string | null): Promise<boolean>
}

/** How long a start may still take the version of a workflow that stood before; docs/API.md says it. */
export const WORKFLOW_MEMORY_MS = 5_000

/** Rows of runs, with the list of those that wait for a person. */
export interface RunListing extends RunIndex {
  listOpenApprovals(page: PageRequest): Promise<PageOf<RunSummary>>
}

/** What the HTTP and mail doors use of a tenant. */
export type DoorPorts = Pick<
  Ports,
  | 'tenantId'
  | 'settings'
  | 'documents'
  | 'files'
  | 'reports'
  | 'secrets'
  | 'sealedFields'
  | 'mailer'
  | 'clock'
  | 'newId'
  | 'knowledge'
  | 'collections'
  | 'encoder'
  | 'chatModel'
  | 'prompts'
  | 'datasets'
  | 'evaluations'
  | 'classifiers'
  | 'purse'
  | 'storage'
> & {
  workflows: WorkflowStore
  runIndex: RunListing
  gates: WorkflowGates
  collectionDocuments: CollectionDocuments
  deletions: Deletions
  modelCache: Pick<ModelCache, 'removeDocument'>
}

/** Runs of all tenants whose rows have not moved for long, for the sweep that wakes them. */
export interface StaleRuns {
  /**
   * Up to `limit` runs that are not at their end, unchanged since `unchangedSince` and not taken since `takenBefore`; least recently
   * taken first. Marks them as taken at `at`, so that many long-waiting runs cannot hide a stuck one behind them.
   */
  take(request: { unchangedSince: string; takenBefore: string; at: string; limit: number }): Promise<{ tenantId: string; runId: string }[]>
}
