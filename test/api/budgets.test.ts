import { beforeEach, describe, expect, test } from 'vitest'
import { DEFAULT_CEILINGS } from '../../workers/domain/budgets'
import { PLANS } from '../../workers/domain/plans'
import { createFakeTenantMoney } from '../fakes/tenant-money'
import { type Account, ADMIN_TOKEN, call, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account
const purses = new Map<string, ReturnType<typeof createFakeTenantMoney>>()

beforeEach(async () => {
  purses.clear()
  kit = createKit({
    money: (tenantId) => {
      const money = purses.get(tenantId) ?? createFakeTenantMoney()
      purses.set(tenantId, money)
      return money
    },
  })
  acme = await createAccount(kit, 'acme')
})

const operator = (token: string): Account => ({ ...acme, apiKey: token })

describe('/budgets', () => {
  test('shows ceilings, plan and what is spent', async () => {
    const { status, body } = await call(kit, acme, 'GET', '/api/v1/budgets')
    expect(status).toBe(200)
    expect(body).toMatchObject({ ceilings: DEFAULT_CEILINGS, plan: { name: 'standard' }, month: { spentMicroUsd: 0 } })
  })

  test('takes new ceilings, where null is none', async () => {
    const ceilings = { runMicroUsd: null, workflowDayMicroUsd: 5, tenantMonthMicroUsd: 10, workflows: { costly: { runMicroUsd: 1 } } }
    expect((await call(kit, acme, 'PUT', '/api/v1/budgets', ceilings)).body.ceilings).toEqual(ceilings)
    expect((await call(kit, acme, 'GET', '/api/v1/budgets')).body.ceilings).toEqual(ceilings)
  })

  test.each([
    {},
    { ...DEFAULT_CEILINGS, runMicroUsd: -1 },
    { ...DEFAULT_CEILINGS, runMicroUsd: 1.5 },
    { ...DEFAULT_CEILINGS, runMicroUsd: '1' },
  ])('refuses %j and names the field', async (ceilings) => {
    const { status, body } = await call(kit, acme, 'PUT', '/api/v1/budgets', ceilings)
    expect(status).toBe(400)
    expect(body.problems[0].path).toMatch(/MicroUsd/)
  })

  test('is changed by administrators only', async () => {
    const { body: key } = await call(kit, acme, 'POST', '/api/v1/api-keys', { name: 'k', role: 'agent' })
    const agent = { ...acme, apiKey: key.key }
    expect((await call(kit, agent, 'GET', '/api/v1/budgets')).status).toBe(200)
    expect((await call(kit, agent, 'PUT', '/api/v1/budgets', DEFAULT_CEILINGS)).status).toBe(403)
  })
})

describe('PUT /budgets/plan', () => {
  const order = () => ({ tenantId: acme.tenantId, plan: 'trial' })

  test('sets a plan by name or made to measure', async () => {
    expect((await call(kit, operator(ADMIN_TOKEN), 'PUT', '/api/v1/budgets/plan', order())).body.plan).toEqual(PLANS.trial)
    const own = { ...PLANS.trial, name: 'own', seats: 4 }
    expect((await call(kit, operator(ADMIN_TOKEN), 'PUT', '/api/v1/budgets/plan', { ...order(), plan: own })).body.plan.seats).toBe(4)
  })

  test("is the operator's: a tenant cannot give itself a larger plan", async () => {
    expect((await call(kit, acme, 'PUT', '/api/v1/budgets/plan', order())).status).toBe(401)
    expect((await call(kit, undefined, 'PUT', '/api/v1/budgets/plan', order())).status).toBe(401)
  })

  test('refuses a tenant that does not exist and a plan that is none', async () => {
    const tenantId = `ten_${'0'.repeat(32)}`
    expect((await call(kit, operator(ADMIN_TOKEN), 'PUT', '/api/v1/budgets/plan', { ...order(), tenantId })).status).toBe(404)
    expect((await call(kit, operator(ADMIN_TOKEN), 'PUT', '/api/v1/budgets/plan', { ...order(), plan: 'golden' })).status).toBe(400)
  })
})

describe('POST /workflows/estimate', () => {
  test('costs nothing while no model is configured, and says so', async () => {
    const { status, body } = await call(kit, acme, 'POST', '/api/v1/workflows/estimate', { workflow: 'document-intake', pages: 3 })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      workflow: 'document-intake',
      characters: { low: 3_000, high: 10_500 },
      costMicroUsd: { low: 0, high: 0 },
      exceeds: [],
    })
    expect(body.summary).toContain('nothing')
  })

  test('wants to know how long the document is', async () => {
    const { status, body } = await call(kit, acme, 'POST', '/api/v1/workflows/estimate', { workflow: 'document-intake' })
    expect(status).toBe(400)
    expect(body.detail).toContain('pages')
  })

  test('refuses a workflow and a document that are not here', async () => {
    expect((await call(kit, acme, 'POST', '/api/v1/workflows/estimate', { workflow: 'none', pages: 1 })).status).toBe(404)
    const unknown = { workflow: 'document-intake', documentId: 'doc_none' }
    expect((await call(kit, acme, 'POST', '/api/v1/workflows/estimate', unknown)).status).toBe(404)
  })
})
