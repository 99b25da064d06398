import type { ServiceAccount, ServiceAccountStore } from '../../workers/domain/service-accounts'

/** Service accounts in memory. */
export function createFakeServiceAccounts(): ServiceAccountStore & { rows: ServiceAccount[] } {
  const rows: ServiceAccount[] = []
  const find = (tenantId: string, id: string) => rows.find((row) => row.tenantId === tenantId && row.id === id)
  return {
    rows,
    insert: async (account) => void rows.push({ ...account }),
    find: async (tenantId, id) => find(tenantId, id),
    list: async (tenantId) => rows.filter((row) => row.tenantId === tenantId),
    disable: async (tenantId, id, at) => {
      const row = find(tenantId, id)
      if (row !== undefined) row.disabledAt ??= at
      return row !== undefined
    },
  }
}
