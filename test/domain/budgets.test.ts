import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expireHolds, giveBack, settleCall, takeHold } from '../../workers/domain/accounts'
import { accountKeys, type Ceilings, DEFAULT_CEILINGS, isBudgetRefusal, limitOf, RESERVATION_MS, usd } from '../../workers/domain/budgets'
import type { UsageRow } from '../../workers/domain/usage'
import { createFakeAccountRows } from '../fakes/account-rows'
import { createFakePurse } from '../fakes/purse'

const AT = new Date('2026-11-21T09:00:00.000Z')
const row = (callId: string, actualMicroUsd: number, more: Partial<UsageRow> = {}): UsageRow => ({
  callId,
  at: AT.toISOString(),
  feature: 'f',
  provider: 'p',
  model: 'm',
  inputTokens: 1,
  outputTokens: 1,
  latencyMs: 1,
  cached: false,
  actualMicroUsd,
  ...more,
})

type Act =
  | { kind: 'take'; run: number; workflow: number; needed: number; wanted: number }
  | { kind: 'settle'; hold: number; share: number; cost: number; again: boolean; isLast: boolean }
  | { kind: 'giveBack'; hold: number }
  | { kind: 'wait'; ms: number }

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    kind: fc.constant('take' as const),
    run: fc.nat(3),
    workflow: fc.nat(2),
    needed: fc.integer({ min: 0, max: 400 }),
    wanted: fc.integer({ min: 0, max: 2_000 }),
  }),
  fc.record({
    kind: fc.constant('settle' as const),
    hold: fc.integer({ min: 1, max: 8 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    cost: fc.double({ min: 0, max: 1, noNaN: true }),
    again: fc.boolean(),
    isLast: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('giveBack' as const), hold: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: RESERVATION_MS }) }),
)
const limits = fc.option(fc.integer({ min: 0, max: 3_000 }), { nil: null })
const ceilingsOf: fc.Arbitrary<Ceilings> = fc.record({
  runMicroUsd: limits,
  workflowDayMicroUsd: limits,
  tenantMonthMicroUsd: limits,
  workflows: fc.constant({ w1: { runMicroUsd: 500 } }),
})

/** Plays a history and asks `holds` after every act. Gives what is left. */
function play(ceilings: Ceilings, acts: readonly Act[], isTrue: (rows: ReturnType<typeof createFakeAccountRows>) => void) {
  const rows = createFakeAccountRows()
  let now = AT.getTime()
  let takes = 0
  for (const [step, each] of acts.entries()) {
    if (each.kind === 'wait') now += each.ms
    if (each.kind === 'take') {
      takes += 1
      const request = {
        id: `h${takes}`,
        runId: `r${each.run}`,
        workflow: `w${each.workflow}`,
        neededMicroUsd: each.needed,
        wantedMicroUsd: each.wanted,
      }
      takeHold(rows, ceilings, request, new Date(now))
    }
    if (each.kind === 'giveBack') giveBack(rows, `h${each.hold}`, new Date(now))
    if (each.kind === 'settle') {
      const hold = rows.holds.get(`h${each.hold}`)
      // The caller's promise: it costs no more than it reserved, and it settles before the reservation ends.
      if (hold !== undefined && hold.expiresAt > now) {
        const reservedMicroUsd = Math.floor(hold.amountMicroUsd * each.share)
        const call = { row: row(each.again ? 'again' : `c${step}`, Math.floor(reservedMicroUsd * each.cost)), reservedMicroUsd }
        settleCall(rows, hold.id, call, new Date(now))
        if (each.isLast) giveBack(rows, hold.id, new Date(now))
      }
    }
    isTrue(rows)
  }
  expireHolds(rows, now + RESERVATION_MS)
  return rows
}

