import { AppError } from '../../workers/domain/error'
import type {
  ApiKeyStore,
  Identity,
  LoginFailures,
  RefreshSession,
  SessionStore,
  StoredApiKey,
  StoredTenant,
  StoredUser,
} from '../../workers/domain/identity'

/** Tenants, users, keys and sessions in memory. */
export function createFakeIdentity(): Identity {
  const tenants = new Map<string, StoredTenant>()
  const users: StoredUser[] = []
  const apiKeys = createFakeApiKeys()
  return {
    createTenant: async (tenant, admin, apiKey) => {
      if ([...tenants.values()].some((each) => each.slug === tenant.slug))
        throw new AppError('conflict', `The tenant slug '${tenant.slug}' is taken; choose another.`)
      tenants.set(tenant.id, { ...tenant, revision: 1 })
      users.push(admin)
      await apiKeys.insert(apiKey)
    },
    findTenant: async (id) => tenants.get(id),
    findTenantBySlug: async (slug) => [...tenants.values()].find((each) => each.slug === slug),
    saveSettings: async (tenantId, settings, ifRevision) => {
      const tenant = tenants.get(tenantId)
      if (tenant === undefined || (ifRevision !== undefined && tenant.revision !== ifRevision)) return undefined
      tenants.set(tenantId, { ...tenant, settings, revision: tenant.revision + 1 })
      return tenant.revision + 1
    },
    findUser: async (tenantId, id) => users.find((user) => user.tenantId === tenantId && user.id === id),
    findUserByEmail: async (tenantId, email) => users.find((user) => user.tenantId === tenantId && user.email === email.toLowerCase()),
    apiKeys,
    sessions: createFakeSessions(),
    loginFailures: createFakeLoginFailures(),
  }
}

function createFakeApiKeys(): ApiKeyStore {
  const rows = new Map<string, StoredApiKey>()
  return {
    insert: async (key) => {
      if ([...rows.values()].some((row) => row.prefix === key.prefix))
        throw new AppError('conflict', 'A key with that prefix exists already; try again.')
      rows.set(key.id, { ...key })
    },
    list: async (tenantId) => [...rows.values()].filter((row) => row.tenantId === tenantId).map(({ secretHash: _, ...key }) => key),
    findByPrefix: async (prefix) => [...rows.values()].find((row) => row.prefix === prefix && row.revokedAt === undefined),
    revoke: async (tenantId, id, at) => {
      const row = rows.get(id)
      if (row?.tenantId !== tenantId) return false
      row.revokedAt ??= at
      return true
    },
  }
}

function createFakeSessions(): SessionStore {
  const rows: (RefreshSession & { usedAt?: string; revokedAt?: string })[] = []
  const sessionOf = ({ usedAt: _used, revokedAt: _revoked, ...session }: (typeof rows)[number]) => session
  return {
    insert: async (session) => void rows.push({ ...session }),
    take: async (tokenHash, at) => {
      const row = rows.find((each) => each.tokenHash === tokenHash)
      if (row === undefined) return { kind: 'unknown' }
      if (row.usedAt !== undefined) return { kind: 'reused', session: sessionOf(row) }
      if (row.revokedAt !== undefined || row.expiresAt <= at) return { kind: 'unknown' }
      row.usedAt = at
      return { kind: 'fresh', session: sessionOf(row) }
    },
    revokeFamily: async (family, at) => {
      for (const row of rows) if (row.family === family) row.revokedAt ??= at
    },
    deleteExpired: async (before) => {
      const expired = rows.filter((row) => row.expiresAt < before)
      for (const row of expired) rows.splice(rows.indexOf(row), 1)
      return expired.length
    },
  }
}

function createFakeLoginFailures(): LoginFailures {
  const rows = new Map<string, { count: number; beganAt: string }>()
  return {
    count: async (account, since) => {
      const row = rows.get(account)
      return row !== undefined && row.beganAt >= since ? row.count : 0
    },
    add: async (account, at, since) => {
      const row = rows.get(account)
      rows.set(account, row !== undefined && row.beganAt >= since ? { ...row, count: row.count + 1 } : { count: 1, beganAt: at })
    },
    clear: async (account) => void rows.delete(account),
    deleteBefore: async (before) => {
      const old = [...rows].filter(([, row]) => row.beganAt < before)
      for (const [account] of old) rows.delete(account)
      return old.length
    },
  }
}
