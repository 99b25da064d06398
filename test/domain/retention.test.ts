import { expect, test } from 'vitest'
import type { AuditAct } from '../../workers/domain/audit'
import { AppError } from '../../workers/domain/error'
import { type Cutoffs, cutoff, KEPT_EVENTS, RETENTION_PORTION, RetentionRules, retain } from '../../workers/domain/retention'
import type { RunPurge } from '../../workers/domain/run-purge'
import { createFakePorts } from '../fakes/ports'

const NOW = new Date('2026-11-21T09:00:00.000Z')

/** Runs that are due, and what is asked of the stores. */
function createStage({ rules, runs = [], purgeRun }: { rules?: object; runs?: string[]; purgeRun?: RunPurge } = {}) {
  const asked: { what: string; cutoffs?: Cutoffs; before?: string; limit: number }[] = []
  const entries: AuditAct[] = []
  const purged: string[] = []
  const retainNow = () =>
    retain({
      retention: {
        read: async () => (rules === undefined ? undefined : RetentionRules.parse(rules)),
        save: async () => undefined,
        listDueDocuments: async (cutoffs, limit) => {
          asked.push({ what: 'documents', cutoffs, limit })
          return []
        },
        listDueRuns: async (cutoffs, limit) => {
          asked.push({ what: 'runs', cutoffs, limit })
          return runs
        },
        removeEvents: async (kind, before, limit) => {
          asked.push({ what: kind, before, limit })
          return 0
        },
      },
      deletion: createFakePorts(),
      purgeRun: async (id) => {
        purged.push(id)
        return await (purgeRun ?? (async () => ({ files: 2, reports: 1 })))(id)
      },
      audit: { record: async (acts) => void entries.push(...acts) },
      newId: (kind) => `${kind}_1`,
      now: NOW,
    })
  return { asked, entries, purged, retainNow }
}
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000).toISOString()

test('without rules of its own a tenant keeps documents and runs, and each event for its shipped days', async () => {
  const { asked, entries, retainNow } = createStage()
  await retainNow()
  expect(asked.filter(({ cutoffs }) => cutoffs)).toEqual([
    { what: 'runs', cutoffs: { default: null, byName: {} }, limit: RETENTION_PORTION.runs },
    { what: 'documents', cutoffs: { default: null, byName: {} }, limit: RETENTION_PORTION.documents },
  ])
  expect(asked.flatMap(({ what, before }) => (before === undefined ? [] : [[what, before]]))).toEqual([
    ['cachedAnswers', daysAgo(30)],
    ['receivedMails', daysAgo(90)],
    ['signIns', daysAgo(7)],
    ['usage', daysAgo(365)],
  ])
  expect(entries, 'a sweep that found nothing leaves no entry').toEqual([])
})

test('rules by name stand beside the default, and null keeps what the default would let go', async () => {
  const rules = {
    documents: { default: 30, classes: { invoice: 3_650, contract: null } },
    runs: { default: null, workflows: { chat: 1 } },
    events: { cachedAnswers: null, receivedMails: 1, signIns: 1, usage: 1 },
  }
  const { asked, retainNow } = createStage({ rules })
  await retainNow()
  const cutoffs = Object.fromEntries(asked.flatMap(({ what, cutoffs: found }) => (found ? [[what, found]] : [])))
  expect(cutoffs.documents).toEqual({ default: daysAgo(30), byName: { invoice: daysAgo(3_650), contract: null } })
  expect(cutoffs.runs).toEqual({ default: null, byName: { chat: daysAgo(1) } })
  expect(
    asked.map(({ what }) => what),
    'what is kept for ever is not even asked for',
  ).not.toContain('cachedAnswers')
})

test('what was taken up or held since it was listed stays, what fails is counted, and the rest goes', async () => {
  const purgeRun: RunPurge = async (id) => {
    if (id === 'held') throw new AppError('conflict', 'held', { reason: 'legal_hold' })
    if (id === 'gone') throw new AppError('not_found', 'gone')
    if (id === 'broken') throw new Error('the object does not answer')
    return { files: 2, reports: 1 }
  }
  const { entries, purged, retainNow } = createStage({ runs: ['held', 'broken', 'gone', 'due'], purgeRun })
  expect(await retainNow()).toMatchObject({ runs: 1, files: 2, reports: 1, failed: 1 })
  expect(purged).toEqual(['held', 'broken', 'gone', 'due'])
  expect(entries).toMatchObject([{ kind: 'retention_applied', outcome: 'failed', actor: { id: 'cron' }, after: { runs: 1, failed: 1 } }])
})

test('days are counted back from now, and no days are for ever', () => {
  expect(cutoff(7, NOW)).toBe(daysAgo(7))
  expect(cutoff(null, NOW)).toBeNull()
  expect(Object.keys(RetentionRules.parse({}).events).sort()).toEqual([...KEPT_EVENTS].sort())
})
