import { beforeEach, describe, expect, test } from 'vitest'
import { describeUsage, usageRow } from '../contracts/usage'
import { createFakeTenantMoney } from '../fakes/tenant-money'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

describeUsage('memory', () => {
  const money = createFakeTenantMoney()
  return { insert: async (rows) => void money.rows.push(...rows), sum: money.usage }
})

let kit: Kit
let acme: Account
let evil: Account
const purses = new Map<string, ReturnType<typeof createFakeTenantMoney>>()
const moneyOf = (tenantId: string) => {
  const money = purses.get(tenantId) ?? createFakeTenantMoney()
  purses.set(tenantId, money)
  return money
}

beforeEach(async () => {
  purses.clear()
  kit = createKit({ money: moneyOf })
  acme = await createAccount(kit, 'acme')
  evil = await createAccount(kit, 'evil')
  moneyOf(acme.tenantId).rows.push(
    usageRow({ at: kit.clock.now().toISOString() }),
    usageRow({ at: '2026-11-20T08:00:00.000Z', workflow: '=cmd()', actualMicroUsd: 3 }),
  )
  kit.clock.advance(1_000)
})

describe('GET /usage', () => {
  test('sums the last thirty days by day when nothing else is asked for', async () => {
    const { status, body } = await call(kit, acme, 'GET', '/api/v1/usage')
    expect(status).toBe(200)
    expect(body).toMatchObject({ from: '2026-10-22T09:00:01.000Z', to: '2026-11-21T09:00:01.000Z', isComplete: true })
    expect(body.items.map((item: { group: object; costMicroUsd: number }) => [item.group, item.costMicroUsd])).toEqual([
      [{ day: '2026-11-21' }, 7],
      [{ day: '2026-11-20' }, 3],
    ])
  })

  test('groups by what is asked for and says when there is more', async () => {
    const { body } = await call(kit, acme, 'GET', '/api/v1/usage?groupBy=workflow,model&limit=1')
    expect(body).toMatchObject({ isComplete: false, items: [{ group: { workflow: 'intake', model: 'small' } }] })
  })

  test('comes as a file whose cells cannot become formulas', async () => {
    const { headers, text } = await call(kit, acme, 'GET', '/api/v1/usage?groupBy=workflow&format=csv')
    expect(headers.get('Content-Type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('Content-Disposition')).toBe('attachment; filename="usage-2026-10-22-2026-11-21.csv"')
    expect(text).toContain("\r\n'=cmd(),1,")
  })

  test.each(['groupBy=colour', 'groupBy=', 'groupBy=day,run,step,model', 'from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z', 'limit=0'])(
    'refuses ?%s and names the field',
    async (query) => {
      const { status, body } = await call(kit, acme, 'GET', `/api/v1/usage?${query}`)
      expect(status).toBe(400)
      expect(body.problems.length).toBeGreaterThan(0)
    },
  )

  test("shows nothing of another tenant's", async () => {
    expect((await call(kit, evil, 'GET', '/api/v1/usage')).body.items).toEqual([])
  })

  test('is not for a client', async () => {
    const { body: key } = await call(kit, acme, 'POST', '/api/v1/api-keys', { name: 'k', role: 'client' })
    expect((await call(kit, { ...acme, apiKey: key.key }, 'GET', '/api/v1/usage')).status).toBe(403)
  })

  test('is not there in an installation that keeps none', async () => {
    const bare = createKit()
    expect((await call(bare, await createAccount(bare, 'bare'), 'GET', '/api/v1/usage')).status).toBe(503)
  })
})