describe('the ledger, whatever happens in whatever order', () => {
  test('never has more spent and held than a ceiling', () => {
    fc.assert(
      fc.property(ceilingsOf, fc.array(act, { maxLength: 60 }), (ceilings, acts) => {
        play(ceilings, acts, ({ accounts }) => {
          for (const { key, kind, spentMicroUsd, heldMicroUsd } of accounts.values()) {
            const workflow = kind === 'workflow_day' ? key.split('/')[1] : undefined
            const limit = limitOf(ceilings, kind, workflow)
            // A run may change its workflow here, so the run's own ceiling is the widest that any of them gives.
            const widest = kind === 'run' && limit !== null ? Math.max(limit, 500) : kind === 'run' ? null : limit
            if (widest !== null) expect(spentMicroUsd + heldMicroUsd, key).toBeLessThanOrEqual(widest)
          }
        })
      }),
      { numRuns: 400 },
    )
  })

  test('holds nothing below nothing, and nothing at all once every reservation has ended', () => {
    fc.assert(
      fc.property(ceilingsOf, fc.array(act, { maxLength: 60 }), (ceilings, acts) => {
        const rows = play(ceilings, acts, ({ accounts }) => {
          for (const { heldMicroUsd, spentMicroUsd } of accounts.values()) {
            expect(heldMicroUsd).toBeGreaterThanOrEqual(0)
            expect(spentMicroUsd).toBeGreaterThanOrEqual(0)
          }
        })
        expect([...rows.accounts.values()].filter(({ heldMicroUsd }) => heldMicroUsd !== 0)).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  test('charges the month with the sum of all settled calls, each once', () => {
    fc.assert(
      fc.property(ceilingsOf, fc.array(act, { maxLength: 60 }), (ceilings, acts) => {
        const rows = play(ceilings, acts, () => undefined)
        const settled = [...rows.calls.values()].reduce((sum, call) => sum + call.actualMicroUsd, 0)
        expect(rows.accounts.get('month/2026-11')?.spentMicroUsd ?? 0).toBe(settled)
      }),
      { numRuns: 400 },
    )
  })
})

describe('a ceiling', () => {
  test('tells which it is, what is spent, what it allows, and what to do', () => {
    const rows = createFakeAccountRows()
    const ceilings = { ...DEFAULT_CEILINGS, runMicroUsd: 1_000 }
    takeHold(rows, ceilings, { id: 'h1', runId: 'r', neededMicroUsd: 900, wantedMicroUsd: 900 }, AT)
    const refused = takeHold(rows, ceilings, { id: 'h2', runId: 'r', neededMicroUsd: 200, wantedMicroUsd: 200 }, AT)
    expect(refused).toMatchObject({ ok: false, error: { code: 'over_budget', reason: 'run_ceiling', retryAfterMs: 5_000 } })
    if (refused.ok) return
    expect(refused.error.message).toBe(
      '$0.00 of $0.001 are spent for this run and $0.0009 are held by calls under way; the next call may cost $0.0002. Raise the ceiling for runs with PUT /api/v1/budgets; the run then goes on with what it has.',
    )
    expect(isBudgetRefusal(refused.error)).toBe(true)
  })

  test('of a workflow replaces the general one for its runs only', () => {
    const ceilings: Ceilings = { ...DEFAULT_CEILINGS, workflows: { costly: { runMicroUsd: null, workflowDayMicroUsd: 5 } } }
    expect(limitOf(ceilings, 'run', 'costly')).toBeNull()
    expect(limitOf(ceilings, 'workflow_day', 'costly')).toBe(5)
    expect(limitOf(ceilings, 'run', 'other')).toBe(DEFAULT_CEILINGS.runMicroUsd)
    expect(limitOf(ceilings, 'tenant_month', 'costly')).toBe(DEFAULT_CEILINGS.tenantMonthMicroUsd)
    expect(limitOf(ceilings, 'run', 'constructor')).toBe(DEFAULT_CEILINGS.runMicroUsd)
  })

  test('begins anew with the day and the month, and a call is paid by the day it was reserved on', () => {
    const rows = createFakeAccountRows()
    const ceilings = { ...DEFAULT_CEILINGS, workflowDayMicroUsd: 100, tenantMonthMicroUsd: 1_000 }
    const late = new Date('2026-11-30T23:59:59.000Z')
    const early = new Date('2026-12-01T00:00:01.000Z')
    const take = (id: string, at: Date) => takeHold(rows, ceilings, { id, workflow: 'w', neededMicroUsd: 100, wantedMicroUsd: 100 }, at).ok
    expect([take('h1', late), take('h2', late), take('h3', early)]).toEqual([true, false, true])
    settleCall(rows, 'h1', { row: row('c1', 80), reservedMicroUsd: 100 }, early)
    expect(rows.accounts.get('month/2026-11')?.spentMicroUsd).toBe(80)
    expect(rows.accounts.get('month/2026-12')?.spentMicroUsd).toBe(0)
  })

  test('advises to economise from four fifths on, and then gives no slices beyond the need', () => {
    const rows = createFakeAccountRows()
    const ceilings = { ...DEFAULT_CEILINGS, runMicroUsd: 1_000 }
    const take = (id: string, neededMicroUsd: number) =>
      takeHold(rows, ceilings, { id, runId: 'r', neededMicroUsd, wantedMicroUsd: 10_000 }, AT)
    expect(take('h1', 100)).toEqual({ ok: true, value: { amountMicroUsd: 156, economise: false } })
    expect(take('h2', 700)).toEqual({ ok: true, value: { amountMicroUsd: 700, economise: true } })
  })
})

test('a reservation that ran out is given back and noted, and its call is charged when it comes after all', () => {
  const rows = createFakeAccountRows()
  takeHold(rows, DEFAULT_CEILINGS, { id: 'h1', runId: 'r', neededMicroUsd: 500, wantedMicroUsd: 500 }, AT)
  const later = new Date(AT.getTime() + RESERVATION_MS)
  expireHolds(rows, later.getTime())
  expect(rows.accounts.get('run/r')).toMatchObject({ heldMicroUsd: 0, lostMicroUsd: 500, spentMicroUsd: 0 })
  settleCall(rows, 'h1', { row: row('c1', 450, { runId: 'r' }), reservedMicroUsd: 500 }, later)
  expect(rows.accounts.get('run/r')).toMatchObject({ heldMicroUsd: 0, spentMicroUsd: 450 })
})

test('a call that is settled again is charged once, also when it then says something else', () => {
  const rows = createFakeAccountRows()
  takeHold(rows, DEFAULT_CEILINGS, { id: 'h1', runId: 'r', neededMicroUsd: 500, wantedMicroUsd: 500 }, AT)
  for (const actual of [100, 100, 400]) settleCall(rows, 'h1', { row: row('c1', actual), reservedMicroUsd: 200 }, AT)
  expect(rows.accounts.get('run/r')).toMatchObject({ spentMicroUsd: 100, heldMicroUsd: 300 })
})

test('accounts are those that pay: a question outside any run is paid by the month alone', () => {
  expect(accountKeys({}, AT).map(({ key }) => key)).toEqual(['month/2026-11'])
  expect(accountKeys({ runId: 'r', workflow: 'w' }, AT).map(({ key }) => key)).toEqual(['run/r', 'workflow/w/2026-11-21', 'month/2026-11'])
})

test('amounts read as dollars with as many decimals as they have', () => {
  expect([0, 1, 12_300, 1_500_000, 200_000_000].map(usd)).toEqual(['$0.00', '$0.000001', '$0.0123', '$1.50', '$200.00'])
})

describe('a purse', () => {
  const answer = (actualMicroUsd: number) => ({
    actualMicroUsd,
    inputTokens: 1,
    outputTokens: 1,
    provider: 'p',
    model: 'm',
    latencyMs: 1,
    cached: false,
  })

  test('settles each reservation once, whoever repeats it, and refuses one that it did not give', async () => {
    const purse = createFakePurse()
    const { id } = await purse.reserve({ runId: 'r', feature: 'f', estimateMicroUsd: 100 })
    await Promise.all([purse.settle(id, answer(40)), purse.settle(id, answer(40))])
    await purse.release(id)
    expect(purse.rows.accounts.get('run/r')).toMatchObject({ spentMicroUsd: 40, heldMicroUsd: 0 })
    await expect(purse.settle('rsv_unknown', answer(1))).rejects.toMatchObject({ code: 'not_found' })
  })

  test('gives back what was released', async () => {
    const purse = createFakePurse()
    const { id } = await purse.reserve({ runId: 'r', feature: 'f', estimateMicroUsd: 100 })
    await purse.release(id)
    expect(purse.rows.accounts.get('run/r')).toMatchObject({ spentMicroUsd: 0, heldMicroUsd: 0 })
  })

  test('rounds a price below a micro-dollar up, and gathers calls that cost nothing until it is flushed', async () => {
    const purse = createFakePurse()
    const paid = await purse.reserve({ feature: 'f', estimateMicroUsd: 1 })
    await purse.settle(paid.id, answer(0.2))
    const free = await purse.reserve({ feature: 'f', estimateMicroUsd: 0 })
    await purse.settle(free.id, answer(0))
    expect([...purse.rows.calls.values()].map((call) => call.actualMicroUsd)).toEqual([1])
    await purse.flush()
    expect(purse.rows.calls.size).toBe(2)
  })

  test('refuses an estimate that is no whole number of micro-dollars', async () => {
    const purse = createFakePurse()
    for (const estimateMicroUsd of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      await expect(purse.reserve({ feature: 'f', estimateMicroUsd })).rejects.toMatchObject({ code: 'invalid' })
  })
})
