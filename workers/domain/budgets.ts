import * as z from 'zod'
import { type Refusal, type Result, refuse } from './error'

/** Money is integer micro-dollars. Days and months are those of UTC. */

/** What a call is for, and the most it can cost. */
export interface ReserveRequest {
  /** The run and step that pay; absent for a question asked outside any run. */
  runId?: string
  stepKey?: string
  workflow?: string
  agent?: string
  /** The skill or product feature: `classify`, `answer`, `embed`. */
  feature: string
  /** Upper bound: estimated input tokens plus `maxOutputTokens`, at the route's prices. 0 for what costs nothing. */
  estimateMicroUsd: number
  /** The call takes tokens that a plan counts: asked for also where it costs nothing. */
  takesTokens?: boolean
}

export interface Reservation {
  /** Also the id of the call: settling it twice counts it once. */
  id: string
  reservedMicroUsd: number
  /** `economise` from 80 % of any ceiling on: take a cheaper model where one is able. */
  advice: 'proceed' | 'economise'
}

/** What the call came to. */
export interface Settlement {
  actualMicroUsd: number
  inputTokens: number
  outputTokens: number
  provider: string
  model: string
  latencyMs: number
  cached: boolean
  degraded?: boolean
}

/**
 * Money of one tenant. Reserve before every model or paid call, then settle or release, always one of the two.
 *
 * 1. What is spent and held together never exceeds a ceiling, whatever runs at once; only a call that costs more than its own
 *    estimate can, and the next reservation sees it.
 * 2. A reservation that is neither settled nor released is given back after `RESERVATION_MS`; a settlement that comes later still counts.
 */
export interface Purse {
  /**
   * Throws `over_budget`: `reason` is the ceiling (`run_ceiling`, `workflow_day_ceiling`, `tenant_month_ceiling`), the message says spent,
   * limit and what to do; with `retryAfterMs` where money that calls under way hold may come free.
   */
  reserve(request: ReserveRequest): Promise<Reservation>
  /** Throws `not_found` for a reservation that this purse did not give. Twice with the same id counts once. */
  settle(reservationId: string, settlement: Settlement): Promise<void>
  /** The call was not made, or is known to have cost nothing. */
  release(reservationId: string): Promise<void>
  /** Sends what is still to be recorded: calls that cost nothing are gathered. Ask it at the end of a step or request. */
  flush(): Promise<void>
}

/** Longer than any model call with its retries; a crash holds money no longer than this. */
export const RESERVATION_MS = 5 * 60_000
/** From this share of a ceiling on, cheaper models are advised. */
export const ECONOMISE_SHARE = 0.8

const Limit = z.int().min(0).max(1_000_000_000_000).nullable()

/** What may be spent. `null` means no ceiling. A workflow's own ceilings replace the general ones for its runs. */
export const Ceilings = z.object({
  runMicroUsd: Limit,
  workflowDayMicroUsd: Limit,
  tenantMonthMicroUsd: Limit,
  workflows: z.record(z.string().max(100), z.object({ runMicroUsd: Limit.optional(), workflowDayMicroUsd: Limit.optional() })).default({}),
})
export type Ceilings = z.infer<typeof Ceilings>

/** What holds until somebody sets something else: enough to work with, small enough that a loop in a workflow costs no more than a lunch. */
export const DEFAULT_CEILINGS: Ceilings = {
  runMicroUsd: 2_000_000,
  workflowDayMicroUsd: 20_000_000,
  tenantMonthMicroUsd: 200_000_000,
  workflows: {},
}

export type CeilingKind = 'run' | 'workflow_day' | 'tenant_month'
/** The closed words by which a program tells which ceiling was met. */
export const CEILING_REASONS = {
  run: 'run_ceiling',
  workflow_day: 'workflow_day_ceiling',
  tenant_month: 'tenant_month_ceiling',
} as const satisfies Record<CeilingKind, string>
/** Whether a refusal is one that a raised ceiling, a new day or a new month resolves. */
export const isBudgetRefusal = ({ code, reason }: Pick<Refusal, 'code' | 'reason'>): boolean =>
  code === 'over_budget' && Object.values<string | undefined>(CEILING_REASONS).includes(reason)

/** One account of the ledger: what a run, a workflow's day or a tenant's month has spent and holds. */
export interface Account {
  key: string
  kind: CeilingKind
  spentMicroUsd: number
  heldMicroUsd: number
  /** Held by reservations that ran out: a provider may have charged for it without our knowing. */
  lostMicroUsd: number
  updatedAt: number
}

