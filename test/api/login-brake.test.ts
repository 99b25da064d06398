import { beforeEach, expect, test } from 'vitest'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})
const login = (address: string, more: object = {}) =>
  call(
    kit,
    undefined,
    'POST',
    '/auth/login',
    { tenant: acme.slug, email: acme.email, password: acme.password, ...more },
    { 'CF-Connecting-IP': address },
  )
const WRONG = { password: 'wrong' }

test('many wrong attempts at once get no more tries than one after the other', async () => {
  const statuses = (await Promise.all(Array.from({ length: 40 }, () => login('192.0.2.1', WRONG)))).map(({ status }) => status)
  expect(statuses.filter((status) => status === 401)).toHaveLength(10)
  expect(statuses.filter((status) => status === 429)).toHaveLength(30)
})

test('one address that guesses is shut out of the account, and its owner elsewhere is not', async () => {
  for (let time = 0; time < 80; time += 1) await login('203.0.113.9', WRONG)
  expect((await login('203.0.113.9')).status).toBe(429)
  expect((await login('192.0.2.1')).status).toBe(200)
})

test('an account that is guessed at from everywhere is shut for the window', async () => {
  for (let address = 0; address < 50; address += 1) await login(`203.0.113.${address}`, WRONG)
  expect((await login('192.0.2.1')).status).toBe(429)
  kit.clock.advance(15 * 60_000 + 1)
  expect((await login('192.0.2.1')).status).toBe(200)
})

test('an address that tries many accounts is shut out, while those who sign in rightly do not count', async () => {
  for (let time = 0; time < 120; time += 1) expect((await login('192.0.2.1')).status).toBe(200)
  for (let account = 0; account < 100; account += 1) await login('192.0.2.1', { email: `${account}@acme.example`, ...WRONG })
  expect((await login('192.0.2.1')).status).toBe(429)
})

test('an address of IPv6 counts with all of its network, because whoever has one has 2^64', async () => {
  for (let host = 0; host < 100; host += 1) await login(`2001:db8:1:2::${host.toString(16)}`, { email: `${host}@acme.example`, ...WRONG })
  expect((await login('2001:db8:1:2:ffff::1')).status).toBe(429)
  expect((await login('2001:db8:1:3::1')).status).toBe(200)
})

test('an account that does not exist is throttled as one that does', async () => {
  const unknown = { email: 'nobody@acme.example', ...WRONG }
  const answers = []
  for (let time = 0; time < 12; time += 1) answers.push([await login('192.0.2.1', WRONG), await login('192.0.2.2', unknown)])
  for (const [known, other] of answers)
    expect({ status: other?.status, detail: other?.body.detail }).toEqual({ status: known?.status, detail: known?.body.detail })
})

test('administrators hear once a window that an account is guessed at, without what was typed', async () => {
  for (let time = 0; time < 20; time += 1) await login('203.0.113.9', { password: 'hunter2-guess' })
  const { body, text } = await call(kit, acme, 'GET', '/api/v1/security-events?kind=login_throttled')
  expect(body.items).toMatchObject([{ actor: acme.adminId, address: '203.0.113.9' }])
  expect(text).not.toContain('hunter2')
})
