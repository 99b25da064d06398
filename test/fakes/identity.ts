import { AppError } from '../../workers/domain/error'
import type { Identity, LoginFailures, StoredApiKey, StoredTenant, StoredUser } from '../../workers/domain/identity'
import type { PasskeyStore } from '../../workers/domain/passkeys'
import type { CustomRole } from '../../workers/domain/roles'
import type { SecondFactors } from '../../workers/domain/second-factors'
import { endOf, isUseDue, lackOf } from '../../workers/domain/sign-in-policy'
import { isOpen } from '../../workers/domain/tenant-life'
import { createFakeApiKeys } from './api-keys'
import { createFakeMembers } from './members'
import { createFakeOneTimeTokens } from './one-time-tokens'
import { createFakeRoles } from './roles'
import { createFakeServiceAccounts } from './service-accounts'
import { createFakeSessions } from './sessions'

/** Where it is looked up whether somebody has a second factor, and what time it is. */
export interface FakeIdentityStage {
  secondFactors?: SecondFactors
  passkeys?: PasskeyStore
  now?: () => Date
}

/** Tenants, users, keys and sessions in memory. */
export function createFakeIdentity({ secondFactors, passkeys, now = () => new Date() }: FakeIdentityStage = {}): Identity {
  const tenants = new Map<string, StoredTenant>()
  const users: StoredUser[] = []
  const serviceAccounts = createFakeServiceAccounts()
  const oneTimeTokens = createFakeOneTimeTokens()
  const roles = createFakeRoles((tenantId, role, at) => {
    const holders = [
      users,
      keyRows.filter((key) => key.revokedAt === undefined && (key.expiresAt ?? '~') > at),
      serviceAccounts.rows.filter((account) => account.disabledAt === undefined),
    ]
    const isOpen = oneTimeTokens.rows.some(
      (row) => row.usedAt === undefined && row.expiresAt > at && row.tenantId === tenantId && row.role === role,
    )
    return isOpen || holders.flat().some((holder) => holder.tenantId === tenantId && holder.role === role)
  })
  const keyRows: StoredApiKey[] = []
  const apiKeys = createFakeApiKeys(keyRows, roles, serviceAccounts)
  const sessions = createFakeSessions()
  const hasFactor = async (tenantId: string, userId: string) =>
    (await secondFactors?.find(tenantId, userId))?.confirmedAt !== undefined || ((await passkeys?.list(tenantId, userId)) ?? []).length > 0
  const change = (tenantId: string, changes: Partial<StoredTenant>, ifRevision: number | undefined) => {
    const tenant = tenants.get(tenantId)
    if (tenant === undefined || (ifRevision !== undefined && tenant.revision !== ifRevision)) return undefined
    tenants.set(tenantId, { ...tenant, ...changes, revision: tenant.revision + 1 })
    return tenant.revision + 1
  }
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
    saveSettings: async (tenantId, settings, ifRevision) => change(tenantId, { settings }, ifRevision),
    saveSignInPolicy: async (tenantId, signInPolicy, ifRevision) => change(tenantId, { signInPolicy }, ifRevision),
    findUser: async (tenantId, id) => users.find((user) => user.tenantId === tenantId && user.id === id),
    findUserByEmail: async (tenantId, email) => users.find((user) => user.tenantId === tenantId && user.email === email.toLowerCase()),
    findStanding: async (tenantId, userId, family) => {
      const user = users.find((each) => each.tenantId === tenantId && each.id === userId)
      const [policy, at] = [tenants.get(tenantId)?.signInPolicy, now().toISOString()]
      const signIn = await sessions.find(tenantId, userId, family)
      if (!isOpen(tenants.get(tenantId)) || user === undefined || user.disabledAt !== undefined || signIn === undefined) return undefined
      if ((endOf(signIn, policy) ?? '~') <= at) return undefined
      if (isUseDue(signIn, policy, at)) await sessions.touch(tenantId, userId, family, at)
      const standing = { role: user.role, ...permissionsIn(await roles.find(tenantId, user.role)) }
      const secondFactor = lackOf({ ...standing, hasFactor: await hasFactor(tenantId, userId) }, signIn, policy)
      return { ...standing, ...(secondFactor && { secondFactor }) }
    },
    apiKeys: {
      ...apiKeys,
      findByPrefix: async (prefix) => {
        const key = await apiKeys.findByPrefix(prefix)
        return key && isOpen(tenants.get(key.tenantId)) ? key : undefined
      },
    },
    setLife: async (tenantId, life) => {
      const tenant = tenants.get(tenantId)
      if (tenant === undefined) return false
      const { suspendedAt: _s, deletionAskedAt: _d, erasedFrom: _e, ...rest } = tenant
      tenants.set(tenantId, { ...rest, ...life })
      return true
    },
    sessions,
    members: createFakeMembers(users, async (tenantId, at) => (await oneTimeTokens.list(tenantId, 'invitation', at)).length),
    roles,
    serviceAccounts,
    oneTimeTokens,
    loginFailures: createFakeLoginFailures(),
  }
}

const permissionsIn = (role: CustomRole | undefined) => role && { permissions: role.permissions }

function createFakeLoginFailures(): LoginFailures {
  const rows = new Map<string, { count: number; beganAt: string }>()
  return {
    count: async (account, since) => {
      const row = rows.get(account)
      return row !== undefined && row.beganAt >= since ? row.count : 0
    },
    add: async (account, at, since) => {
      const row = rows.get(account)
      const next = row !== undefined && row.beganAt >= since ? { ...row, count: row.count + 1 } : { count: 1, beganAt: at }
      rows.set(account, next)
      return next.count
    },
    takeBack: async (account) => {
      const row = rows.get(account)
      if (row !== undefined && row.count > 0) row.count -= 1
    },
    clear: async (account) => void rows.delete(account),
    deleteBefore: async (before) => {
      const old = [...rows].filter(([, row]) => row.beganAt < before)
      for (const [account] of old) rows.delete(account)
      return old.length
    },
  }
}
