import { unwrap } from '../domain/error'
import type { TenantMoney, TenantObject } from '../domain/tenant-control'
import type { Usage } from '../domain/usage'

/** Money of one tenant for the door: its object, and the table of usage brought up to date before it is summed. */
export const createTenantMoney = (
  tenant: () => Pick<TenantObject, 'budgets' | 'setCeilings' | 'setPlan' | 'projectUsage'>,
  usage: Pick<Usage, 'sum'>,
): TenantMoney => ({
  budgets: async () => unwrap(await tenant().budgets()),
  setCeilings: async (ceilings) => unwrap(await tenant().setCeilings(ceilings)),
  setPlan: async (plan) => unwrap(await tenant().setPlan(plan)),
  usage: async (query) => {
    unwrap(await tenant().projectUsage())
    return await usage.sum(query)
  },
})
