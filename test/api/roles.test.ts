import { beforeEach, expect, test } from 'vitest'
import { type Account, call, createAccount, createKit, type Kit } from './kit'
import { addMember, asPerson } from './members'

let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})
const putRole = (name: string, permissions: string[], account = acme) => call(kit, account, 'PUT', `/api/v1/roles/${name}`, { permissions })

test('a role of the tenant lets its holder do what it names and nothing else', async () => {
  expect((await putRole('reader', ['runs:read', 'self:read'])).status).toBe(200)
  const jo = await addMember(kit, acme, 'reader', 'jo')
  expect((await asPerson(kit, jo, 'GET', '/api/v1/runs')).status).toBe(200)
  expect((await asPerson(kit, jo, 'GET', '/api/v1/documents')).status).toBe(403)
  await putRole('reader', ['documents:read'])
  expect((await asPerson(kit, jo, 'GET', '/api/v1/runs')).status).toBe(403)
  expect((await asPerson(kit, jo, 'GET', '/api/v1/documents')).status).toBe(200)
})

test('nobody makes, hands out or changes more than they hold', async () => {
  await putRole('people', ['users:read', 'users:write', 'roles:read', 'roles:write', 'api_keys:write', 'runs:read'])
  await putRole('treasurer', ['budgets:write'])
  const jo = await addMember(kit, acme, 'people', 'jo')
  const ann = await addMember(kit, acme, 'treasurer', 'ann')
  const refused = [
    ['PUT', '/api/v1/roles/mine', { permissions: ['secrets:write'] }],
    ['PUT', '/api/v1/roles/treasurer', { permissions: [] }],
    ['PUT', `/api/v1/users/${jo.id}/role`, { role: 'admin' }],
    ['PUT', `/api/v1/users/${ann.id}/role`, { role: 'people' }],
    ['POST', `/api/v1/users/${acme.adminId}/disable`, undefined],
    ['DELETE', `/api/v1/users/${acme.adminId}/sessions`, undefined],
    ['POST', '/api/v1/invitations', { email: 'x@acme.example', role: 'admin' }],
    ['POST', '/api/v1/api-keys', { name: 'k', role: 'admin' }],
    ['POST', '/api/v1/service-accounts', { name: 's', role: 'admin' }],
  ] as const
  for (const [method, path, body] of refused)
    expect(await asPerson(kit, jo, method, path, body), `${method} ${path}`).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  expect((await asPerson(kit, jo, 'PUT', '/api/v1/roles/mine', { permissions: ['runs:read'] })).status).toBe(200)
  expect((await asPerson(kit, jo, 'POST', '/api/v1/invitations', { email: 'x@acme.example', role: 'mine' })).status).toBe(201)
  expect((await asPerson(kit, jo, 'POST', '/api/v1/api-keys', { name: 'k', role: 'admin', scopes: ['runs:read'] })).status).toBe(201)
})

test('nobody puts an end to what may do more than they', async () => {
  await putRole('people', ['users:read', 'users:write', 'roles:read', 'roles:write', 'api_keys:write', 'runs:read'])
  await putRole('treasurer', ['budgets:write'])
  const jo = await addMember(kit, acme, 'people', 'jo')
  const idOf = async (path: string, body: object): Promise<string> => (await call(kit, acme, 'POST', path, body)).body.id
  const key = await idOf('/api/v1/api-keys', { name: 'k', role: 'admin' })
  const weak = await idOf('/api/v1/api-keys', { name: 'k', role: 'admin', scopes: ['runs:read'] })
  const paths = [
    '/api/v1/roles/treasurer',
    `/api/v1/api-keys/${key}`,
    `/api/v1/service-accounts/${await idOf('/api/v1/service-accounts', { name: 's', role: 'admin' })}`,
    `/api/v1/invitations/${await idOf('/api/v1/invitations', { email: 'x@acme.example', role: 'admin' })}`,
  ]
  for (const path of paths)
    expect(await asPerson(kit, jo, 'DELETE', path), path).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  expect((await asPerson(kit, jo, 'DELETE', `/api/v1/api-keys/${weak}`)).status).toBe(204)
  for (const path of paths) expect((await call(kit, acme, 'DELETE', path)).status, path).toBe(204)
})

test('built-in roles stay as they are, and a role that somebody has is not deleted', async () => {
  expect((await putRole('admin', ['runs:read'])).status).toBe(409)
  expect((await call(kit, acme, 'DELETE', '/api/v1/roles/client')).status).toBe(409)
  expect((await putRole('reader', ['runs:read', 'no:such'])).status).toBe(400)
  await putRole('reader', ['runs:read'])
  const jo = await addMember(kit, acme, 'reader', 'jo')
  expect((await call(kit, acme, 'DELETE', '/api/v1/roles/reader')).status).toBe(409)
  await call(kit, acme, 'PUT', `/api/v1/users/${jo.id}/role`, { role: 'client' })
  expect((await call(kit, acme, 'DELETE', '/api/v1/roles/reader')).status).toBe(204)
  expect((await call(kit, acme, 'DELETE', '/api/v1/roles/reader')).status).toBe(404)
})

test('roles of one tenant are unknown to another', async () => {
  const beta = await createAccount(kit, 'beta')
  await putRole('reader', ['runs:read'])
  const names = ({ body }: { body: { items: { name: string }[] } }) => body.items.map((role) => role.name)
  expect(names(await call(kit, acme, 'GET', '/api/v1/roles'))).toEqual(['admin', 'client', 'agent', 'customer_success', 'reader'])
  expect(names(await call(kit, beta, 'GET', '/api/v1/roles'))).toEqual(['admin', 'client', 'agent', 'customer_success'])
  expect((await call(kit, beta, 'DELETE', '/api/v1/roles/reader')).status).toBe(404)
  expect((await call(kit, beta, 'POST', '/api/v1/api-keys', { name: 'k', role: 'reader' })).status).toBe(400)
})
