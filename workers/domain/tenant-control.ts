import type { HoldRequest, SettledCall } from './accounts'
import type { RunPriority } from './admission'
import type { AuditAnswer, AuditCall } from './audit'
import type { Account, Ceilings, Grant } from './budgets'
import type { DumpedObject } from './dumps'
import type { Result } from './error'
import type { Plan } from './plans'
import type { LeaseRequest, TokenLease } from './rate-limits'
import type { StartRequest } from './run-control'
import type { RunSummary } from './runs'
import type { UsageQuery, UsageSum } from './usage'

/** Money and plan of a tenant as `GET /budgets` gives them. */
export interface BudgetView {
  ceilings: Ceilings
  plan: Plan
  month: Pick<Account, 'spentMicroUsd' | 'heldMicroUsd' | 'lostMicroUsd'>
  /** Workflows that spent something today (UTC). */
  workflowsToday: ({ workflow: string } & Pick<Account, 'spentMicroUsd' | 'heldMicroUsd' | 'lostMicroUsd'>)[]
  tokensThisMonth: number
  runs: { active: number; pending: number; startedToday: number }
  /** Runs that wait for money. */
  waitingForMoney: string[]
}

/** A run that waits for room, with what it is to be started with. */
export interface PendingRun {
  request: StartRequest
  priority: RunPriority
  createdAt: string
}

export type Admission = { kind: 'start' } | { kind: 'wait' } | { kind: 'pending'; run: PendingRun }

/** RPC of the tenant object, named by the tenant's id. */
export interface TenantObject {
  /** Sets money aside: see `takeHold`. */
  reserve(request: HoldRequest): Promise<Result<Grant>>
  /** Records calls and, with `giveBack`, ends the hold. The same call twice counts once. */
  settle(holdId: string | undefined, calls: SettledCall[], giveBack: boolean): Promise<Result<null>>
  budgets(): Promise<Result<BudgetView>>
  setCeilings(ceilings: Ceilings): Promise<Result<BudgetView>>
  setPlan(plan: Plan): Promise<Result<BudgetView>>
  lease(request: LeaseRequest): Promise<TokenLease>
  /** Takes room for a run, says that it has to wait, or that it waits already. Asked again for a run at work it says `start`. */
  admit(run: { runId: string; workflow: string; priority: RunPriority }): Promise<Result<Admission>>
  /** Keeps a run until there is room; it is then started, exactly once by its id. */
  enqueue(request: StartRequest, priority: RunPriority): Promise<Result<PendingRun>>
  /** Resolves when the run is no longer at work, at the latest after `mostMs`. */
  untilQuiet(runId: string, mostMs: number): Promise<Result<null>>
  /** The run is not at work after all. */
  leave(runId: string): Promise<Result<null>>
  pending(runId: string): Promise<Result<PendingRun | null>>
  /** Takes a run out of those that wait; null when it does not wait. */
  withdraw(runId: string): Promise<Result<PendingRun | null>>
  /** Writes list rows of runs and learns from them which are at work. Resolves once they are stored. */
  project(rows: RunSummary[]): Promise<Result<null>>
  /** Writes the settled calls that are not in the usage table yet. */
  projectUsage(): Promise<Result<null>>
  /** Keeps and tells the tenant's audit: see `Audit`. */
  audit(call: AuditCall): Promise<Result<AuditAnswer>>
}

/** Money and plan of one tenant, as doors use them. */
export interface TenantMoney {
  budgets(): Promise<BudgetView>
  setCeilings(ceilings: Ceilings): Promise<BudgetView>
  setPlan(plan: Plan): Promise<BudgetView>
  /** Sums over the calls settled so far. */
  usage(query: UsageQuery): Promise<UsageSum[]>
}

export interface TenantNamespace {
  getByName(name: string): TenantObject &
    DumpedObject & {
      /** Destroys all that the object holds. */
      purge(): Promise<Result<null>>
    }
}
