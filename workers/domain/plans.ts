import * as z from 'zod'
import { ok, type Refusal, type Result, refuse } from './error'
import { type RateLimit, ROUTE_CLASSES, type RouteClass } from './rate-limits'

const Count = z.int().min(0).max(1_000_000_000_000_000)

/** What a tenant has bought. The operator sets it; ceilings for money, which the tenant sets itself, stand beside it. */
export const Plan = z.object({
  name: z.string().min(1).max(60),
  /** Runs at work at once; runs that wait for a person, an event or a time do not count. */
  concurrentRuns: Count.min(1),
  /** Of these, how many may be batch, so that an interactive run finds room. */
  batchRuns: Count.min(1),
  /** Runs that may wait for room. */
  pendingRuns: Count,
  runsPerDay: Count,
  tokensPerMonth: Count,
  storageBytes: Count,
  seats: Count,
  rates: z.record(
    z.enum(ROUTE_CLASSES),
    z.object({ perSecond: z.number().positive().max(100_000), burst: z.number().min(1).max(1_000_000) }),
  ),
})
export type Plan = z.infer<typeof Plan>

const rates = (read: RateLimit, write: RateLimit, start: RateLimit): Record<RouteClass, RateLimit> => ({ read, write, start })

/** Plans by name. `standard` is what a tenant has until the operator says otherwise. */
export const PLANS = {
  trial: {
    name: 'trial',
    concurrentRuns: 4,
    batchRuns: 2,
    pendingRuns: 200,
    runsPerDay: 500,
    tokensPerMonth: 5_000_000,
    storageBytes: 1_000_000_000,
    seats: 3,
    rates: rates({ perSecond: 50, burst: 100 }, { perSecond: 10, burst: 20 }, { perSecond: 5, burst: 20 }),
  },
  standard: {
    name: 'standard',
    concurrentRuns: 100,
    batchRuns: 50,
    pendingRuns: 20_000,
    runsPerDay: 1_000_000,
    tokensPerMonth: 500_000_000,
    storageBytes: 100_000_000_000,
    seats: 50,
    rates: rates({ perSecond: 5_000, burst: 10_000 }, { perSecond: 500, burst: 2_000 }, { perSecond: 1_000, burst: 2_000 }),
  },
  enterprise: {
    name: 'enterprise',
    concurrentRuns: 1_000,
    batchRuns: 800,
    pendingRuns: 200_000,
    runsPerDay: 10_000_000,
    tokensPerMonth: 10_000_000_000,
    storageBytes: 5_000_000_000_000,
    seats: 5_000,
    rates: rates({ perSecond: 20_000, burst: 40_000 }, { perSecond: 5_000, burst: 10_000 }, { perSecond: 5_000, burst: 10_000 }),
  },
} as const satisfies Record<string, Plan>
export type PlanName = keyof typeof PLANS
export const DEFAULT_PLAN: Plan = PLANS.standard

/** Quotas that are compared with a count, with what to do when one is used up. */
const QUOTAS = {
  storageBytes: { what: 'bytes of documents', advice: 'delete documents' },
  seats: { what: 'users', advice: 'remove users' },
  tokensPerMonth: { what: 'model tokens this month', advice: 'wait for the next month (UTC)' },
} as const
export type Quota = keyof typeof QUOTAS

/** Refuses `over_budget` (reason `plan_<quota>`) when `used` and `more` together are above what the plan has. */
export function checkQuota(plan: Plan, quota: Quota, used: number, more = 0): Result<null> {
  const limit = plan[quota]
  if (used + more <= limit) return ok(null)
  const { what, advice } = QUOTAS[quota]
  return refuse('over_budget', `The plan '${plan.name}' has ${limit} ${what}; ${used} are used. Take a larger plan, or ${advice}.`, {
    reason: `plan_${quota}` satisfies Refusal['reason'],
  })
}
