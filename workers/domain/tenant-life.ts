import { AppError } from './error'
import type { Tenant } from './tenants'

/** Marks of a tenant's life; a tenant without any is active. */
export type TenantLife = Pick<Tenant, 'suspendedAt' | 'deletionAskedAt' | 'erasedFrom'>

/** `suspended`: closed until the operator reactivates it. `deleting`: closed, and erased from a time on unless that is taken back. */
export type TenantStatus = 'active' | 'suspended' | 'deleting'

/** A deletion can be taken back for so many days unless another number is asked for. */
export const DELETION_DAYS = 30
/** Below a day, work that began before the tenant was closed could write after it was erased. */
export const DELETION_DAYS_LEAST = 1
export const DELETION_DAYS_MOST = 365
const DAY_MS = 86_400_000

export function statusOf({ suspendedAt, deletionAskedAt }: TenantLife): TenantStatus {
  if (deletionAskedAt !== undefined) return 'deleting'
  return suspendedAt === undefined ? 'active' : 'suspended'
}

/** Whether anybody comes in and anything starts. */
export const isOpen = (tenant: TenantLife | undefined): boolean => tenant !== undefined && statusOf(tenant) === 'active'

const CLOSED = {
  suspended: 'This tenant is suspended; its operator can reactivate it.',
  deleting: 'This tenant is being deleted; until it is erased its operator can take that back.',
} as const

/** Refuses `forbidden` (reason `tenant_suspended` or `tenant_deleting`) for a closed tenant. For somebody who has proven to belong to it. */
export function requireOpen(tenant: TenantLife): void {
  const status = statusOf(tenant)
  if (status !== 'active') throw new AppError('forbidden', CLOSED[status], { reason: `tenant_${status}` })
}

/** Suspending again keeps the first time. A deletion that runs stays. */
export const suspended = (life: TenantLife, now: Date): TenantLife => ({ ...life, suspendedAt: life.suspendedAt ?? now.toISOString() })

export const reactivated = ({ suspendedAt: _, ...life }: TenantLife): TenantLife => life

/** Asking again keeps the first period: nobody shortens it by asking twice. */
export function deletionAsked(life: TenantLife, now: Date, days = DELETION_DAYS): TenantLife {
  if (life.deletionAskedAt !== undefined) return life
  return { ...life, deletionAskedAt: now.toISOString(), erasedFrom: new Date(now.getTime() + days * DAY_MS).toISOString() }
}

/** Refuses `conflict` (reason `erasing`) once erasing may have begun. A tenant that was suspended before is suspended again. */
export function deletionTakenBack({ deletionAskedAt, erasedFrom, ...life }: TenantLife, now: Date): TenantLife {
  if (deletionAskedAt !== undefined && erasedFrom !== undefined && erasedFrom <= now.toISOString())
    throw new AppError('conflict', 'The period is over and the tenant is being erased; import an export of it into a new one.', {
      reason: 'erasing',
    })
  return life
}
