import { expect, test, vi } from 'vitest'
import { PATIENCE } from '../patience'
import { call, createAccount, createKit } from './kit'
import { mailedCode } from './members'

/** Characters of an alphabet of 62: 128 bits take 22 of them, 256 bits take 43. */
const LETTERS = /^[A-Za-z0-9_-]{43,}$/

test('refresh tokens, API keys and mailed codes are long, random and new each time', async () => {
  const kit = createKit()
  const acme = await createAccount(kit, 'acme')
  const signIn = async () =>
    (await call(kit, undefined, 'POST', '/auth/login', { tenant: 'acme', email: acme.email, password: acme.password })).body
      .refreshToken as string
  const refresh = [await signIn(), await signIn(), await signIn()]
  const keys: string[] = []
  for (const name of ['a', 'b', 'c']) keys.push((await call(kit, acme, 'POST', '/api/v1/api-keys', { name, role: 'client' })).body.key)
  const secrets = keys.map((key) => key.split('_')[2] ?? '')
  const codes: string[] = []
  for (const times of [1, 2]) {
    await call(kit, undefined, 'POST', '/api/v1/account/password-reset', { tenant: 'acme', email: acme.email })
    await vi.waitFor(() => expect(kit.tenant(acme.tenantId).ports.mailer.sent).toHaveLength(times), PATIENCE)
    codes.push(mailedCode(kit, acme.tenantId))
  }
  const all = [...refresh, ...secrets, ...codes]
  for (const token of all) expect(token).toMatch(LETTERS)
  expect(new Set(all).size).toBe(all.length)
  // None is made from another: no two share a beginning that chance would not give them.
  expect(new Set(all.map((token) => token.slice(-12))).size).toBe(all.length)
})
