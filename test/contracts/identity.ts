import { describe, expect, test } from 'vitest'
import type { Identity } from '../../workers/domain/identity'
import { Branding } from '../../workers/domain/reports'
import type { RefreshSession } from '../../workers/domain/sessions'
import { TenantSettings } from '../../workers/domain/tenants'

export const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 9, minute)).toISOString()
let counter = 0
export function fresh(prefix: string): string {
  counter += 1
  return `${prefix}${Date.now()}${counter}`
}

export async function createTenant(identity: Identity) {
  const tenant = {
    id: fresh('ten'),
    slug: fresh('slug'),
    name: 'Acme',
    settings: TenantSettings.parse({ branding: Branding.parse({ name: 'Acme' }) }),
    createdAt: at(0),
  }
  const admin = {
    id: fresh('usr'),
    tenantId: tenant.id,
    email: 'admin@acme.example',
    name: 'A',
    role: 'admin' as const,
    passwordHash: 'h',
    createdAt: at(0),
  }
  const key = {
    id: fresh('key'),
    tenantId: tenant.id,
    name: 'First',
    prefix: fresh('p'),
    secretHash: 's',
    role: 'admin' as const,
    createdAt: at(0),
  }
  await identity.createTenant(tenant, admin, key)
  return { tenant, admin, key }
}

export const session = (more: Partial<RefreshSession> = {}): RefreshSession => ({
  id: fresh('ses'),
  tenantId: 't',
  userId: 'u',
  family: fresh('fam'),
  tokenHash: fresh('hash'),
  createdAt: at(0),
  expiresAt: at(30),
  startedAt: at(0),
  userAgent: 'Firefox',
  address: '192.0.2.1',
  ...more,
})

