import { describe, expect, test } from 'vitest'
import type { Identity } from '../../workers/domain/identity'
import type { OneTimeToken } from '../../workers/domain/one-time-tokens'
import { at, createTenant, fresh, session } from './identity'

const token = (more: Partial<OneTimeToken> = {}): OneTimeToken => ({
  id: fresh('ott'),
  tenantId: fresh('ten'),
  purpose: 'invitation',
  tokenHash: fresh('hash'),
  email: 'jo@acme.example',
  createdAt: at(0),
  expiresAt: at(30),
  ...more,
})

/** What every store of people, roles, service accounts and mailed tokens keeps to. */
export function describeMembers(title: string, make: () => Identity): void {
  const member = (tenantId: string, role: string, minute = 1) => ({
    id: fresh('usr'),
    tenantId,
    email: `${fresh('m')}@acme.example`,
    name: 'M',
    role,
    passwordHash: 'h',
    createdAt: at(minute),
  })
  const customRole = (tenantId: string, name: string, permissions = ['runs:read']) => ({
    tenantId,
    name,
    description: 'd',
    permissions,
    createdAt: at(0),
    updatedAt: at(0),
  })

  describe(`${title}: people`, () => {
    test('users are listed by tenant without their hashes, the newest first, in pages', async () => {
      const identity = make()
      const { tenant, admin } = await createTenant(identity)
      const joined = member(tenant.id, 'agent')
      await identity.members.insert(joined)
      const first = await identity.members.list(tenant.id, { limit: 1 })
      const { passwordHash: _, ...shown } = joined
      expect(first.items).toEqual([shown])
      const second = await identity.members.list(tenant.id, { limit: 1, cursor: first.nextCursor! })
      expect(second).toMatchObject({ items: [{ id: admin.id }] })
      await expect(identity.members.insert({ ...joined, id: fresh('usr') })).rejects.toMatchObject({ code: 'conflict' })
    })

    test('the last administrator can be neither demoted nor disabled, and a disabled one does not count', async () => {
      const identity = make()
      const { tenant, admin } = await createTenant(identity)
      const { members } = identity
      expect(await members.setRole(tenant.id, admin.id, 'client')).toBe('last_admin')
      expect(await members.disable(tenant.id, admin.id, at(1))).toBe('last_admin')
      expect(await members.setRole(tenant.id, admin.id, 'admin')).toBe('changed')
      const second = member(tenant.id, 'admin')
      await members.insert(second)
      expect(await members.disable(tenant.id, second.id, at(2))).toBe('changed')
      expect(await members.setRole(tenant.id, admin.id, 'client')).toBe('last_admin')
      expect(await members.enable(tenant.id, second.id)).toBe(true)
      expect(await members.setRole(tenant.id, admin.id, 'client')).toBe('changed')
      expect(await members.disable(tenant.id, fresh('usr'), at(3))).toBe('unknown')
      expect(await members.enable(fresh('ten'), second.id)).toBe(false)
    })

    test('two administrators cannot remove each other at once', async () => {
      const identity = make()
      const { tenant, admin } = await createTenant(identity)
      const second = member(tenant.id, 'admin')
      await identity.members.insert(second)
      const outcomes = await Promise.all([admin, second].map(({ id }) => identity.members.setRole(tenant.id, id, 'agent')))
      expect(outcomes.sort()).toEqual(['changed', 'last_admin'])
    })

    test('a password and the proof of an address are kept', async () => {
      const identity = make()
      const { tenant, admin } = await createTenant(identity)
      await identity.members.setPassword(tenant.id, admin.id, 'another hash')
      await identity.members.verifyEmail(tenant.id, admin.id, at(4))
      await identity.members.verifyEmail(tenant.id, admin.id, at(5))
      expect(await identity.findUser(tenant.id, admin.id)).toEqual({ ...admin, passwordHash: 'another hash', emailVerifiedAt: at(4) })
    })

    test('a disabled person does not stand, and one with a role of the tenant stands with its permissions', async () => {
      const identity = make()
      const { tenant } = await createTenant(identity)
      const person = member(tenant.id, 'reader')
      const row = session({ tenantId: tenant.id, userId: person.id })
      await identity.roles.put(customRole(tenant.id, 'reader'))
      await identity.members.insert(person)
      await identity.sessions.insert(row)
      const standing = () => identity.findStanding(tenant.id, person.id, row.family)
      expect(await standing()).toEqual({ role: 'reader', permissions: ['runs:read'] })
      await identity.members.disable(tenant.id, person.id, at(2))
      expect(await standing()).toBeUndefined()
    })
  })

  describe(`${title}: roles and programs`, () => {
    test('a role is replaced, listed by tenant, and deleted once nobody has it', async () => {
      const identity = make()
      const { tenant, key } = await createTenant(identity)
      const { roles, members } = identity
      const role = customRole(tenant.id, 'reader')
      await roles.put(role)
      await roles.put({ ...role, permissions: ['reports:read'], createdAt: at(9), updatedAt: at(9) })
      expect(await roles.list(tenant.id)).toEqual([{ ...role, permissions: ['reports:read'], updatedAt: at(9) }])
      expect(await roles.find(fresh('ten'), 'reader')).toBeUndefined()
      const holder = member(tenant.id, 'reader')
      await members.insert(holder)
      expect(await roles.delete(tenant.id, 'reader', at(10))).toBe('in_use')
      await members.setRole(tenant.id, holder.id, 'client')
      await identity.apiKeys.insert({ ...key, id: fresh('key'), prefix: fresh('p'), role: 'reader', expiresAt: at(11) })
      expect(await roles.delete(tenant.id, 'reader', at(10))).toBe('in_use')
      const invitation = token({ tenantId: tenant.id, role: 'reader', expiresAt: at(20) })
      await identity.oneTimeTokens.insert(invitation)
      expect(await roles.delete(tenant.id, 'reader', at(12))).toBe('in_use')
      await identity.oneTimeTokens.take('invitation', invitation.tokenHash, at(13))
      const account = { id: fresh('sva'), tenantId: tenant.id, name: 'S', role: 'reader', createdAt: at(0) }
      await identity.serviceAccounts.insert(account)
      expect(await roles.delete(tenant.id, 'reader', at(14))).toBe('in_use')
      await identity.serviceAccounts.disable(tenant.id, account.id, at(14))
      expect(await roles.delete(tenant.id, 'reader', at(15))).toBe('deleted')
      expect(await roles.delete(tenant.id, 'reader', at(15))).toBe('unknown')
    })

    test('a key comes with scopes, end, and what a role of the tenant may do', async () => {
      const identity = make()
      const { tenant, key } = await createTenant(identity)
      await identity.roles.put(customRole(tenant.id, 'reader', ['runs:read', 'reports:read']))
      const scoped = { ...key, id: fresh('key'), prefix: fresh('p'), role: 'reader', scopes: ['runs:read'], expiresAt: at(30) }
      await identity.apiKeys.insert(scoped)
      expect(await identity.apiKeys.findByPrefix(scoped.prefix)).toEqual({ ...scoped, rolePermissions: ['runs:read', 'reports:read'] })
      const { secretHash: _, ...shown } = scoped
      expect(await identity.apiKeys.find(tenant.id, scoped.id)).toEqual(shown)
      expect(await identity.apiKeys.find(fresh('ten'), scoped.id)).toBeUndefined()
    })

    test('a key ends at the earlier time, and its use is noted at most once in a while', async () => {
      const { apiKeys, ...identity } = make()
      const { tenant, key } = await createTenant({ ...identity, apiKeys })
      await apiKeys.expire(tenant.id, key.id, at(20))
      await apiKeys.expire(tenant.id, key.id, at(30))
      await apiKeys.touch(key.id, at(1), at(0))
      await apiKeys.touch(key.id, at(2), at(1))
      expect(await apiKeys.find(tenant.id, key.id)).toMatchObject({ expiresAt: at(20), lastUsedAt: at(1) })
      await apiKeys.touch(key.id, at(3), at(2))
      expect(await apiKeys.find(tenant.id, key.id)).toMatchObject({ lastUsedAt: at(3) })
    })

    test('the keys of a disabled service account open nothing', async () => {
      const identity = make()
      const { tenant, key } = await createTenant(identity)
      const account = { id: fresh('sva'), tenantId: tenant.id, name: 'Import', role: 'client', createdAt: at(0) }
      await identity.serviceAccounts.insert(account)
      const its = { ...key, id: fresh('key'), prefix: fresh('p'), serviceAccountId: account.id }
      await identity.apiKeys.insert(its)
      expect(await identity.apiKeys.findByPrefix(its.prefix)).toEqual(its)
      expect(await identity.serviceAccounts.disable(fresh('ten'), account.id, at(1))).toBe(false)
      expect(await identity.serviceAccounts.disable(tenant.id, account.id, at(1))).toBe(true)
      expect(await identity.serviceAccounts.disable(tenant.id, account.id, at(2))).toBe(true)
      expect(await identity.serviceAccounts.list(tenant.id)).toEqual([{ ...account, disabledAt: at(1) }])
      expect(await identity.serviceAccounts.find(tenant.id, account.id)).toEqual({ ...account, disabledAt: at(1) })
      expect(await identity.serviceAccounts.find(fresh('ten'), account.id)).toBeUndefined()
    })
  })

  describe(`${title}: mailed tokens`, () => {
    test('a token is taken once, for its purpose, before it expires', async () => {
      const { oneTimeTokens } = make()
      const row = token({ role: 'client', createdBy: 'usr_1' })
      await oneTimeTokens.insert(row)
      expect(await oneTimeTokens.take('password_reset', row.tokenHash, at(1))).toBeUndefined()
      expect(await oneTimeTokens.take('invitation', row.tokenHash, at(30))).toBeUndefined()
      expect(await oneTimeTokens.find('invitation', row.tokenHash, at(1))).toEqual(row)
      const taken = await Promise.all([1, 2].map(() => oneTimeTokens.take('invitation', row.tokenHash, at(1))))
      expect(taken.filter((each) => each !== undefined)).toEqual([row])
      expect(await oneTimeTokens.find('invitation', row.tokenHash, at(1))).toBeUndefined()
    })

    test('a newer token for the same address makes the earlier void, and a revoked one is void', async () => {
      const { oneTimeTokens } = make()
      const first = token()
      const second = token({ tenantId: first.tenantId, createdAt: at(1) })
      await oneTimeTokens.insert(first)
      await oneTimeTokens.insert(second)
      expect(await oneTimeTokens.take('invitation', first.tokenHash, at(2))).toBeUndefined()
      const { tokenHash: _, ...shown } = second
      expect(await oneTimeTokens.list(first.tenantId, 'invitation', at(2))).toEqual([shown])
      expect(await oneTimeTokens.revoke(fresh('ten'), 'invitation', second.id, at(2))).toBe(false)
      expect(await oneTimeTokens.revoke(first.tenantId, 'invitation', second.id, at(2))).toBe(true)
      expect(await oneTimeTokens.revoke(first.tenantId, 'invitation', second.id, at(2))).toBe(false)
      expect(await oneTimeTokens.take('invitation', second.tokenHash, at(3))).toBeUndefined()
    })
  })
}
