import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideAdmission, type Load, nextPriority } from '../../workers/domain/admission'
import { checkQuota, PLANS, Plan } from '../../workers/domain/plans'

const AT = new Date('2026-11-21T23:00:00.000Z')
const plan: Plan = { ...PLANS.standard, concurrentRuns: 4, batchRuns: 3, pendingRuns: 5, runsPerDay: 100 }
const load = (more: Partial<Load> = {}): Load => ({
  active: { interactive: 0, batch: 0 },
  pending: { interactive: 0, batch: 0 },
  startedToday: 0,
  ...more,
})

test('never more runs at work than the plan has, nor more of batch, and none waits while it could work', () => {
  const events = fc.array(fc.record({ kind: fc.constantFrom('submit', 'end'), priority: fc.constantFrom('interactive', 'batch') }), {
    maxLength: 80,
  })
  fc.assert(
    fc.property(events, (list) => {
      const state = load()
      for (const { kind, priority } of list as { kind: string; priority: 'interactive' | 'batch' }[]) {
        if (kind === 'end') state.active[priority] = Math.max(0, state.active[priority] - 1)
        else {
          const decided = decideAdmission(plan, state, priority, AT)
          if (decided.ok) state[decided.value === 'start' ? 'active' : 'pending'][priority] += 1
        }
        for (let next = nextPriority(plan, state); next !== undefined; next = nextPriority(plan, state)) {
          state.pending[next] -= 1
          state.active[next] += 1
        }
        const { interactive, batch } = state.active
        expect(interactive + batch).toBeLessThanOrEqual(plan.concurrentRuns)
        expect(batch).toBeLessThanOrEqual(plan.batchRuns)
        expect(state.pending.interactive + state.pending.batch).toBeLessThanOrEqual(plan.pendingRuns)
        if (interactive + batch < plan.concurrentRuns) expect(state.pending.interactive).toBe(0)
      }
    }),
  )
})

test('nobody overtakes a run that waits already', () => {
  const waiting = load({ pending: { interactive: 1, batch: 0 } })
  expect(decideAdmission(plan, waiting, 'interactive', AT)).toEqual({ ok: true, value: 'wait' })
  expect(decideAdmission(plan, load({ pending: { interactive: 0, batch: 1 } }), 'interactive', AT)).toEqual({ ok: true, value: 'start' })
})

test('the runs of a day come back at midnight UTC', () => {
  expect(decideAdmission(plan, load({ startedToday: 100 }), 'interactive', AT)).toMatchObject({
    ok: false,
    error: { code: 'rate_limited', reason: 'plan_runsPerDay', retryAfterMs: 3_600_000 },
  })
})

test('every plan that is shipped is a valid plan', () => {
  for (const each of Object.values(PLANS)) expect(Plan.parse(each)).toEqual(each)
})

test('a quota is refused from its first excess on, with what to do', () => {
  expect(checkQuota({ ...plan, seats: 3 }, 'seats', 2, 1).ok).toBe(true)
  expect(checkQuota({ ...plan, seats: 3 }, 'seats', 3, 1)).toMatchObject({
    ok: false,
    error: { code: 'over_budget', reason: 'plan_seats' },
  })
})