/** The accounts that a call is charged to. */
export function accountKeys({ runId, workflow }: { runId?: string; workflow?: string }, at: Date): { key: string; kind: CeilingKind }[] {
  const day = at.toISOString().slice(0, 10)
  return [
    ...(runId === undefined ? [] : [{ key: `run/${runId}`, kind: 'run' as const }]),
    ...(workflow === undefined ? [] : [{ key: `workflow/${workflow}/${day}`, kind: 'workflow_day' as const }]),
    { key: `month/${day.slice(0, 7)}`, kind: 'tenant_month' as const },
  ]
}

/** The ceiling of each kind for a workflow. */
export function limitOf(ceilings: Ceilings, kind: CeilingKind, workflow: string | undefined): number | null {
  const own = workflow !== undefined && Object.hasOwn(ceilings.workflows, workflow) ? ceilings.workflows[workflow] : undefined
  if (kind === 'run') return own?.runMicroUsd === undefined ? ceilings.runMicroUsd : own.runMicroUsd
  if (kind === 'workflow_day') return own?.workflowDayMicroUsd === undefined ? ceilings.workflowDayMicroUsd : own.workflowDayMicroUsd
  return ceilings.tenantMonthMicroUsd
}

export interface LimitedAccount extends Account {
  limitMicroUsd: number | null
}
export interface Grant {
  amountMicroUsd: number
  economise: boolean
}

/** A slice may take at most this share of what is left beyond its own need, so that a fan-out over many runs is not starved by one. */
const SLICE_SHARE = 1 / 16

/**
 * How much may be held: at least `needed`, up to `wanted` where there is plenty. Refuses `over_budget` by the first ceiling that has no
 * room for `needed`; with `retryAfterMs` when it would have, were nothing held by others.
 */
export function decideGrant(accounts: readonly LimitedAccount[], needed: number, wanted: number): Result<Grant> {
  let room = Number.POSITIVE_INFINITY
  let economise = false
  for (const account of accounts) {
    if (account.limitMicroUsd === null) continue
    const left = account.limitMicroUsd - account.spentMicroUsd - account.heldMicroUsd
    if (needed > left) return refuseAt(account, needed)
    room = Math.min(room, left)
    economise ||= account.spentMicroUsd + account.heldMicroUsd + needed >= account.limitMicroUsd * ECONOMISE_SHARE
  }
  const extra = Math.max(0, Math.min(wanted - needed, Math.floor((room - needed) * SLICE_SHARE)))
  return { ok: true, value: { amountMicroUsd: needed + (economise ? 0 : extra), economise } }
}

const NAMES = {
  run: { what: 'this run', raise: 'the ceiling for runs' },
  workflow_day: { what: 'this workflow today', raise: "the workflow's ceiling for a day, or wait for tomorrow (UTC)" },
  tenant_month: { what: 'this month', raise: 'the ceiling for the month' },
} as const satisfies Record<CeilingKind, object>
/** A call under way seldom takes longer; asking earlier would be noise. */
const HELD_RETRY_MS = 5_000

function refuseAt(account: LimitedAccount, needed: number): Result<never> {
  const limit = account.limitMicroUsd ?? 0
  const { what, raise } = NAMES[account.kind]
  const spent = `${usd(account.spentMicroUsd)} of ${usd(limit)} are spent for ${what}${account.heldMicroUsd > 0 ? ` and ${usd(account.heldMicroUsd)} are held by calls under way` : ''}; the next call may cost ${usd(needed)}.`
  const isHeld = needed <= limit - account.spentMicroUsd
  return refuse('over_budget', `${spent} Raise ${raise} with PUT /api/v1/budgets; the run then goes on with what it has.`, {
    reason: CEILING_REASONS[account.kind],
    ...(isHeld && { retryAfterMs: HELD_RETRY_MS }),
  })
}

/** `$0.0123`: as many decimals as a micro-dollar amount needs, at least two. */
export function usd(microUsd: number): string {
  const text = (microUsd / 1_000_000).toFixed(6)
  return `$${text.replace(/(\.\d\d\d*?)0+$/, '$1')}`
}

/** The same purse, with who pays filled in where a request does not say. */
export const chargedTo = (purse: Purse, payer: Pick<ReserveRequest, 'runId' | 'stepKey' | 'workflow' | 'agent'>): Purse => ({
  reserve: (request) => purse.reserve({ ...payer, ...request }),
  settle: (id, settlement) => purse.settle(id, settlement),
  release: (id) => purse.release(id),
  flush: () => purse.flush(),
})
