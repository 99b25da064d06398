import type { SecurityEvent, SecurityEvents } from '../../workers/domain/security-events'
import { newestFirst } from './newest-first'

/** Security events in memory. */
export function createFakeSecurityEvents(): SecurityEvents {
  const rows: SecurityEvent[] = []
  return {
    record: async (event) => void rows.push({ ...event }),
    list: async (tenantId, { kind, createdFrom = '', createdTo = '~', ...page }) => {
      const chosen = rows.filter(
        (row) => row.tenantId === tenantId && (kind ?? row.kind) === row.kind && row.at >= createdFrom && row.at < createdTo,
      )
      const { items, ...rest } = newestFirst(
        chosen.map((row) => ({ ...row, createdAt: row.at })),
        page,
      )
      return { ...rest, items: items.map(({ createdAt: _, ...row }) => row) }
    },
  }
}
