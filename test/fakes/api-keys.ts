import { AppError } from '../../workers/domain/error'
import type { ApiKeyStore, StoredApiKey } from '../../workers/domain/identity'
import type { RoleStore } from '../../workers/domain/roles'
import type { ServiceAccount } from '../../workers/domain/service-accounts'

/** API keys in memory, in the rows that are given. */
export function createFakeApiKeys(
  rows: StoredApiKey[],
  roles: Pick<RoleStore, 'find'>,
  serviceAccounts: { rows: ServiceAccount[] },
): ApiKeyStore {
  const withoutSecret = ({ secretHash: _, ...key }: StoredApiKey) => ({ ...key })
  const own = (tenantId: string, id: string) => rows.find((row) => row.tenantId === tenantId && row.id === id)
  const isDisabled = (id: string | undefined) => serviceAccounts.rows.find((account) => account.id === id)?.disabledAt !== undefined
  return {
    insert: async (key) => {
      if (rows.some((row) => row.prefix === key.prefix)) throw new AppError('conflict', 'A key with that prefix exists already; try again.')
      rows.push({ ...key })
    },
    list: async (tenantId) => rows.filter((row) => row.tenantId === tenantId).map(withoutSecret),
    findByPrefix: async (prefix) => {
      const row = rows.find((each) => each.prefix === prefix && each.revokedAt === undefined)
      if (row === undefined || isDisabled(row.serviceAccountId)) return undefined
      const role = await roles.find(row.tenantId, row.role)
      return { ...row, ...(role && { rolePermissions: role.permissions }) }
    },
    find: async (tenantId, id) => {
      const row = own(tenantId, id)
      return row && withoutSecret(row)
    },
    expire: async (tenantId, id, at) => {
      const row = own(tenantId, id)
      if (row !== undefined && (row.expiresAt ?? '~') > at) row.expiresAt = at
    },
    touch: async (id, at, notedSince) => {
      const row = rows.find((each) => each.id === id)
      if (row !== undefined && (row.lastUsedAt ?? '') < notedSince) row.lastUsedAt = at
    },
    revoke: async (tenantId, id, at) => {
      const row = own(tenantId, id)
      if (row === undefined) return false
      row.revokedAt ??= at
      return true
    },
  }
}
