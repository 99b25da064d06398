import { beforeEach, expect, test } from 'vitest'
import { type Account, call, createAccount, createKit, type Kit } from './kit'
import { addMember, asPerson, mailedCode, PASSWORD, type Person, signInAs } from './members'

const NEXT = 'another long password'
let kit: Kit
let acme: Account
let jo: Person
let work: Promise<unknown>[]
beforeEach(async () => {
  work = []
  kit = createKit({ later: (promise) => void work.push(promise) })
  acme = await createAccount(kit, 'acme')
  jo = await addMember(kit, acme, 'agent', 'jo')
})
const sent = () => kit.tenant(acme.tenantId).ports.mailer.sent
const login = (password: string) => call(kit, undefined, 'POST', '/auth/login', { tenant: 'acme', email: jo.email, password })
const askReset = async (more: object = {}) => {
  const answer = await call(kit, undefined, 'POST', '/api/v1/account/password-reset', { tenant: 'acme', email: jo.email, ...more })
  await Promise.all(work)
  return answer
}
const reset = (code: string, password = NEXT) => call(kit, undefined, 'POST', '/api/v1/account/password-reset/confirm', { code, password })

test('a changed password signs out all other devices and keeps the one at hand', async () => {
  const phone = await signInAs(kit, acme, jo.email)
  const change = (currentPassword: string) => asPerson(kit, jo, 'PUT', '/api/v1/account/password', { currentPassword, newPassword: NEXT })
  expect(await change('wrong')).toMatchObject({ status: 403, body: { reason: 'wrong_password' } })
  expect((await change(PASSWORD)).status).toBe(204)
  expect((await asPerson(kit, jo, 'GET', '/api/v1/runs')).status).toBe(200)
  expect((await asPerson(kit, phone, 'GET', '/api/v1/runs')).status).toBe(401)
  expect([(await login(PASSWORD)).status, (await login(NEXT)).status]).toEqual([401, 200])
})

test('guesses at the old password count as failed sign-ins', async () => {
  const guess = () => asPerson(kit, jo, 'PUT', '/api/v1/account/password', { currentPassword: 'wrong', newPassword: NEXT })
  for (let time = 0; time < 10; time += 1) await guess()
  expect((await guess()).status).toBe(429)
  expect((await login(PASSWORD)).status).toBe(429)
})

test('a mailed code sets a new password once and ends all sign-ins', async () => {
  expect((await askReset()).status).toBe(202)
  const code = mailedCode(kit, acme.tenantId)
  expect((await reset(code, 'too short')).status).toBe(400)
  expect((await reset(code)).status).toBe(204)
  expect((await reset(code, 'a third long password')).status).toBe(401)
  expect((await asPerson(kit, jo, 'GET', '/api/v1/runs')).status).toBe(401)
  expect([(await login(PASSWORD)).status, (await login(NEXT)).status]).toEqual([401, 200])
  expect((await call(kit, acme, 'GET', '/api/v1/security-events?kind=password_reset')).body.items).toMatchObject([{ actor: jo.id }])
})

test('whether an account exists cannot be told from the answer, and nobody else gets a mail', async () => {
  const before = sent().length
  const answers = [await askReset(), await askReset({ email: 'nobody@acme.example' }), await askReset({ tenant: 'nobody' })]
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  expect(
    sent()
      .slice(before)
      .map((mail) => mail.to),
  ).toEqual([[jo.email]])
})

test('the answer does not wait for what depends on the account', async () => {
  let finish = () => {}
  const slow = new Promise<void>((resolve) => {
    finish = resolve
  })
  const ports = kit.tenant(acme.tenantId).ports
  const mailer = ports.mailer.send
  ports.mailer.send = async (mail) => {
    await slow
    return await mailer(mail)
  }
  const body = { tenant: 'acme', email: jo.email }
  expect((await call(kit, undefined, 'POST', '/api/v1/account/password-reset', body)).status).toBe(202)
  finish()
  await Promise.all(work)
})

test('a code is void after 30 minutes, after a newer one, and for a disabled account', async () => {
  await askReset()
  const earlier = mailedCode(kit, acme.tenantId)
  await askReset()
  const newer = mailedCode(kit, acme.tenantId)
  expect((await reset(earlier)).status).toBe(401)
  await call(kit, acme, 'POST', `/api/v1/users/${jo.id}/disable`)
  expect((await reset(newer)).status).toBe(401)
  await call(kit, acme, 'POST', `/api/v1/users/${jo.id}/enable`)
  await askReset()
  kit.clock.advance(30 * 60_000)
  expect((await reset(mailedCode(kit, acme.tenantId))).status).toBe(401)
})

test('a code proves the address that it went to, and is void once the account has another one', async () => {
  const move = async (email: string) => {
    const Operations = [{ op: 'replace', value: { userName: email, emails: [{ value: email, primary: true }] } }]
    expect((await call(kit, acme, 'PATCH', `/api/v1/scim/v2/Users/${jo.id}`, { Operations })).status).toBe(200)
  }
  await askReset()
  const resets = mailedCode(kit, acme.tenantId)
  await asPerson(kit, jo, 'POST', '/api/v1/account/email-verification')
  const proves = mailedCode(kit, acme.tenantId)
  await move('jo.new@acme.example')
  expect((await reset(resets)).status).toBe(401)
  expect((await call(kit, undefined, 'POST', '/api/v1/account/email-verification/confirm', { code: proves })).status).toBe(401)
  expect((await call(kit, acme, 'GET', `/api/v1/users/${jo.id}`)).body.emailVerifiedAt).toBeUndefined()
  expect((await login(PASSWORD)).status).toBe(401)
})

test('mails that are asked for are limited, for accounts that exist and for those that do not', async () => {
  for (const email of [jo.email, 'nobody@acme.example']) {
    const statuses = []
    for (let time = 0; time < 4; time += 1) statuses.push((await askReset({ email })).status)
    expect(statuses, email).toEqual([202, 202, 202, 429])
  }
})

test('an address is proven with a mailed code, once', async () => {
  const { body } = await call(kit, undefined, 'POST', '/auth/login', { tenant: 'acme', email: acme.email, password: acme.password })
  expect((await asPerson(kit, body, 'POST', '/api/v1/account/email-verification')).status).toBe(202)
  const confirm = () => call(kit, undefined, 'POST', '/api/v1/account/email-verification/confirm', { code: mailedCode(kit, acme.tenantId) })
  expect((await confirm()).status).toBe(204)
  expect((await confirm()).status).toBe(401)
  expect((await call(kit, acme, 'GET', `/api/v1/users/${acme.adminId}`)).body.emailVerifiedAt).toBeDefined()
})

test('a code of one purpose is void for another, and a program has no account', async () => {
  await askReset()
  const code = mailedCode(kit, acme.tenantId)
  expect((await call(kit, undefined, 'POST', '/api/v1/account/email-verification/confirm', { code })).status).toBe(401)
  expect((await call(kit, acme, 'POST', '/api/v1/account/email-verification')).status).toBe(400)
})
