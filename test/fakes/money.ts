import { DEFAULT_CEILINGS } from '../../workers/domain/budgets'
import type { Plan } from '../../workers/domain/plans'
import type { BudgetView, TenantMoney } from '../../workers/domain/tenant-control'

const NOTHING = { spentMicroUsd: 0, heldMicroUsd: 0, lostMicroUsd: 0 }

/** Money of a tenant that spends none: a plan and ceilings in memory. */
export function createFakeMoney(first: Plan): TenantMoney {
  let view: BudgetView = {
    ceilings: DEFAULT_CEILINGS,
    plan: first,
    month: NOTHING,
    workflowsToday: [],
    tokensThisMonth: 0,
    runs: { active: 0, pending: 0, startedToday: 0 },
    waitingForMoney: [],
  }
  return {
    budgets: async () => view,
    setCeilings: async (ceilings) => {
      view = { ...view, ceilings }
      return view
    },
    setPlan: async (plan) => {
      view = { ...view, plan }
      return view
    },
    usage: async () => [],
  }
}
