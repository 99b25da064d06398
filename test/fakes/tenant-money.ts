import { type Ceilings, DEFAULT_CEILINGS } from '../../workers/domain/budgets'
import { DEFAULT_PLAN, type Plan } from '../../workers/domain/plans'
import type { BudgetView, TenantMoney } from '../../workers/domain/tenant-control'
import type { UsageGroup, UsageRow, UsageSum } from '../../workers/domain/usage'

/** Money of one tenant in memory: ceilings, plan, and sums over `rows`, which tests fill. */
export function createFakeTenantMoney(): TenantMoney & { rows: UsageRow[] } {
  const rows: UsageRow[] = []
  const state: { ceilings: Ceilings; plan: Plan } = { ceilings: DEFAULT_CEILINGS, plan: DEFAULT_PLAN }
  const view = async (): Promise<BudgetView> => ({
    ...state,
    month: { spentMicroUsd: rows.reduce((sum, row) => sum + row.actualMicroUsd, 0), heldMicroUsd: 0, lostMicroUsd: 0 },
    workflowsToday: [],
    tokensThisMonth: 0,
    runs: { active: 0, pending: 0, startedToday: 0 },
    waitingForMoney: [],
  })
  return {
    rows,
    budgets: view,
    setCeilings: async (ceilings) => {
      state.ceilings = ceilings
      return await view()
    },
    setPlan: async (plan) => {
      state.plan = plan
      return await view()
    },
    usage: async ({ groupBy, from, to, workflow, runId, limit }) => {
      const wanted = rows.filter(
        (row) =>
          row.at >= from &&
          row.at < to &&
          (workflow === undefined || row.workflow === workflow) &&
          (runId === undefined || row.runId === runId),
      )
      const sums = new Map<string, UsageSum>()
      for (const row of wanted) {
        const group = Object.fromEntries(groupBy.map((name) => [name, dimensionOf(row, name)]))
        const sum = sums.get(JSON.stringify(group)) ?? {
          group,
          calls: 0,
          cachedCalls: 0,
          degradedCalls: 0,
          inputTokens: 0,
          outputTokens: 0,
          costMicroUsd: 0,
          latencyMs: 0,
        }
        sum.calls += 1
        sum.cachedCalls += Number(row.cached)
        sum.degradedCalls += Number(row.degraded ?? false)
        sum.inputTokens += row.inputTokens
        sum.outputTokens += row.outputTokens
        sum.costMicroUsd += row.actualMicroUsd
        sum.latencyMs += row.latencyMs
        sums.set(JSON.stringify(group), sum)
      }
      const key = (sum: UsageSum) => JSON.stringify(groupBy.map((name) => sum.group[name] ?? ''))
      return [...sums.values()]
        .sort((a, b) => b.costMicroUsd - a.costMicroUsd || b.calls - a.calls || (key(a) < key(b) ? -1 : 1))
        .slice(0, limit)
    },
  }
}

const dimensionOf = (row: UsageRow, group: UsageGroup): string =>
  ({
    day: row.at.slice(0, 10),
    workflow: row.workflow ?? '',
    run: row.runId ?? '',
    step: row.stepKey ?? '',
    agent: row.agent ?? '',
    feature: row.feature,
    provider: row.provider,
    model: row.model,
  })[group]
