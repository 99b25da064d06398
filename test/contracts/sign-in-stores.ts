import { describe, expect, test } from 'vitest'
import type { IdentityProvider, IdentityProviderStore } from '../../workers/domain/identity-providers'
import type { Passkey, PasskeyStore } from '../../workers/domain/passkeys'
import type { SignInChallenges } from '../../workers/domain/sign-in-challenges'
import { at, fresh } from './identity'

const passkeyOf = (more: Partial<Passkey> = {}): Passkey => ({
  ...{ id: fresh('psk'), tenantId: fresh('ten'), userId: fresh('usr'), name: 'Laptop', credentialId: fresh('cred'), publicKey: 'AAAA' },
  ...{ counter: 0, transports: ['internal'], isSynced: true, createdAt: at(0) },
  ...more,
})

/** What every store of passkeys keeps to. */
export function describePasskeys(title: string, make: () => PasskeyStore): void {
  describe(title, () => {
    test('keeps a passkey as it is, and a credential once over all tenants', async () => {
      const store = make()
      const passkey = passkeyOf()
      await store.insert(passkey)
      expect(await store.findByCredential(passkey.credentialId)).toEqual(passkey)
      expect(await store.find(passkey.tenantId, passkey.userId, passkey.id)).toEqual(passkey)
      await expect(store.insert(passkeyOf({ credentialId: passkey.credentialId }))).rejects.toMatchObject({ code: 'conflict' })
    })

    test('shows a user only the own ones, the oldest first', async () => {
      const store = make()
      const first = passkeyOf()
      const { tenantId, userId } = first
      const second = passkeyOf({ tenantId, userId, createdAt: at(1) })
      for (const each of [first, second, passkeyOf({ tenantId }), passkeyOf({ userId })]) await store.insert(each)
      expect(await store.list(tenantId, userId)).toEqual([first, second])
      expect(await store.find(fresh('ten'), userId, first.id)).toBeUndefined()
      expect(await store.find(tenantId, fresh('usr'), first.id)).toBeUndefined()
    })

    test('takes a counter that rises, once, and one that stays at nought', async () => {
      const store = make()
      const passkey = passkeyOf()
      await store.insert(passkey)
      expect([await store.use(passkey.id, 0, at(1)), await store.use(passkey.id, 0, at(2))]).toEqual([true, true])
      const both = await Promise.all([store.use(passkey.id, 5, at(3)), store.use(passkey.id, 5, at(3))])
      expect(both.sort()).toEqual([false, true])
      expect([await store.use(passkey.id, 4, at(4)), await store.use(passkey.id, 0, at(4))]).toEqual([false, false])
      expect(await store.findByCredential(passkey.credentialId)).toMatchObject({ counter: 5, lastUsedAt: at(3) })
      expect(await store.use(fresh('psk'), 9, at(5))).toBe(false)
    })

    test('removes one or all of a user, and nothing of another', async () => {
      const store = make()
      const passkey = passkeyOf()
      const { tenantId, userId, id } = passkey
      const other = passkeyOf({ tenantId })
      for (const each of [passkey, passkeyOf({ tenantId, userId }), other]) await store.insert(each)
      expect(await store.remove(fresh('ten'), userId, id)).toBe(false)
      expect(await store.remove(tenantId, other.userId, id)).toBe(false)
      expect([await store.remove(tenantId, userId, id), await store.remove(tenantId, userId, id)]).toEqual([true, false])
      expect([await store.removeAll(tenantId, userId), await store.removeAll(tenantId, userId)]).toEqual([1, 0])
      expect(await store.list(tenantId, other.userId)).toHaveLength(1)
    })
  })
}

/** What every store of challenges keeps to. */
export function describeSignInChallenges(title: string, make: () => SignInChallenges): void {
  describe(title, () => {
    test('gives a challenge once, to its kind, in time', async () => {
      const store = make()
      const challenge = { kind: 'oidc_start', hash: fresh('h'), tenantId: 't', context: '{}', expiresAt: at(10) } as const
      await store.put(challenge)
      expect(await store.take('sign_in_code', challenge.hash, at(1))).toBeUndefined()
      expect(await store.take('oidc_start', challenge.hash, at(10))).toBeUndefined()
      const both = await Promise.all([store.take('oidc_start', challenge.hash, at(1)), store.take('oidc_start', challenge.hash, at(1))])
      expect(both.filter((taken) => taken !== undefined)).toEqual([challenge])
    })

    test('deletes what has expired', async () => {
      const store = make()
      const [old, young] = [fresh('h'), fresh('h')]
      await store.put({ kind: 'passkey_sign_in', hash: old, expiresAt: at(1) })
      await store.put({ kind: 'passkey_sign_in', hash: young, expiresAt: at(9) })
      expect(await store.deleteExpired(at(5))).toBe(1)
      expect(await store.take('passkey_sign_in', young, at(2))).toBeDefined()
    })
  })
}

const providerOf = (more: Partial<IdentityProvider> = {}): IdentityProvider => ({
  ...{
    tenantId: fresh('ten'),
    name: 'company',
    issuer: 'https://login.example',
    clientId: 'c',
    scopes: ['openid'],
    allowedDomains: ['a.example'],
  },
  ...{ createsAccounts: true, defaultRole: 'client', roleMapping: [], createdAt: at(0), updatedAt: at(0) },
  ...more,
})

/** What every store of identity providers keeps to. */
export function describeIdentityProviders(title: string, make: () => IdentityProviderStore): void {
  describe(title, () => {
    test('keeps a provider, and its secret until another or none is given', async () => {
      const store = make()
      const provider = providerOf()
      const { tenantId, name } = provider
      await store.put(provider, 'one')
      expect(await store.find(tenantId, name)).toEqual({ ...provider, clientSecret: 'one' })
      await store.put({ ...provider, clientId: 'd', updatedAt: at(1) }, undefined)
      expect(await store.find(tenantId, name)).toMatchObject({ clientId: 'd', clientSecret: 'one', createdAt: at(0), updatedAt: at(1) })
      expect(await store.list(tenantId)).toMatchObject([{ name, hasSecret: true }])
      expect(JSON.stringify(await store.list(tenantId))).not.toContain('clientSecret')
      await store.put(provider, null)
      expect(await store.find(tenantId, name)).toEqual(provider)
    })

    test('is deleted in its own tenant only', async () => {
      const store = make()
      const { tenantId, name } = providerOf()
      await store.put(providerOf({ tenantId }), undefined)
      expect(await store.delete(fresh('ten'), name)).toBe(false)
      expect([await store.delete(tenantId, name), await store.delete(tenantId, name)]).toEqual([true, false])
    })

    test('links an account of a provider to one person, the first, in each tenant', async () => {
      const store = make()
      const link = { tenantId: fresh('ten'), issuer: 'i', subject: 's', userId: 'usr_1', createdAt: at(0) }
      const linked = await Promise.all([store.link(link), store.link({ ...link, userId: 'usr_2' })])
      expect(new Set(linked.map(({ userId }) => userId)).size).toBe(1)
      expect(await store.findLink(link.tenantId, 'i', 's')).toEqual(linked[0])
      expect(await store.findLink(fresh('ten'), 'i', 's')).toBeUndefined()
      expect(await store.findLink(link.tenantId, 'i', 'other')).toBeUndefined()
    })
  })
}
