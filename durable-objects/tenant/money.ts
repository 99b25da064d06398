import { expireHolds, giveBack, type HoldRequest, type SettledCall, settleCall, takeHold } from '../../workers/domain/accounts'
import type { Account, Grant } from '../../workers/domain/budgets'
import { ok, type Result } from '../../workers/domain/error'
import { checkQuota } from '../../workers/domain/plans'
import type { BudgetView } from '../../workers/domain/tenant-control'
import type { Settings } from './settings'
import type { SqlAccounts } from './sql-accounts'

/** Accounts of ended runs, days and months are kept as long as somebody may ask about them. */
const KEPT_MS = 100 * 86_400_000

/** The tenant's money. Every method is one synchronous piece: run it inside a transaction. */
export class Money {
  constructor(
    private readonly sql: SqlStorage,
    private readonly accounts: SqlAccounts,
    private readonly settings: Settings,
  ) {}

  reserve(request: HoldRequest, at: Date): Result<Grant> {
    const quota = checkQuota(this.settings.plan, 'tokensPerMonth', this.tokens(at))
    if (quota.ok && request.neededMicroUsd === 0) return ok({ amountMicroUsd: 0, economise: false })
    const granted = quota.ok ? takeHold(this.accounts, this.settings.ceilings, request, at) : quota
    if (!granted.ok && request.runId !== undefined)
      this.sql.exec('INSERT OR IGNORE INTO unpaid (run_id, since) VALUES (?, ?)', request.runId, at.getTime())
    return granted
  }

  settle(holdId: string | undefined, calls: readonly SettledCall[], isLast: boolean, at: Date): Result<null> {
    for (const call of calls) {
      settleCall(this.accounts, holdId, call, at)
      const tokens = call.row.inputTokens + call.row.outputTokens
      if (tokens > 0 && !call.row.cached)
        this.sql.exec(
          'INSERT INTO counters (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value',
          tokensOf(at),
          tokens,
        )
    }
    if (isLast && holdId !== undefined) giveBack(this.accounts, holdId, at)
    return ok(null)
  }

  tokens(at: Date): number {
    return this.sql.exec<{ value: number }>('SELECT value FROM counters WHERE name = ?', tokensOf(at)).toArray()[0]?.value ?? 0
  }

  /** Runs that were refused money before a time and have not ended, longest first. */
  unpaid(limit: number, before = Number.MAX_SAFE_INTEGER): string[] {
    return this.sql
      .exec<{ run_id: string }>('SELECT run_id FROM unpaid WHERE since < ? ORDER BY since LIMIT ?', before, limit)
      .toArray()
      .map((row) => row.run_id)
  }

  forgetUnpaid(runId: string): void {
    this.sql.exec('DELETE FROM unpaid WHERE run_id = ?', runId)
  }

  tidy(at: Date): void {
    expireHolds(this.accounts, at.getTime())
    this.accounts.prune(at.getTime() - KEPT_MS)
  }

  view(at: Date): Pick<BudgetView, 'ceilings' | 'plan' | 'month' | 'workflowsToday' | 'tokensThisMonth'> {
    const day = at.toISOString().slice(0, 10)
    const suffix = `/${day}`
    const month = this.accounts.account(`month/${day.slice(0, 7)}`)
    return {
      ceilings: this.settings.ceilings,
      plan: this.settings.plan,
      month: sumsOf(month),
      workflowsToday: this.accounts
        .startingWith('workflow/')
        .filter(({ key }) => key.endsWith(suffix))
        .map((account) => ({ workflow: account.key.slice('workflow/'.length, -suffix.length), ...sumsOf(account) })),
      tokensThisMonth: this.tokens(at),
    }
  }
}

const tokensOf = (at: Date): string => `tokens/${at.toISOString().slice(0, 7)}`

const sumsOf = (account: Account | undefined) => ({
  spentMicroUsd: account?.spentMicroUsd ?? 0,
  heldMicroUsd: account?.heldMicroUsd ?? 0,
  lostMicroUsd: account?.lostMicroUsd ?? 0,
})
