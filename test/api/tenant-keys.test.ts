import { beforeEach, describe, expect, test } from 'vitest'
import { workflowVersion } from '../contracts/ports'
import { type Account, ADMIN_TOKEN, call, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})

describe('data keys of a tenant', () => {
  test('are listed by version and rotated, with a security event', async () => {
    expect((await call(kit, acme, 'GET', '/api/v1/tenant/keys')).body.items).toMatchObject([{ version: 1, status: 'active' }])
    const rotated = await call(kit, acme, 'POST', '/api/v1/tenant/keys/rotate')
    expect([rotated.status, rotated.body]).toEqual([202, { version: 2 }])
    expect((await call(kit, acme, 'GET', '/api/v1/tenant/keys')).body.items).toMatchObject([
      { version: 2, status: 'active' },
      { version: 1, status: 'retiring' },
    ])
    const events = await call(kit, acme, 'GET', '/api/v1/security-events?kind=tenant_key_rotated')
    expect(events.body.items).toMatchObject([{ kind: 'tenant_key_rotated', detail: 'version 2' }])
  })

  test('the change of master keys is driven by the operator only', async () => {
    expect((await call(kit, acme, 'POST', '/api/v1/operations/keys/rewrap')).status).toBe(401)
    const { status, body } = await call(kit, undefined, 'POST', '/api/v1/operations/keys/rewrap', undefined, {
      Authorization: `Bearer ${ADMIN_TOKEN}`,
    })
    expect([status, body]).toEqual([200, { done: 0, left: 0 }])
  })
})

describe('values marked as personal data', () => {
  const runOf = async (input: unknown, account = acme, headers: Record<string, string> = {}) =>
    await call(kit, account, 'POST', '/api/v1/runs', { workflow: 'onboard', input }, headers)
  const withRole = async (role: string): Promise<Account> => ({
    ...acme,
    apiKey: (await call(kit, acme, 'POST', '/api/v1/api-keys', { name: 'k', role })).body.key,
  })

  beforeEach(async () => {
    await kit.tenant(acme.tenantId).ports.workflows.save(workflowVersion('onboard', 'a000000000000001'))
  })

  test('are opened for who has pii:read, and a mask for others', async () => {
    const token = await kit.tenant(acme.tenantId).ports.sealedFields.seal('Jane Doe')
    const { body: run } = await runOf({ name: token, plain: 1 })
    expect(run.input).toEqual({ name: 'Jane Doe', plain: 1 })
    const seen = async (role: string) => (await call(kit, await withRole(role), 'GET', `/api/v1/runs/${run.id}`)).body.input.name
    expect(await seen('agent')).toBe('Jane Doe')
    expect(await seen('client')).toBe('•••')
    expect(await seen('customer_success')).toBe('•••')
    const mounted = await call(kit, await withRole('client'), 'GET', `/workflows/${run.id}/status`)
    expect(mounted.text).not.toContain('Jane')
    expect(mounted.headers.get('Cache-Control')).toBe('no-store')
  })

  test('of another tenant stay a mask', async () => {
    const foreign = await kit.tenant('ten_other').ports.sealedFields.seal('Jane Doe')
    expect((await runOf({ name: foreign })).body.input.name).toBe('•••')
  })

  test('a stored answer is stored sealed, and opened for each reader anew', async () => {
    const token = await kit.tenant(acme.tenantId).ports.sealedFields.seal('Jane Doe')
    const again = { 'Idempotency-Key': 'once' }
    expect((await runOf({ name: token }, acme, again)).body.input.name).toBe('Jane Doe')
    const repeated = await runOf({ name: token }, acme, again)
    expect(repeated.headers.get('Idempotency-Replayed')).toBe('true')
    expect(repeated.body.input.name).toBe('Jane Doe')
    expect((await runOf({ name: token }, await withRole('client'), again)).body.input.name).toBe('•••')
  })
})
