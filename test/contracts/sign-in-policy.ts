import { describe, expect, test } from 'vitest'
import type { Identity } from '../../workers/domain/identity'
import type { PasskeyStore } from '../../workers/domain/passkeys'
import type { SecondFactors } from '../../workers/domain/second-factors'
import { type SavedSignInPolicy, SHIPPED_SIGN_IN_POLICY } from '../../workers/domain/sign-in-policy'
import { NAUGHTY_STRINGS } from '../fuzz/naughty-strings'
import { at, createTenant, fresh, session } from './identity'

export interface PolicyStores {
  identity: Identity
  secondFactors: SecondFactors
  passkeys: PasskeyStore
}

const policy = (more: Partial<SavedSignInPolicy>): SavedSignInPolicy => ({ ...SHIPPED_SIGN_IN_POLICY, restLimitedSince: at(0), ...more })

/** What every identity keeps to where a tenant asks something of the sign-ins of its people. `now` is what the stores take for the time. */
export function describeSignInPolicy(title: string, make: (now: () => Date) => PolicyStores): void {
  async function stage(asked: Partial<SavedSignInPolicy>, isStrong = false) {
    let minute = 0
    const stores = make(() => new Date(at(minute)))
    const { tenant, admin } = await createTenant(stores.identity)
    const row = session({ tenantId: tenant.id, userId: admin.id, ...(isStrong && { isStrong: true }) })
    await stores.identity.sessions.insert(row)
    await stores.identity.saveSignInPolicy(tenant.id, policy(asked))
    const standing = (later = minute) => {
      minute = later
      return stores.identity.findStanding(tenant.id, admin.id, row.family)
    }
    return { ...stores, tenant, admin, row, standing }
  }

  describe(`${title}: what is asked of sign-ins`, () => {
    test('is kept beside the settings, on the revision that it was made from', async () => {
      const { identity, tenant } = await stage({ idleMinutes: 30 })
      const kept = policy({ requireSecondFactor: 'everyone', absoluteHours: 8, restLimitedSince: at(5) })
      expect(await identity.saveSignInPolicy(tenant.id, kept, 1)).toBeUndefined()
      expect(await identity.saveSignInPolicy(tenant.id, kept, 2)).toBe(3)
      const footer = NAUGHTY_STRINGS.join('')
      const settings = { ...tenant.settings, branding: { ...tenant.settings.branding, footer } }
      expect(await identity.saveSettings(tenant.id, settings)).toBe(4)
      expect(await identity.findTenant(tenant.id)).toEqual({ ...tenant, settings, revision: 4, signInPolicy: kept })
      expect(await identity.saveSignInPolicy(fresh('ten'), kept)).toBeUndefined()
    })

    test('is whole after the settings were saved, also where it sets no limit, and lets people go on', async () => {
      const { identity, tenant, standing } = await stage({ requireSecondFactor: 'administrators', absoluteHours: null })
      const kept = (await identity.findTenant(tenant.id))?.signInPolicy
      await identity.saveSettings(tenant.id, tenant.settings)
      expect((await identity.findTenant(tenant.id))?.signInPolicy).toEqual(kept)
      expect(kept).toHaveProperty('absoluteHours', null)
      expect(await standing()).toEqual({ role: 'admin', secondFactor: 'to_enrol' })
      await identity.saveSettings(tenant.id, { ...tenant.settings, locale: 'de' })
      expect(await standing(1)).toEqual({ role: 'admin', secondFactor: 'to_enrol' })
    })

    test('a second factor is to be enrolled by who has none, and to be proven by who has one', async () => {
      const { tenant, admin, standing, secondFactors, identity, row } = await stage({ requireSecondFactor: 'everyone' })
      expect(await standing()).toEqual({ role: 'admin', secondFactor: 'to_enrol' })
      await secondFactors.begin(tenant.id, admin.id, 'SECRET', at(1))
      expect(await standing()).toMatchObject({ secondFactor: 'to_enrol' })
      await secondFactors.confirm(tenant.id, admin.id, ['hash'], at(1))
      expect(await standing()).toMatchObject({ secondFactor: 'to_prove' })
      await identity.sessions.strengthen(tenant.id, admin.id, row.family)
      expect(await standing()).toEqual({ role: 'admin' })
      await identity.sessions.weakenAll(tenant.id, admin.id)
      await secondFactors.remove(tenant.id, admin.id)
      expect(await standing()).toMatchObject({ secondFactor: 'to_enrol' })
    })

    test('a passkey is a factor too, and what another person has is none', async () => {
      const { tenant, admin, standing, passkeys } = await stage({ requireSecondFactor: 'administrators' })
      const passkey = { tenantId: tenant.id, name: 'Key', publicKey: 'k', counter: 0, transports: [], isSynced: false, createdAt: at(0) }
      await passkeys.insert({ ...passkey, id: fresh('psk'), userId: fresh('usr'), credentialId: fresh('c') })
      expect(await standing()).toMatchObject({ secondFactor: 'to_enrol' })
      await passkeys.insert({ ...passkey, id: fresh('psk'), userId: admin.id, credentialId: fresh('c') })
      expect(await standing()).toMatchObject({ secondFactor: 'to_prove' })
    })

    test('how a sign-in was opened stays with all tokens that descend from it', async () => {
      const { identity, row, standing } = await stage({ requireSecondFactor: 'everyone' }, true)
      expect(await standing()).toEqual({ role: 'admin' })
      expect(await identity.sessions.take(row.tokenHash, at(1))).toEqual({ kind: 'fresh', session: row })
      await identity.sessions.insert(session({ ...row, id: fresh('ses'), tokenHash: fresh('hash'), createdAt: at(1) }))
      expect(await standing()).toEqual({ role: 'admin' })
    })

    test('a renewal that was under way while the strength of its sign-in was taken away has none', async () => {
      const { identity, row, standing, tenant, admin } = await stage({ requireSecondFactor: 'everyone' }, true)
      const taken = await identity.sessions.take(row.tokenHash, at(1))
      await identity.sessions.weakenAll(tenant.id, admin.id)
      if (taken.kind !== 'fresh') throw new Error('The token was good.')
      await identity.sessions.insert({ ...taken.session, id: fresh('ses'), tokenHash: fresh('hash'), createdAt: at(1) })
      expect(await standing()).toMatchObject({ secondFactor: 'to_enrol' })
    })

    test('a sign-in ends after rest, and every use puts that off', async () => {
      const { standing, identity, tenant, admin, row } = await stage({ idleMinutes: 10 })
      expect(await standing(9)).toEqual({ role: 'admin' })
      expect(await standing(18)).toEqual({ role: 'admin' })
      expect(await identity.sessions.list(tenant.id, admin.id, at(18))).toMatchObject([{ createdAt: at(0), lastUsedAt: at(18) }])
      expect(await identity.sessions.find(tenant.id, admin.id, row.family)).toEqual({ startedAt: at(0), lastUsedAt: at(18) })
      expect(await standing(28)).toBeUndefined()
    })

    test('rest is not noted where it is not limited', async () => {
      const { standing, identity, tenant, admin } = await stage({ absoluteHours: 1 })
      expect(await standing(20)).toEqual({ role: 'admin' })
      expect(await identity.sessions.list(tenant.id, admin.id, at(20))).toMatchObject([{ lastUsedAt: at(0) }])
      expect(await standing(59)).toEqual({ role: 'admin' })
      expect(await standing(60)).toBeUndefined()
    })
  })
}
