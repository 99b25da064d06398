import type { ErasurePart } from '../domain/tenant-life-erasure'

/** R2 lists and deletes at most this many at a time. */
const FILES_PER_CALL = 1_000

/** Everything below the prefix of a tenant in R2. */
export function createR2FileErasure(bucketOf: (tenantId: string) => R2Bucket): ErasurePart {
  return {
    async erase(tenantId) {
      const bucket = bucketOf(tenantId)
      const { objects, truncated } = await bucket.list({ prefix: `tenants/${tenantId}/`, limit: FILES_PER_CALL })
      if (objects.length > 0) await bucket.delete(objects.map(({ key }) => key))
      return { erased: { files: objects.length }, isMore: truncated }
    },
  }
}
