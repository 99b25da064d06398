import * as z from 'zod'
import type { AuditOrigin } from './audit'
import { SUBJECT_KINDS } from './subject-matching'

export const REQUEST_KINDS = ['export', 'erasure'] as const
export const REQUEST_STATUSES = ['working', 'done', 'failed'] as const
/** In this order: everything is searched before anything is touched. */
export const PHASES = ['documents', 'collections', 'runs', 'reports', 'files', 'records', 'act', 'done'] as const
export type Phase = (typeof PHASES)[number]

/** What a person asked for about their data. The identifier itself is not in it. */
export const SubjectRequest = z.object({
  id: z.string(),
  kind: z.enum(REQUEST_KINDS),
  status: z.enum(REQUEST_STATUSES).describe('`failed`: it broke off again and again; ask anew.'),
  subject: z.object({
    kind: z.enum(SUBJECT_KINDS),
    salt: z.string(),
    sha256: z.string().describe('Hex SHA-256 of the salt, a line break and the normalised identifier.'),
  }),
  phase: z.enum(PHASES).describe('What is under way: the place that is searched, or `act`.'),
  scanned: z.record(z.string(), z.int()).describe('How much was looked into, by place.'),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  updatedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
})
export type SubjectRequest = z.infer<typeof SubjectRequest>

/** A request with what its work goes on from. */
export interface OpenRequest extends SubjectRequest {
  /** The identifier, sealed; absent once the work is over. */
  sealed?: string
  cursor?: string
  failures: number
  revision: number
}

export const FINDING_KINDS = ['document', 'run', 'user', 'mailed_code', 'file', 'record', 'cache'] as const
export const OUTCOMES = ['exported', 'erased', 'redacted', 'kept'] as const
/** One thing in which the person was found, by reference; `outcome` once it is acted upon. */
export const Finding = z.object({
  kind: z.enum(FINDING_KINDS),
  ref: z.string(),
  outcome: z.enum(OUTCOMES).optional(),
  reason: z.string().optional().describe('Why it was kept.'),
  counts: z.record(z.string(), z.int()).optional().describe('What went with it, by kind.'),
  at: z.iso.datetime().optional(),
})
export type Finding = z.infer<typeof Finding>

/** Requests of one tenant with their findings. */
export interface SubjectRequests {
  insert(request: OpenRequest): Promise<void>
  find(id: string): Promise<OpenRequest | undefined>
  /** The newest first, at most 200. */
  list(): Promise<OpenRequest[]>
  /** Saves the progress with new findings, all at once; false when somebody else went on with the request meanwhile. */
  advance(request: OpenRequest, findings: readonly Finding[]): Promise<boolean>
  findings(id: string): Promise<Finding[]>
  /** Findings that are not acted upon. */
  listUnacted(id: string, limit: number): Promise<Finding[]>
  settle(id: string, finding: Finding): Promise<void>
}

/** Proof of an erasure, without the identifier. */
export const Certificate = z
  .object({
    id: z.string(),
    tenantId: z.string(),
    subject: SubjectRequest.shape.subject,
    requestedAt: z.iso.datetime(),
    requestedBy: z.string(),
    completedAt: z.iso.datetime(),
    searched: z.record(z.string(), z.int()),
    totals: z.object({ erased: z.int(), redacted: z.int(), kept: z.int() }),
    erased: z.array(Finding).describe('What is gone, or holds the identifier no more.'),
    kept: z.array(Finding).describe('What was found and stays, and why.'),
    notes: z.array(z.string()).describe('What the search does not reach, or the law keeps.'),
  })
  .meta({ id: 'ErasureCertificate' })
export type Certificate = z.infer<typeof Certificate>

const NOTES = [
  'Entries of the audit are never deleted: they hold ids of accounts and documents, the network addresses that requests came from, and settings as they were changed, with the names that people gave them.',
  'Stored answers for repeated requests (Idempotency-Key) are sealed and go within 24 hours of the request.',
  'Originals that no run has read are searched when they are texts or mails; `documentsNotRead` counts the others.',
  'Models of trained classifiers are numbers and are not searched; their examples are.',
  'Copies that a run sent to others (mails, webhooks) are with those who received them.',
]

export function certify(tenantId: string, request: SubjectRequest, findings: readonly Finding[]): Certificate {
  const of = (...outcomes: Finding['outcome'][]) => findings.filter(({ outcome }) => outcomes.includes(outcome))
  return {
    id: request.id,
    tenantId,
    subject: request.subject,
    requestedAt: request.createdAt,
    requestedBy: request.createdBy,
    completedAt: request.endedAt ?? request.updatedAt,
    searched: request.scanned,
    totals: { erased: of('erased').length, redacted: of('redacted').length, kept: of('kept').length },
    erased: of('erased', 'redacted'),
    kept: of('kept'),
    notes: NOTES,
  }
}

/** Where files of requests lie. */
export const subjectKeys = {
  all: 'data-subjects/',
  of: (id: string) => `data-subjects/${id}/`,
  part: (id: string, number: string) => `data-subjects/${id}/parts/${number}.ndjson`,
} as const

/** Files with what was found are there for so long. */
export const EXPORT_KEPT_MS = 7 * 86_400_000

export type Requester = AuditOrigin['actor']
