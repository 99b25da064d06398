import type { DayCount } from './analytics'
import type { SubjectRequests } from './data-subjects'
import type { FilePrefixes } from './file-prefixes'
import type { LegalHolds } from './legal-holds'
import type { Files } from './ports'
import type { Retention } from './retention'
import type { SealedFields } from './sealed-fields'

/** What the doors of one tenant use for retention, holds and data subjects. */
export interface Privacy {
  retention: Pick<Retention, 'read' | 'save'>
  holds: LegalHolds
  requests: SubjectRequests
  sealedFields: SealedFields
  /** Parts of exports, which lie sealed. */
  exports: Pick<Files, 'stream'>
  prefixes: Pick<FilePrefixes, 'list'>
  /** Goes on with a request for a while. */
  work(requestId: string): Promise<unknown>
  countRuns(range: { from: string; to: string }): Promise<DayCount[]>
}
