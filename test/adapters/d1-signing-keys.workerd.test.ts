import { beforeAll, beforeEach, expect, test } from 'vitest'
import { createD1SigningKeys } from '../../workers/adapters/d1-signing-keys'
import { createJoseTokens } from '../../workers/adapters/jose-tokens'
import { createMasterVault } from '../../workers/adapters/vault'
import { createTestClock } from '../fakes/clock'
import { bindings, MASTER_KEY, migrate } from './d1-bindings'

const { DB } = bindings
const MINUTE = 60_000
const DAY = 86_400_000
const person = { kind: 'user' as const, id: 'usr_1', tenantId: 'ten_1', role: 'admin', sessionId: 'ses_1' }

beforeAll(migrate)
beforeEach(async () => {
  await DB.prepare('DELETE FROM signing_keys').run()
})

/** An isolate's view of the keys. */
function isolate(clock = createTestClock()) {
  const keys = createD1SigningKeys(DB, createMasterVault(MASTER_KEY), clock)
  return { clock, keys, tokens: createJoseTokens(keys, 'steward', clock) }
}

test('a new key is published at once and signs after its lead; tokens of the old one verify until they expire', async () => {
  const { clock, keys, tokens } = isolate()
  const old = await keys.signer()
  const made = await keys.rotate()
  expect((await tokens.jwks()).keys.map((key) => key.kid)).toEqual([old.kid, made])
  expect((await keys.signer()).kid).toBe(old.kid)
  clock.advance(14 * MINUTE)
  const last = await tokens.issueAccess(person)
  clock.advance(MINUTE)
  expect((await keys.signer()).kid).toBe(made)
  clock.advance(58 * MINUTE)
  expect(await tokens.verifyAccess(last.token)).toMatchObject({ principal: person })
  clock.advance(7 * MINUTE)
  expect((await tokens.jwks()).keys.map((key) => key.kid)).toEqual([made])
})

test('an isolate that keeps the set in memory knows the new key before it signs', async () => {
  const here = isolate()
  const there = isolate(here.clock)
  await there.keys.signer()
  await here.keys.rotate()
  here.clock.advance(15 * MINUTE)
  const { token } = await here.tokens.issueAccess(person)
  expect(await there.tokens.verifyAccess(token)).toMatchObject({ principal: person })
})

test('the sweep makes a key every 90 days, once for all who sweep, and deletes one whose tokens are gone', async () => {
  const here = isolate()
  const there = isolate(here.clock)
  await here.keys.signer()
  expect(await here.keys.tend()).toEqual({ made: 0, deleted: 0 })
  here.clock.advance(90 * DAY)
  await Promise.all([here.keys.tend(), there.keys.tend()])
  expect(await here.keys.published()).toHaveLength(2)
  here.clock.advance(81 * MINUTE)
  expect(await here.keys.tend()).toEqual({ made: 0, deleted: 1 })
  expect(await here.keys.published()).toHaveLength(1)
})
