import * as z from 'zod'
import type { Audit } from './audit'
import { type DeletionPorts, deleteDocument } from './document-deletion'
import { AppError } from './error'
import type { NewId } from './ids'
import type { PurgedRun, RunPurge } from './run-purge'

const DAY_MS = 86_400_000
const Days = z.int().min(1).max(36_500).nullable()
const ByName = z.record(z.string().min(1).max(100), Days)

/** Kinds of entries about what happened, beside documents and runs. */
export const KEPT_EVENTS = ['cachedAnswers', 'receivedMails', 'signIns', 'usage'] as const
export type KeptEvent = (typeof KEPT_EVENTS)[number]

/** For how many days a tenant keeps what; null: until somebody deletes it. */
export const RetentionRules = z
  .strictObject({
    documents: z
      .strictObject({
        default: Days.default(null).describe('Days after a document came in, where its class has no rule.'),
        classes: ByName.default({}).describe('By the class that analysis last found, for example `{"invoice": 3650}`.'),
      })
      .default({ default: null, classes: {} }),
    runs: z
      .strictObject({
        default: Days.default(null).describe('Days after the end of a run, where its workflow has no rule.'),
        workflows: ByName.default({}),
      })
      .default({ default: null, workflows: {} }),
    events: z
      .strictObject({
        cachedAnswers: Days.default(30).describe('Answers of models that are kept to be given again.'),
        receivedMails: Days.default(90).describe('Which mails were received; afterwards a repeated delivery counts as new.'),
        signIns: Days.default(7).describe('Ended sign-ins with their addresses and devices, and mailed codes that are used up.'),
        usage: Days.default(365).describe('Single calls to models with their costs.'),
      })
      .default({ cachedAnswers: 30, receivedMails: 90, signIns: 7, usage: 365 }),
  })
  .meta({ id: 'RetentionRules' })
export type RetentionRules = z.infer<typeof RetentionRules>

/** What holds until a tenant says otherwise. Nothing that people brought in or had made is deleted unasked. */
export const SHIPPED_RULES: RetentionRules = RetentionRules.parse({})

/** Times before which something is due: by name, and for all other names; null: never. */
export interface Cutoffs {
  default: string | null
  byName: Record<string, string | null>
}

/** What retention asks of the stores of one tenant. */
export interface Retention {
  read(): Promise<RetentionRules | undefined>
  save(rules: RetentionRules, at: string): Promise<void>
  /** Documents that are due, oldest first: no attachments, none that is held, none with a run at work. */
  listDueDocuments(cutoffs: Cutoffs, limit: number): Promise<string[]>
  /** Runs that ended and are due, oldest first, none that is held. */
  listDueRuns(cutoffs: Cutoffs, limit: number): Promise<string[]>
  /** Removes up to `limit` entries from before a time; gives how many. */
  removeEvents(kind: KeptEvent, before: string, limit: number): Promise<number>
}

export interface RetentionDeps {
  retention: Retention
  deletion: DeletionPorts
  purgeRun: RunPurge
  audit: Pick<Audit, 'record'>
  newId: NewId
  now: Date
}

/** Of one tenant in one sweep: what is left is due in the next. */
export const RETENTION_PORTION = { documents: 10, runs: 10, events: 1_000 } as const

export interface Removed {
  documents: number
  runs: number
  files: number
  reports: number
  events: Record<KeptEvent, number>
  failed: number
}

export const cutoff = (days: number | null, now: Date): string | null =>
  days === null ? null : new Date(now.getTime() - days * DAY_MS).toISOString()

const cutoffsOf = (byDefault: number | null, named: Record<string, number | null>, now: Date): Cutoffs => ({
  default: cutoff(byDefault, now),
  byName: Object.fromEntries(Object.entries(named).map(([name, days]) => [name, cutoff(days, now)])),
})

/**
 * Removes a portion of what a tenant's rules let go, and enters the counts into its audit. It begins from what is stored, so one that
 * broke off goes on with the next sweep. What cannot be removed does not keep the rest from it.
 */
export async function retain(deps: RetentionDeps): Promise<Removed> {
  const { retention, now } = deps
  const rules = (await retention.read()) ?? SHIPPED_RULES
  const removed: Removed = {
    documents: 0,
    runs: 0,
    files: 0,
    reports: 0,
    events: { cachedAnswers: 0, receivedMails: 0, signIns: 0, usage: 0 },
    failed: 0,
  }
  await removeRuns(deps, rules, removed)
  await removeDocuments(deps, rules, removed)
  for (const kind of KEPT_EVENTS) {
    const before = cutoff(rules.events[kind], now)
    if (before !== null) removed.events[kind] = await retention.removeEvents(kind, before, RETENTION_PORTION.events)
  }
  if (/[1-9]/.test(JSON.stringify(removed))) await enter(deps, removed)
  return removed
}

async function removeRuns({ retention, purgeRun, now }: RetentionDeps, rules: RetentionRules, removed: Removed): Promise<void> {
  const cutoffs = cutoffsOf(rules.runs.default, rules.runs.workflows, now)
  for (const runId of await retention.listDueRuns(cutoffs, RETENTION_PORTION.runs)) {
    const purged = await tryTo<PurgedRun>(() => purgeRun(runId), { what: 'run', id: runId }, removed)
    if (purged === undefined) continue
    removed.runs += 1
    removed.files += purged.files
    removed.reports += purged.reports
  }
}

async function removeDocuments({ retention, deletion, now }: RetentionDeps, rules: RetentionRules, removed: Removed): Promise<void> {
  const cutoffs = cutoffsOf(rules.documents.default, rules.documents.classes, now)
  for (const documentId of await retention.listDueDocuments(cutoffs, RETENTION_PORTION.documents)) {
    const deleted = await tryTo(() => deleteDocument(deletion, documentId), { what: 'document', id: documentId }, removed)
    removed.documents += deleted?.documents.length ?? 0
  }
}

async function tryTo<T>(act: () => Promise<T>, about: { what: string; id: string }, removed: Removed): Promise<T | undefined> {
  try {
    return await act()
  } catch (thrown) {
    // Held or taken up since it was listed: it is not due any more.
    if (thrown instanceof AppError && ['conflict', 'not_found'].includes(thrown.code)) return undefined
    console.error(JSON.stringify({ message: 'retention could not remove something', ...about, error: String(thrown) }))
    removed.failed += 1
    return undefined
  }
}

const enter = async ({ audit, newId }: RetentionDeps, removed: Removed): Promise<void> =>
  await audit.record([
    {
      id: newId('auditEntry'),
      action: 'retention',
      kind: 'retention_applied',
      outcome: removed.failed === 0 ? 'done' : 'failed',
      actor: { kind: 'system', id: 'cron' },
      address: '',
      requestId: '',
      detail: `Retention removed ${removed.documents} documents and ${removed.runs} runs.`,
      after: removed,
    },
  ])
