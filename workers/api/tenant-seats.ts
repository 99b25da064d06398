import { unwrap } from '../domain/error'
import { checkQuota } from '../domain/plans'
import type { ApiDeps } from './deps'

/**
 * Refuses `over_budget` (402, reason `plan_seats`) when so many people more are above what the tenant's plan has. Everybody who is not
 * disabled has a seat, and every open invitation. Nothing is set aside: people who come at the same moment are each held against those
 * who are there by then.
 */
export async function requireSeats(deps: Pick<ApiDeps, 'money' | 'identity' | 'clock'>, tenantId: string, more: number): Promise<void> {
  if (deps.money === undefined) return
  const [{ plan }, used] = await Promise.all([
    deps.money(tenantId).budgets(),
    deps.identity.members.countSeats(tenantId, deps.clock.now().toISOString()),
  ])
  unwrap(checkQuota(plan, 'seats', used, more))
}
