import type { Plan } from '../../workers/domain/plans'
import { type Bucket, type LeaseRequest, leaseTokens, type TokenLease } from '../../workers/domain/rate-limits'

/** Keys of a tenant whose buckets are kept; a bucket that is dropped is full again. */
const MAX_BUCKETS = 10_000

/**
 * Token buckets of a tenant and of each of its keys. In memory only: an object that was idle long enough to be evicted has full buckets
 * anyway, and a write a lease would cost more than it protects.
 */
export class Rates {
  private readonly buckets = new Map<string, Bucket>()

  lease(plan: Plan, request: LeaseRequest, now: number): TokenLease {
    const limit = plan.rates[request.routeClass]
    const names = [request.routeClass, `${request.routeClass}/${request.principalId}`]
    const { buckets, lease } = leaseTokens(
      names.map((name) => ({ bucket: this.buckets.get(name), limit })),
      request,
      now,
    )
    for (const [index, name] of names.entries()) {
      const bucket = buckets[index]
      if (bucket !== undefined) this.keep(name, bucket)
    }
    return lease
  }

  private keep(name: string, bucket: Bucket): void {
    this.buckets.delete(name)
    this.buckets.set(name, bucket)
    if (this.buckets.size <= MAX_BUCKETS) return
    for (const oldest of this.buckets.keys()) {
      this.buckets.delete(oldest)
      return
    }
  }
}
