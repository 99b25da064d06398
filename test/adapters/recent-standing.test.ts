import { expect, test } from 'vitest'
import { KEY_MEMORY_MS } from '../../workers/adapters/recent-api-keys'
import { createRecentStanding } from '../../workers/adapters/recent-standing'
import type { Identity } from '../../workers/domain/identity'
import type { RefreshSession } from '../../workers/domain/sessions'
import { at, createTenant, describeIdentity, session } from '../contracts/identity'
import { describeMembers } from '../contracts/identity-members'
import { describeSignInPolicy } from '../contracts/sign-in-policy'
import { createTestClock } from '../fakes/clock'
import { createFakeIdentity } from '../fakes/identity'
import { createFakePasskeys } from '../fakes/passkeys'
import { createFakeSecondFactors } from '../fakes/second-factors'

describeIdentity('an identity with remembered standings', () => createRecentStanding(createFakeIdentity(), Date.now))
describeMembers('an identity with remembered standings', () => createRecentStanding(createFakeIdentity(), Date.now))
describeSignInPolicy('an identity without memory', (now) => fakes(now))
describeSignInPolicy('an identity that remembers nothing for long', (now) => {
  const { identity, ...factors } = fakes(now)
  let time = 0
  // Each look comes later than what is remembered lasts.
  const later = () => {
    time += KEY_MEMORY_MS
    return time
  }
  return { ...factors, identity: createRecentStanding(identity, later) }
})

function fakes(now: () => Date) {
  const [secondFactors, passkeys] = [createFakeSecondFactors(), createFakePasskeys()]
  return { secondFactors, passkeys, identity: createFakeIdentity({ secondFactors, passkeys, now }) }
}

/** Two isolates over one store, and a person who is known to both. */
async function twoIsolates() {
  const clock = createTestClock()
  const { identity: store } = fakes(clock.now)
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

test('a demanded second factor counts from the next request on here, elsewhere after the stated time', async () => {
  const demand = (identity: Identity, { tenantId }: RefreshSession) =>
    identity.saveSignInPolicy(tenantId, {
      requireSecondFactor: 'everyone',
      idleMinutes: 10_080,
      absoluteHours: null,
      restLimitedSince: at(0),
    })
  const asked = await twoIsolates()
  await demand(asked.here, asked.row)
  expect(await asked.standing()).toMatchObject({ secondFactor: 'to_enrol' })
  const elsewhere = await twoIsolates()
  await demand(elsewhere.there, elsewhere.row)
  expect(await elsewhere.standing()).toEqual({ role: 'admin' })
  elsewhere.clock.advance(KEY_MEMORY_MS)
  expect(await elsewhere.standing()).toMatchObject({ secondFactor: 'to_enrol' })
})

test('that somebody lacks a second factor is not remembered: who adds one elsewhere goes on at once', async () => {
  const { here, there, row, standing } = await twoIsolates()
  const policy = { requireSecondFactor: 'everyone' as const, idleMinutes: 10_080, absoluteHours: null, restLimitedSince: at(0) }
  await here.saveSignInPolicy(row.tenantId, policy)
  expect(await standing()).toMatchObject({ secondFactor: 'to_enrol' })
  await there.sessions.strengthen(row.tenantId, row.userId, row.family)
  expect(await standing()).toEqual({ role: 'admin' })
})
