import { expect, test } from 'vitest'
import { KEY_MEMORY_MS } from '../../workers/adapters/recent-api-keys'
import { createRecentStanding } from '../../workers/adapters/recent-standing'
import { at, createTenant, describeIdentity, session } from '../contracts/identity'
import { describeMembers } from '../contracts/identity-members'
import { createTestClock } from '../fakes/clock'
import { createFakeIdentity } from '../fakes/identity'

describeIdentity('an identity with remembered standings', () => createRecentStanding(createFakeIdentity(), Date.now))
describeMembers('an identity with remembered standings', () => createRecentStanding(createFakeIdentity(), Date.now))

/** Two isolates over one store, and a person who is known to both. */
async function twoIsolates() {
  const clock = createTestClock()
  const store = createFakeIdentity()
  const { tenant, admin } = await createTenant(store)
  const row = session({ tenantId: tenant.id, userId: admin.id })
  await store.sessions.insert(row)
  const asked: string[] = []
  const counted = {
    ...store,
    findStanding: async (...key: Parameters<typeof store.findStanding>) => {
      asked.push(key.join('/'))
      return await store.findStanding(...key)
    },
  }
  const now = () => clock.now().getTime()
  const [here, there] = [createRecentStanding(counted, now), createRecentStanding(counted, now)]
  const standing = () => here.findStanding(tenant.id, admin.id, row.family)
  await standing()
  return { clock, here, there, row, standing, asked }
}

test('what somebody may do is not looked up again for a short while', async () => {
  const { standing, asked } = await twoIsolates()
  for (let time = 0; time < 5; time += 1) expect(await standing()).toEqual({ role: 'admin' })
  expect(asked).toHaveLength(1)
})

test('a sign-in that is ended here counts from the next request on, elsewhere after the stated time', async () => {
  const ended = await twoIsolates()
  await ended.here.sessions.revokeFamily(ended.row.family, at(1))
  expect(await ended.standing()).toBeUndefined()
  const elsewhere = await twoIsolates()
  await elsewhere.there.sessions.revokeFamily(elsewhere.row.family, at(1))
  elsewhere.clock.advance(KEY_MEMORY_MS)
  expect(await elsewhere.standing()).toBeUndefined()
})
