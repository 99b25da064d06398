import { describe, expect, test } from 'vitest'
import type { Identity, StoredUser } from '../../workers/domain/identity'
import type { ScimProfile, ScimUsers } from '../../workers/domain/scim'
import { at, createTenant, fresh } from './identity'

const profileOf = (name: string): ScimProfile => ({
  userName: `${name.toUpperCase()}@x.example`,
  name,
  email: `${name}@x.example`,
  externalId: `ext-${name}`,
})
const userOf = (tenantId: string, name: string, minute = 1): StoredUser => ({
  ...{ id: fresh('usr'), tenantId, email: `${name}@x.example`, name, role: 'client', passwordHash: 'h', createdAt: at(minute) },
})

/** What every store of a directory's accounts keeps to. */
export function describeScimUsers(title: string, make: () => { identity: Identity; scimUsers: ScimUsers }): void {
  describe(title, () => {
    const start = async () => {
      const stores = make()
      const { tenant, admin } = await createTenant(stores.identity)
      const jo = userOf(tenant.id, 'jo')
      await stores.scimUsers.insert(jo, { ...profileOf('jo'), givenName: 'J' })
      return { ...stores, tenantId: tenant.id, admin, jo }
    }

    test('shows what a directory gave, and an account that none made by its address', async () => {
      const { scimUsers, tenantId, admin, jo } = await start()
      const { passwordHash: _, ...account } = jo
      const shown = { ...account, userName: 'JO@x.example', externalId: 'ext-jo', givenName: 'J', updatedAt: at(1) }
      expect(await scimUsers.find(tenantId, jo.id)).toEqual(shown)
      expect(await scimUsers.find(tenantId, admin.id)).toMatchObject({ userName: admin.email, email: admin.email })
      expect(await scimUsers.find(fresh('ten'), jo.id)).toBeUndefined()
    })

    test('finds by each attribute, and pages', async () => {
      const { scimUsers, tenantId, admin, jo } = await start()
      const find = async (attribute: 'userName' | 'externalId' | 'email' | 'id', value: string) =>
        (await scimUsers.list(tenantId, { startIndex: 1, count: 10, filter: { attribute, value } })).items.map(({ id }) => id)
      expect(await find('userName', 'Jo@X.example')).toEqual([jo.id])
      expect(await find('userName', admin.email)).toEqual([admin.id])
      expect(await find('externalId', 'ext-jo')).toEqual([jo.id])
      expect(await find('externalId', 'EXT-JO')).toEqual([])
      expect(await find('email', 'JO@x.example')).toEqual([jo.id])
      expect(await find('id', jo.id)).toEqual([jo.id])
      expect(await scimUsers.list(tenantId, { startIndex: 2, count: 1 })).toMatchObject({ total: 2, items: [{ id: jo.id }] })
      expect(await scimUsers.list(tenantId, { startIndex: 1, count: 0 })).toEqual({ total: 2, items: [] })
      expect((await scimUsers.list(fresh('ten'), { startIndex: 1, count: 9 })).total).toBe(0)
    })

    test('has each user name and address once, and leaves nothing of what it refuses', async () => {
      const { scimUsers, identity, tenantId, admin, jo } = await start()
      const conflict = { code: 'conflict' }
      await expect(scimUsers.insert(userOf(tenantId, 'eve'), { ...profileOf('eve'), userName: 'jo@x.EXAMPLE' })).rejects.toMatchObject(
        conflict,
      )
      expect(await identity.findUserByEmail(tenantId, 'eve@x.example')).toBeUndefined()
      await expect(scimUsers.insert(userOf(tenantId, 'jo'), profileOf('other'))).rejects.toMatchObject(conflict)
      await expect(scimUsers.save(tenantId, jo.id, { ...profileOf('jo'), userName: admin.email }, at(2))).rejects.toMatchObject(conflict)
      await expect(scimUsers.save(tenantId, jo.id, { ...profileOf('jo'), email: admin.email }, at(2))).rejects.toMatchObject(conflict)
      expect(await scimUsers.find(tenantId, jo.id)).toMatchObject({ userName: 'JO@x.example', email: 'jo@x.example' })
    })

    test('saves a profile; a new address is not proven, the same one stays so', async () => {
      const { scimUsers, identity, tenantId, jo } = await start()
      await identity.members.verifyEmail(tenantId, jo.id, at(1))
      const { externalId: _, ...without } = profileOf('jo')
      await scimUsers.save(tenantId, jo.id, { ...without, name: 'Joan' }, at(2))
      const saved = await scimUsers.find(tenantId, jo.id)
      expect(saved).toMatchObject({ name: 'Joan', emailVerifiedAt: at(1), updatedAt: at(2) })
      expect(saved).not.toHaveProperty('externalId')
      expect(saved).not.toHaveProperty('givenName')
      await scimUsers.save(tenantId, jo.id, { ...profileOf('jo'), email: 'joan@x.example' }, at(3))
      expect(await identity.findUserByEmail(tenantId, 'joan@x.example')).not.toHaveProperty('emailVerifiedAt')
    })

    test('removes from sight, finds again, and brings back', async () => {
      const { scimUsers, tenantId, admin, jo } = await start()
      for (const id of [jo.id, admin.id]) await scimUsers.remove(tenantId, id, at(2))
      expect(await scimUsers.find(tenantId, jo.id)).toBeUndefined()
      expect((await scimUsers.list(tenantId, { startIndex: 1, count: 9 })).total).toBe(0)
      expect(await scimUsers.findRemoved(tenantId, profileOf('jo'))).toBe(jo.id)
      expect(await scimUsers.findRemoved(tenantId, { userName: 'x', email: admin.email })).toBe(admin.id)
      expect(await scimUsers.findRemoved(fresh('ten'), profileOf('jo'))).toBeUndefined()
      await scimUsers.save(tenantId, jo.id, profileOf('jo'), at(3))
      expect(await scimUsers.find(tenantId, jo.id)).toMatchObject({ id: jo.id })
      expect(await scimUsers.findRemoved(tenantId, profileOf('jo'))).toBeUndefined()
    })
  })
}
