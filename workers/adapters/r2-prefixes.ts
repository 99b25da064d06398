import type { FilePrefixes } from '../domain/file-prefixes'

/** Keys of one listing, and of one deletion, in R2. */
const PAGE = 1_000

/** Files of one tenant in R2 by the beginning of their keys. */
export function createR2Prefixes(bucket: R2Bucket, tenantId: string): FilePrefixes {
  const root = `tenants/${tenantId}/`
  return {
    list: async (prefix, { limit, after }) => {
      const { objects } = await bucket.list({ prefix: root + prefix, limit, ...(after !== undefined && { startAfter: root + after }) })
      return objects.map(({ key }) => key.slice(root.length))
    },
    remove: async (prefix) => {
      let removed = 0
      for (;;) {
        const { objects } = await bucket.list({ prefix: root + prefix, limit: PAGE })
        if (objects.length === 0) return removed
        await bucket.delete(objects.map(({ key }) => key))
        removed += objects.length
      }
    },
  }
}
