import { expect, test } from 'vitest'
import { createJoseTokens } from '../../workers/adapters/jose-tokens'
import { createSecretSigningKeys, newPrivateJwk } from '../../workers/adapters/signing-keys'
import { createTestClock } from '../fakes/clock'

const clock = createTestClock()
const person = { kind: 'user' as const, id: 'usr_1', tenantId: 'ten_1', role: 'admin', sessionId: 'ses_1' }
const tokensOf = (...keys: object[]) => createJoseTokens(createSecretSigningKeys(JSON.stringify({ keys })), 'steward', clock)

test('a configured set signs with its first key and verifies with all of them', async () => {
  const [old, fresh] = [await newPrivateJwk(), await newPrivateJwk()]
  const before = await tokensOf(old).issueAccess(person)
  const rotated = tokensOf(fresh, old)
  const after = await rotated.issueAccess(person)
  expect((await rotated.jwks()).keys).toHaveLength(2)
  expect(await rotated.verifyAccess(before.token)).toMatchObject({ principal: person })
  expect(await tokensOf(fresh).verifyAccess(after.token)).toMatchObject({ principal: person })
  expect(await tokensOf(fresh).verifyAccess(before.token)).toBeUndefined()
})

test('one configured key alone is a set of one', async () => {
  const keys = createSecretSigningKeys(JSON.stringify(await newPrivateJwk()))
  expect(await keys.published()).toEqual([await keys.signer()])
})

test('what is no private ES256 key is refused with what to set', async () => {
  const { d: _, ...publicKey } = await newPrivateJwk()
  await expect(createSecretSigningKeys('not JSON').signer()).rejects.toMatchObject({ code: 'internal' })
  await expect(createSecretSigningKeys(JSON.stringify(publicKey)).signer()).rejects.toMatchObject({ code: 'internal' })
  await expect(createSecretSigningKeys('{"keys":[]}').signer()).rejects.toMatchObject({ code: 'internal' })
})
