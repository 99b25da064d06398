import { beforeEach, expect, test, vi } from 'vitest'
import { type Account, call, createAccount, createKit, type Kit } from './kit'
import { addMember, asPerson, type Person } from './members'

let kit: Kit
let acme: Account
let ann: Person
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
  ann = await addMember(kit, acme, 'admin', 'ann')
})

const runs = () => kit.tenant(acme.tenantId).runs
const withKey = (key: string) => ({ ...acme, apiKey: key })
const start = { workflow: 'document-intake', input: { documentId: 'doc_1' } }

async function keyOf(make: (body: object) => ReturnType<typeof call>, order: object = { role: 'admin' }) {
  const { status, body } = await make({ name: 'k', ...order })
  expect(status).toBe(201)
  return body as { id: string; key: string }
}
const made = (by: Person) => keyOf((body) => asPerson(kit, by, 'POST', '/api/v1/api-keys', body))

test('a run that a key starts, forks or resumes carries the person who made the key, by whatever other keys', async () => {
  const first = await made(ann)
  const second = await keyOf((body) => call(kit, withKey(first.key), 'POST', '/api/v1/api-keys', body))
  const rotated = await call(kit, withKey(second.key), 'POST', `/api/v1/api-keys/${second.id}/rotate`, {})
  const third = rotated.body as { id: string; key: string }
  const by = { actor: { kind: 'api_key', id: third.id }, madeBy: ann.id }
  const { body: run } = await call(kit, withKey(third.key), 'POST', '/api/v1/runs', start)
  expect(runs().all.get(run.id)?.order.origin).toMatchObject(by)
  const forked = await call(kit, withKey(third.key), 'POST', `/api/v1/runs/${run.id}/fork`, { fromStep: 'read' })
  expect(runs().all.get(forked.body.id)?.fork?.origin).toMatchObject(by)
  const resume = vi.spyOn(runs(), 'resume')
  await call(kit, withKey(third.key), 'POST', `/api/v1/runs/${run.id}/resume`)
  expect(resume).toHaveBeenCalledWith(run.id, `API key ${third.id}`, expect.objectContaining(by))
})

test('a decision names the principal and the person who made the key, and a body that names others is refused', async () => {
  const { id, key } = await made(ann)
  const { body: run } = await asPerson(kit, ann, 'POST', '/api/v1/runs', start)
  const answer = vi.spyOn(runs(), 'continue')
  const body = { approvalId: 'apr_1', decision: 'approve' }
  const forged = { ...body, byIds: ['usr_other'], by: 'somebody else' }
  expect((await asPerson(kit, ann, 'PUT', `/api/v1/runs/${run.id}/continue`, forged)).status).toBe(400)
  await asPerson(kit, ann, 'PUT', `/api/v1/runs/${run.id}/continue`, body)
  await call(kit, withKey(key), 'PUT', `/api/v1/runs/${run.id}/continue`, body)
  expect(answer.mock.calls.map(([, given]) => given)).toEqual([
    { approvalId: 'apr_1', decision: 'approve', by: ann.email, byIds: [ann.id] },
    { approvalId: 'apr_1', decision: 'approve', by: `API key ${id}`, byIds: [id, ann.id] },
  ])
})

test('a key of a service account acts for it', async () => {
  const { body: account } = await asPerson(kit, ann, 'POST', '/api/v1/service-accounts', { name: 'erp', role: 'admin' })
  const { id, key } = await keyOf((body) => asPerson(kit, ann, 'POST', '/api/v1/api-keys', body), { serviceAccountId: account.id })
  const { body: run } = await call(kit, withKey(key), 'POST', '/api/v1/runs', start)
  expect(runs().all.get(run.id)?.order.origin).toMatchObject({ madeBy: ann.id, serviceAccountId: account.id })
  const answer = vi.spyOn(runs(), 'continue')
  await call(kit, withKey(key), 'PUT', `/api/v1/runs/${run.id}/continue`, { approvalId: 'apr_1', decision: 'approve' })
  expect(answer.mock.calls[0]?.[1]).toMatchObject({ byIds: [id, ann.id, account.id] })
})

test('who made a key is listed; of the first key of a tenant nobody is known', async () => {
  const { id } = await made(ann)
  const { items } = (await call(kit, acme, 'GET', '/api/v1/api-keys')).body
  const makers = Object.fromEntries(items.map((key: { id: string; madeBy?: string }) => [key.id, key.madeBy]))
  expect(makers[id]).toBe(ann.id)
  expect(Object.values(makers)).toEqual(expect.arrayContaining([undefined]))
})

test('what the run refuses as a decision of its own starter is 403, with the reason', async () => {
  const { body: run } = await asPerson(kit, ann, 'POST', '/api/v1/runs', start)
  vi.spyOn(runs(), 'continue').mockResolvedValue({ ok: false, error: { code: 'forbidden', message: 'Not you.', reason: 'self_approval' } })
  const decision = { approvalId: 'apr_1', decision: 'approve' }
  expect(await asPerson(kit, ann, 'PUT', `/api/v1/runs/${run.id}/continue`, decision)).toMatchObject({
    status: 403,
    body: { code: 'forbidden', reason: 'self_approval' },
  })
})
