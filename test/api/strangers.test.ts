import { beforeEach, expect, test, vi } from 'vitest'
import { createApp } from '../../workers/api/app'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account
let globex: Account
let owners: Map<string, string>
let settle: () => Promise<void>

beforeEach(async () => {
  owners = new Map()
  const later: Promise<unknown>[] = []
  settle = async () => {
    while (later.length > 0) await Promise.all(later.splice(0))
  }
  kit = createKit({ later: (work) => void later.push(work), ownerOf: async (id) => owners.get(id) })
  acme = await createAccount(kit, 'acme')
  globex = await createAccount(kit, 'globex')
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})

const RUN = `run_${'ab'.repeat(16)}`
const attempt = async () => {
  owners.set(RUN, globex.tenantId)
  const answer = await call(kit, acme, 'GET', `/api/v1/runs/${RUN}`, undefined, {
    'CF-Connecting-IP': '192.0.2.66',
    'X-Request-Id': 'req-attempt',
  })
  await settle()
  return answer
}
const entriesOf = ({ tenantId }: Account) => kit.tenant(tenantId).audit.open.entries.filter(({ kind }) => kind === 'cross_tenant_access')
const mailsOf = ({ tenantId }: Account) => kit.tenant(tenantId).ports.mailer.sent

test('an id of another tenant is answered exactly as an id of nobody', async () => {
  const foreign = await attempt()
  const unknown = await call(kit, acme, 'GET', `/api/v1/runs/run_${'cd'.repeat(16)}`)
  expect(foreign.status).toBe(404)
  const { requestId: _, ...told } = foreign.body
  const { requestId: __, ...toldOfNobody } = unknown.body
  expect(told).toEqual(toldOfNobody)
})

test('watching the run of another tenant is noticed as reading it is', async () => {
  owners.set(RUN, globex.tenantId)
  expect((await call(kit, acme, 'GET', `/api/v1/runs/${RUN}/events`)).status).toBe(404)
  await settle()
  expect(entriesOf(acme)).toMatchObject([{ outcome: 'refused', status: 404, resource: { id: RUN } }])
})

test('the tenant whose key asked sees who, from where and for what', async () => {
  await attempt()
  expect(entriesOf(acme)).toMatchObject([
    { outcome: 'refused', status: 404, actor: { kind: 'api_key' }, address: '192.0.2.66', requestId: 'req-attempt', resource: { id: RUN } },
  ])
  expect(JSON.stringify(entriesOf(acme))).not.toContain(globex.tenantId)
  const { items } = (await call(kit, acme, 'GET', '/api/v1/security-events?kind=cross_tenant_access')).body
  expect(items).toHaveLength(1)
})

test('the tenant that was asked for is told nothing of who asked', async () => {
  await attempt()
  expect(entriesOf(globex)).toMatchObject([
    { actor: { kind: 'unknown', id: 'outside' }, address: '', requestId: '', resource: { id: RUN } },
  ])
  const [entry] = entriesOf(acme)
  for (const secret of [acme.tenantId, entry?.actor.id ?? '', '192.0.2.66', 'req-attempt'])
    expect(JSON.stringify(entriesOf(globex))).not.toContain(secret)
})

test('the administrators of both get one mail an hour, with nothing of the other in it', async () => {
  await attempt()
  await attempt()
  expect(entriesOf(acme)).toHaveLength(2)
  for (const [own, other] of [
    [acme, globex],
    [globex, acme],
  ] as const) {
    expect(mailsOf(own)).toMatchObject([{ to: [own.email], subject: expect.stringContaining('Security alert') }])
    expect(JSON.stringify(mailsOf(own))).not.toMatch(new RegExp(`${other.tenantId}|${other.slug}`))
  }
  kit.clock.advance(3_700_000)
  await attempt()
  expect(mailsOf(acme)).toHaveLength(2)
})

test('nobody fills the audit of another: after 20 attempts an hour only their number is entered', async () => {
  const own = entriesOf(acme).length
  for (let time = 0; time < 120; time += 1) await attempt()
  expect(entriesOf(globex)).toHaveLength(21)
  expect(entriesOf(acme)).toHaveLength(own + 21)
  const details = entriesOf(globex).map(({ detail }) => detail)
  expect(details.filter((detail) => detail?.includes('only counted'))).toHaveLength(1)
  expect(details.filter((detail) => detail?.includes('attempt 100 within the hour'))).toHaveLength(1)
  kit.clock.advance(3_600_000)
  await attempt()
  expect(entriesOf(globex)).toHaveLength(22)
})

test('however many isolates see the attempts, there are no more entries', async () => {
  const [first, ...others] = [1, 2, 3].map(() => createApp(kit.deps))
  const ask = async (app = first) => {
    owners.set(RUN, globex.tenantId)
    await app?.request(`/api/v1/runs/${RUN}`, { headers: { Authorization: `Bearer ${acme.apiKey}` } })
    await settle()
  }
  for (let time = 0; time < 20; time += 1) await ask()
  for (const app of others) for (let time = 0; time < 20; time += 1) await ask(app)
  expect(entriesOf(globex)).toHaveLength(20)
})

test('the attempts of one tenant do not hide those of another', async () => {
  const third = await createAccount(kit, 'initech')
  for (let time = 0; time < 30; time += 1) await attempt()
  const before = entriesOf(globex).length
  await call(kit, third, 'GET', `/api/v1/runs/${RUN}`)
  await settle()
  expect(entriesOf(globex)).toHaveLength(before + 1)
})

test('an id of its own tenant, or of nobody, is no attempt', async () => {
  owners.set(RUN, acme.tenantId)
  await call(kit, acme, 'GET', `/api/v1/runs/${RUN}`)
  await call(kit, acme, 'GET', `/api/v1/documents/doc_${'ef'.repeat(16)}`)
  await call(kit, acme, 'GET', '/api/v1/workflows/unknown-name')
  await settle()
  expect([...entriesOf(acme), ...entriesOf(globex)]).toEqual([])
})

test('a refresh token that is used twice sends one mail too', async () => {
  const { body } = await call(kit, undefined, 'POST', '/api/v1/auth/login', { tenant: 'acme', email: acme.email, password: acme.password })
  for (let tries = 0; tries < 3; tries += 1) await call(kit, undefined, 'POST', '/api/v1/auth/refresh', { refreshToken: body.refreshToken })
  await settle()
  expect(mailsOf(acme)).toMatchObject([{ to: [acme.email], text: expect.stringContaining('used twice') }])
})