/** What every store of tenants, users, keys and sessions keeps to. */
export function describeIdentity(title: string, make: () => Identity): void {
  describe(title, () => {
    test('a tenant is found with its administrator and its key', async () => {
      const identity = make()
      const { tenant, admin, key } = await createTenant(identity)
      expect(await identity.findTenant(tenant.id)).toEqual({ ...tenant, revision: 1 })
      expect(await identity.findTenantBySlug(tenant.slug)).toEqual({ ...tenant, revision: 1 })
      expect(await identity.findUser(tenant.id, admin.id)).toEqual(admin)
      expect(await identity.findUserByEmail(tenant.id, 'ADMIN@acme.example')).toEqual(admin)
      expect(await identity.apiKeys.findByPrefix(key.prefix)).toEqual(key)
    })

    test('a taken slug is refused and leaves no user and no key behind', async () => {
      const identity = make()
      const { tenant } = await createTenant(identity)
      const second = { ...tenant, id: fresh('ten') }
      const admin = {
        id: fresh('usr'),
        tenantId: second.id,
        email: 'b@acme.example',
        name: 'B',
        role: 'admin' as const,
        passwordHash: 'h',
        createdAt: at(0),
      }
      const key = {
        id: fresh('key'),
        tenantId: second.id,
        name: 'x',
        prefix: fresh('p'),
        secretHash: 's',
        role: 'admin' as const,
        createdAt: at(0),
      }
      await expect(identity.createTenant(second, admin, key)).rejects.toMatchObject({ code: 'conflict' })
      expect(await identity.findUser(second.id, admin.id)).toBeUndefined()
      expect(await identity.apiKeys.findByPrefix(key.prefix)).toBeUndefined()
    })

    test('a user and a key are of their tenant only', async () => {
      const identity = make()
      const [a, b] = [await createTenant(identity), await createTenant(identity)]
      expect(await identity.findUser(b.tenant.id, a.admin.id)).toBeUndefined()
      expect((await identity.apiKeys.list(b.tenant.id)).map((key) => key.id)).toEqual([b.key.id])
      expect(await identity.apiKeys.revoke(b.tenant.id, a.key.id, at(1))).toBe(false)
      expect(await identity.apiKeys.findByPrefix(a.key.prefix)).toBeDefined()
    })

    test('a revoked key is not found any more, and stands in the list without its secret', async () => {
      const identity = make()
      const { tenant, key } = await createTenant(identity)
      expect(await identity.apiKeys.revoke(tenant.id, key.id, at(1))).toBe(true)
      expect(await identity.apiKeys.revoke(tenant.id, key.id, at(2))).toBe(true)
      expect(await identity.apiKeys.findByPrefix(key.prefix)).toBeUndefined()
      const { secretHash: _, ...shown } = key
      expect(await identity.apiKeys.list(tenant.id)).toEqual([{ ...shown, revokedAt: at(1) }])
    })

    test('settings are saved on the revision that they were made from', async () => {
      const identity = make()
      const { tenant } = await createTenant(identity)
      const settings = { ...tenant.settings, locale: 'de' }
      expect(await identity.saveSettings(tenant.id, settings, 7)).toBeUndefined()
      expect(await identity.saveSettings(tenant.id, settings, 1)).toBe(2)
      expect(await identity.saveSettings(tenant.id, settings)).toBe(3)
      expect(await identity.findTenant(tenant.id)).toMatchObject({ revision: 3, settings: { locale: 'de' } })
    })

    test('a refresh token is fresh once, then reused', async () => {
      const { sessions } = make()
      const row = session()
      await sessions.insert(row)
      expect([await sessions.tenantOf(row.tokenHash, at(0)), await sessions.tenantOf(row.tokenHash, at(1))]).toEqual([
        row.tenantId,
        row.tenantId,
      ])
      expect(await sessions.take(row.tokenHash, at(1))).toEqual({ kind: 'fresh', session: row })
      expect([await sessions.tenantOf(row.tokenHash, at(2)), await sessions.tenantOf('never issued', at(2))]).toEqual([
        undefined,
        undefined,
      ])
      expect(await sessions.take(row.tokenHash, at(2))).toEqual({ kind: 'reused', session: row })
      expect(await sessions.take('never issued', at(2))).toEqual({ kind: 'unknown' })
    })

    test('of two who take a token at once one gets it', async () => {
      const { sessions } = make()
      const row = session()
      await sessions.insert(row)
      const taken = await Promise.all([sessions.take(row.tokenHash, at(1)), sessions.take(row.tokenHash, at(1))])
      expect(taken.map((each) => each.kind).sort()).toEqual(['fresh', 'reused'])
    })

    test('an expired token and one of a revoked family are unknown', async () => {
      const { sessions } = make()
      const [old, revoked] = [session({ expiresAt: at(5) }), session()]
      await sessions.insert(old)
      await sessions.insert(revoked)
      await sessions.revokeFamily(revoked.family, at(1))
      expect(await sessions.take(old.tokenHash, at(6))).toEqual({ kind: 'unknown' })
      expect(await sessions.take(revoked.tokenHash, at(2))).toEqual({ kind: 'unknown' })
      expect(await sessions.deleteExpired(at(6))).toBeGreaterThan(0)
    })

    test('devices are the sign-ins that can still be renewed, the last used first', async () => {
      const { sessions } = make()
      const [userId, tenantId] = [fresh('usr'), fresh('ten')]
      const [one, renewed, two] = [
        session({ userId, tenantId, family: fresh('fam') }),
        session({ userId, tenantId, createdAt: at(7), userAgent: 'Safari', address: '192.0.2.7' }),
        session({ userId, tenantId, createdAt: at(3), startedAt: at(3) }),
      ]
      for (const row of [one, two]) await sessions.insert(row)
      await sessions.take(one.tokenHash, at(7))
      await sessions.insert({ ...renewed, family: one.family })
      expect(await sessions.list(tenantId, userId, at(8))).toEqual([
        { id: one.family, userAgent: 'Safari', address: '192.0.2.7', createdAt: at(0), lastUsedAt: at(7), expiresAt: at(30) },
        { id: two.family, userAgent: 'Firefox', address: '192.0.2.1', createdAt: at(3), lastUsedAt: at(3), expiresAt: at(30) },
      ])
      expect(await sessions.list(tenantId, userId, at(31))).toEqual([])
      expect(await sessions.list(fresh('ten'), userId, at(8))).toEqual([])
    })

    test('a sign-in is ended by its user only, and all but one at once', async () => {
      const { sessions } = make()
      const [userId, tenantId] = [fresh('usr'), fresh('ten')]
      const rows = [0, 1, 2].map((minute) => session({ userId, tenantId, createdAt: at(minute) }))
      for (const row of rows) await sessions.insert(row)
      const [first, second, third] = rows.map((row) => row.family)
      expect(await sessions.revoke(tenantId, fresh('usr'), first!, at(4))).toBe(false)
      expect(await sessions.find(tenantId, userId, first!)).toBeDefined()
      expect(await sessions.revoke(tenantId, userId, first!, at(4))).toBe(true)
      expect(await sessions.find(tenantId, userId, first!)).toBeUndefined()
      expect(await sessions.revokeAll(tenantId, userId, at(5), second)).toBe(1)
      expect(await sessions.find(tenantId, userId, second!)).toBeDefined()
      expect(await sessions.find(tenantId, userId, third!)).toBeUndefined()
    })

    test('a token that is made while its sign-in is revoked is dead from the start', async () => {
      const { sessions } = make()
      const row = session()
      await sessions.insert(row)
      await sessions.take(row.tokenHash, at(1))
      await sessions.revokeFamily(row.family, at(2))
      const late = session({ family: row.family })
      await sessions.insert(late)
      expect(await sessions.take(late.tokenHash, at(3))).toEqual({ kind: 'unknown' })
      expect(await sessions.find(row.tenantId, row.userId, row.family)).toBeUndefined()
    })

    test('a person stands as long as account and sign-in do', async () => {
      const identity = make()
      const { tenant, admin } = await createTenant(identity)
      const row = session({ tenantId: tenant.id, userId: admin.id })
      await identity.sessions.insert(row)
      expect(await identity.findStanding(tenant.id, admin.id, row.family)).toEqual({ role: 'admin' })
      expect(await identity.findStanding(tenant.id, admin.id, fresh('fam'))).toBeUndefined()
      expect(await identity.findStanding(fresh('ten'), admin.id, row.family)).toBeUndefined()
      await identity.sessions.revokeFamily(row.family, at(2))
      expect(await identity.findStanding(tenant.id, admin.id, row.family)).toBeUndefined()
    })

    test('failed sign-ins count within their window and begin anew after it', async () => {
      const { loginFailures } = make()
      const account = fresh('account')
      await loginFailures.add(account, at(0), at(-15))
      expect(await loginFailures.add(account, at(1), at(-14))).toBe(2)
      expect(await loginFailures.add(account, at(2), at(-13))).toBe(3)
      await loginFailures.takeBack(account)
      expect(await loginFailures.count(account, at(-14))).toBe(2)
      expect(await loginFailures.count(account, at(5))).toBe(0)
      await loginFailures.add(account, at(20), at(5))
      expect(await loginFailures.count(account, at(5))).toBe(1)
      await loginFailures.clear(account)
      expect(await loginFailures.count(account, at(5))).toBe(0)
    })
  })
}
