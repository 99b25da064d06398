/**
 * Token buckets, exact in the Tenant object and spent by lease: an isolate takes a slice of tokens and counts them down by itself, so
 * that a request costs no call to the object. A bucket never gives more than `burst + perSecond · seconds`, leases included.
 */

/** What a route costs its tenant: reading, changing something, starting a run. */
export const ROUTE_CLASSES = ['read', 'write', 'start'] as const
export type RouteClass = (typeof ROUTE_CLASSES)[number]

export interface RateLimit {
  perSecond: number
  /** Tokens of a full bucket: what may come at once. */
  burst: number
}

export interface Bucket {
  tokens: number
  /** Milliseconds since the epoch. */
  updatedAt: number
}

/** The bucket as it stands at `now`. A clock that went back refills nothing. */
export function refill(bucket: Bucket | undefined, limit: RateLimit, now: number): Bucket {
  if (bucket === undefined) return { tokens: limit.burst, updatedAt: now }
  const gained = (Math.max(0, now - bucket.updatedAt) / 1_000) * limit.perSecond
  return { tokens: Math.min(limit.burst, bucket.tokens + gained), updatedAt: Math.max(now, bucket.updatedAt) }
}

export interface LeaseRequest {
  /** Who asks, within the tenant: an API key or a user. */
  principalId: string
  routeClass: RouteClass
  wanted: number
  /** Tokens of the last lease that were not used while it was good. */
  returned: number
}

export interface TokenLease {
  granted: number
  /** How long the tokens are good. */
  validMs: number
  limit: number
  /** Whole tokens that stay in the emptier bucket. */
  remaining: number
  /** Until that bucket is full again. */
  resetMs: number
  /** With nothing granted: until the next token. */
  retryAfterMs: number
}

/** Unused tokens are forgotten after this: an isolate that went to sleep must not wake with yesterday's tokens. */
export const LEASE_MS = 2_000

/** Takes up to `wanted` whole tokens from all buckets at once: the tenant's and the key's. */
export function leaseTokens(
  buckets: readonly { bucket: Bucket | undefined; limit: RateLimit }[],
  { wanted, returned }: Pick<LeaseRequest, 'wanted' | 'returned'>,
  now: number,
): { buckets: Bucket[]; lease: TokenLease } {
  const filled = buckets.map(({ bucket, limit }) => {
    const { tokens, updatedAt } = refill(bucket, limit, now)
    return { limit, updatedAt, tokens: Math.min(limit.burst, tokens + Math.max(0, returned)) }
  })
  const tightest = filled.reduce((a, b) => (b.tokens < a.tokens ? b : a))
  const granted = Math.max(0, Math.min(Math.floor(wanted), Math.floor(tightest.tokens)))
  const left = tightest.tokens - granted
  return {
    buckets: filled.map(({ tokens, updatedAt }) => ({ tokens: tokens - granted, updatedAt })),
    lease: {
      granted,
      validMs: LEASE_MS,
      limit: tightest.limit.burst,
      remaining: Math.floor(left),
      resetMs: Math.ceil(((tightest.limit.burst - left) / tightest.limit.perSecond) * 1_000),
      retryAfterMs: granted > 0 ? 0 : Math.max(1, Math.ceil(((1 - left) / tightest.limit.perSecond) * 1_000)),
    },
  }
}

/** What the answer to one request says of its limit. */
export interface RateDecision {
  isAllowed: boolean
  limit: number
  remaining: number
  resetMs: number
  retryAfterMs: number
}

/** A slice of tokens in one isolate. */
export interface Slice {
  tokens: number
  used: number
  goodUntil: number
  /** Until then nothing is to be had, so nobody needs to ask. */
  deniedUntil: number
  lease: TokenLease
}

const FIRST_SLICE = 16

/** How many tokens to ask for: twice what the last slice used, so that a quiet caller holds few and a busy one asks once a second. */
export const wantedTokens = (last: Slice | undefined): number => Math.max(FIRST_SLICE, 2 * (last?.used ?? 0))

export const sliceOf = (lease: TokenLease, now: number): Slice => ({
  tokens: lease.granted,
  used: 0,
  goodUntil: now + lease.validMs,
  deniedUntil: lease.granted === 0 ? now + lease.retryAfterMs : 0,
  lease,
})

/** Spends one token of the slice. Undefined when the slice has none that are good: ask for another lease. */
export function spendToken(slice: Slice, now: number): RateDecision | undefined {
  const { lease } = slice
  if (now < slice.deniedUntil)
    return { isAllowed: false, limit: lease.limit, remaining: 0, resetMs: lease.resetMs, retryAfterMs: slice.deniedUntil - now }
  if (slice.tokens < 1 || now >= slice.goodUntil) return undefined
  slice.tokens -= 1
  slice.used += 1
  return { isAllowed: true, limit: lease.limit, remaining: slice.tokens + lease.remaining, resetMs: lease.resetMs, retryAfterMs: 0 }
}

/** Tokens of requests of one principal. The promise is only there when a lease has to be asked for. */
export interface RateLimits {
  check(tenantId: string, principalId: string, routeClass: RouteClass): RateDecision | Promise<RateDecision>
}

/** Slices that one isolate keeps; above it the oldest go. */
const MAX_SLICES = 5_000

/** Counts requests down from leases. `lease` asks the Tenant object; when that fails, requests are let through: a limit is no reason to be down. */
export function createRateLimits(deps: {
  lease(tenantId: string, request: LeaseRequest): Promise<TokenLease>
  now(): number
  onLeaseFailed(thrown: unknown): void
}): RateLimits {
  const slices = new Map<string, Slice>()
  const asking = new Set<string>()
  const ask = async (key: string, tenantId: string, principalId: string, routeClass: RouteClass): Promise<RateDecision> => {
    const last = slices.get(key)
    // One asks for the slice, those who come meanwhile for a token each: no request waits for a promise of another request.
    const isFirst = !asking.has(key)
    const returned = isFirst && last !== undefined && deps.now() < last.goodUntil ? last.tokens : 0
    if (last !== undefined && returned > 0) last.tokens = 0
    asking.add(key)
    try {
      const lease = await deps.lease(tenantId, { principalId, routeClass, wanted: isFirst ? wantedTokens(last) : 1, returned })
      const slice = sliceOf(lease, deps.now())
      const decision = spendToken(slice, deps.now())
      if (isFirst || slice.deniedUntil > 0) keep(slices, key, slice)
      return decision ?? { isAllowed: true, limit: lease.limit, remaining: lease.remaining, resetMs: lease.resetMs, retryAfterMs: 0 }
    } catch (thrown) {
      deps.onLeaseFailed(thrown)
      return { isAllowed: true, limit: 0, remaining: 0, resetMs: 0, retryAfterMs: 0 }
    } finally {
      if (isFirst) asking.delete(key)
    }
  }
  return {
    check: (tenantId, principalId, routeClass) => {
      const key = `${tenantId}/${principalId}/${routeClass}`
      const slice = slices.get(key)
      return (slice && spendToken(slice, deps.now())) ?? ask(key, tenantId, principalId, routeClass)
    },
  }
}

function keep(slices: Map<string, Slice>, key: string, slice: Slice): void {
  slices.delete(key)
  slices.set(key, slice)
  if (slices.size <= MAX_SLICES) return
  for (const oldest of slices.keys()) {
    slices.delete(oldest)
    return
  }
}
