import { beforeEach, expect, test, vi } from 'vitest'
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
