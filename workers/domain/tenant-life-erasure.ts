/** What was erased of a tenant, or is being erased: the certificate that stays when all else is gone. */
export interface TenantErasure {
  tenantId: string
  slug: string
  /** When the deletion was asked for. */
  askedAt: string
  beganAt: string
  /** Absent while something may be left. */
  finishedAt?: string
  /** How many parts are through. */
  done: number
  /** How much was erased, by kind: `keys`, `runs`, `files`, …, and `rows of <table>`. */
  counts: Record<string, number>
}

/** One kind of things that a tenant has, or a few. */
export interface ErasurePart {
  /** Erases some of them and gives how many, by kind. `isMore`: ask again. What is gone already is no error. */
  erase(tenantId: string): Promise<{ erased: Record<string, number>; isMore: boolean }>
}

export interface TenantErasures {
  find(tenantId: string): Promise<TenantErasure | undefined>
  /** Begins the erasures of tenants whose period is over; again it changes nothing. */
  beginDue(at: string): Promise<void>
  /** Those that are not at their end, the longest begun first. */
  listOpen(limit: number): Promise<TenantErasure[]>
  save(erasure: TenantErasure): Promise<void>
  /** Takes the tenant's own row away and completes the certificate, both or neither. */
  finish(erasure: TenantErasure, at: string): Promise<void>
}

/** Tenants that one sweep goes on with. */
const TENANTS_PER_SWEEP = 3
/** Calls of parts for one tenant in one sweep; each is up to about twenty requests, of the thousand that an invocation has. */
const CALLS_PER_TENANT = 12

/**
 * Erases what is due, in bounded portions: begins, goes on, and completes certificates. A portion that broke off is done again, and counts
 * what it erased at least once. A tenant that fails does not keep the others from it.
 */
export async function eraseTenants(deps: {
  erasures: TenantErasures
  parts: readonly ErasurePart[]
  now: Date
}): Promise<{ finished: number; failed: number }> {
  const { erasures, parts, now } = deps
  const outcome = { finished: 0, failed: 0 }
  await erasures.beginDue(now.toISOString())
  for (const erasure of await erasures.listOpen(TENANTS_PER_SWEEP)) {
    try {
      if (await erasePortion(erasures, parts, erasure)) {
        await erasures.finish(erasure, now.toISOString())
        outcome.finished += 1
      }
    } catch (thrown) {
      outcome.failed += 1
      console.error(JSON.stringify({ message: 'a tenant was not erased', tenantId: erasure.tenantId, error: String(thrown) }))
    }
  }
  return outcome
}

/** True when all parts are through. */
async function erasePortion(erasures: TenantErasures, parts: readonly ErasurePart[], erasure: TenantErasure): Promise<boolean> {
  for (let calls = 0; calls < CALLS_PER_TENANT; calls += 1) {
    const part = parts[erasure.done]
    if (part === undefined) return true
    const { erased, isMore } = await part.erase(erasure.tenantId)
    for (const [kind, count] of Object.entries(erased)) erasure.counts[kind] = (erasure.counts[kind] ?? 0) + count
    if (!isMore) erasure.done += 1
    await erasures.save(erasure)
  }
  return parts[erasure.done] === undefined
}
