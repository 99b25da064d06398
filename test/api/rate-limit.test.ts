import { describe, expect, test } from 'vitest'
import { routeClassOf } from '../../workers/api/rate-limit'
import { PLANS, type Plan } from '../../workers/domain/plans'
import { type Bucket, createRateLimits, leaseTokens } from '../../workers/domain/rate-limits'
import { call, createAccount, createKit } from './kit'

/** The API with exact limits in place of the tenant's object: one bucket a tenant, key and class. */
function createLimitedKit(rates: Partial<Plan['rates']>) {
  const buckets = new Map<string, Bucket>()
  let leases = 0
  const kit = createKit({
    rateLimits: createRateLimits({
      lease: async (tenantId, request) => {
        leases += 1
        const limit = { ...PLANS.standard.rates, ...rates }[request.routeClass]
        const names = [`${tenantId}/${request.routeClass}`, `${tenantId}/${request.routeClass}/${request.principalId}`]
        const leased = leaseTokens(
          names.map((name) => ({ bucket: buckets.get(name), limit })),
          request,
          kit.clock.now().getTime(),
        )
        for (const [index, name] of names.entries()) buckets.set(name, leased.buckets[index]!)
        return leased.lease
      },
      now: () => kit.clock.now().getTime(),
      onLeaseFailed: (thrown) => {
        throw thrown
      },
    }),
  })
  return { kit, leases: () => leases }
}

describe('rate limits', () => {
  test('every answer says how much is left, and many cost one lease', async () => {
    const { kit, leases } = createLimitedKit({})
    const acme = await createAccount(kit, 'acme')
    const first = await call(kit, acme, 'GET', '/api/v1/workflows')
    expect(first.headers.get('RateLimit-Limit')).toBe('10000')
    expect(first.headers.get('RateLimit-Remaining')).toBe('9999')
    expect(first.headers.get('RateLimit-Reset')).toBe('1')
    for (let each = 0; each < 10; each += 1) await call(kit, acme, 'GET', '/api/v1/workflows')
    expect(leases()).toBe(1)
  })

  test('above the limit a request is refused with 429 and the time to come back, and one of another tenant is not', async () => {
    const { kit } = createLimitedKit({ read: { perSecond: 1, burst: 3 } })
    const [acme, other] = [await createAccount(kit, 'acme'), await createAccount(kit, 'other')]
    const statuses = []
    for (let each = 0; each < 5; each += 1) statuses.push((await call(kit, acme, 'GET', '/api/v1/workflows')).status)
    expect(statuses).toEqual([200, 200, 200, 429, 429])
    const { headers, body } = await call(kit, acme, 'GET', '/api/v1/workflows')
    expect(headers.get('Retry-After')).toBe('1')
    expect(headers.get('RateLimit-Remaining')).toBe('0')
    expect(body).toMatchObject({ code: 'rate_limited', status: 429 })
    expect((await call(kit, other, 'GET', '/api/v1/workflows')).status).toBe(200)
    kit.clock.advance(1_000)
    expect((await call(kit, acme, 'GET', '/api/v1/workflows')).status).toBe(200)
  })

  test('reading, writing and starting are counted apart', async () => {
    const { kit } = createLimitedKit({ read: { perSecond: 1, burst: 1 } })
    const acme = await createAccount(kit, 'acme')
    await call(kit, acme, 'GET', '/api/v1/workflows')
    expect((await call(kit, acme, 'GET', '/api/v1/workflows')).status).toBe(429)
    expect(
      (await call(kit, acme, 'POST', '/api/v1/workflows/execute', { workflow: 'document-intake', input: { documentId: 'd' } })).status,
    ).toBe(202)
    expect([
      routeClassOf('GET', 'runs:read'),
      routeClassOf('POST', 'runs:write'),
      routeClassOf('PUT', 'runs:write'),
      routeClassOf('POST', 'agents:trigger'),
    ]).toEqual(['read', 'start', 'write', 'start'])
  })
})

test('an address that keeps knocking without a valid token is refused before anything is looked up, and a valid token from elsewhere is not', async () => {
  let counted = 0
  const kit = createKit({
    brake: async () => {
      counted += 1
      return counted <= 2
    },
  })
  const acme = await createAccount(kit, 'acme')
  const knock = async (address: string, account = { ...acme, apiKey: `stw_aaaaaaaa_${'a'.repeat(40)}` }) =>
    (await call(kit, account, 'GET', '/api/v1/workflows', undefined, { 'CF-Connecting-IP': address })).status
  expect([await knock('1.2.3.4'), await knock('1.2.3.4'), await knock('1.2.3.4'), await knock('1.2.3.4')]).toEqual([401, 401, 401, 429])
  expect(counted).toBe(3)
  expect(await knock('5.6.7.8', acme)).toBe(200)
  // Somebody whose token was valid before shares the address.
  expect(await knock('1.2.3.4', acme)).toBe(200)
  expect(await knock('1.2.3.4')).toBe(429)
  kit.clock.advance(10_000)
  expect(await knock('1.2.3.4', acme)).toBe(200)
})

test('an address of IPv6 is counted and braked with all of its network', async () => {
  const asked: string[] = []
  const kit = createKit({
    brake: async (address) => {
      asked.push(address)
      return asked.length <= 1
    },
  })
  const knock = async (address: string) =>
    (await call(kit, undefined, 'GET', '/api/v1/workflows', undefined, { 'CF-Connecting-IP': address })).status
  expect([await knock('2001:db8::1'), await knock('2001:db8::2'), await knock('2001:db8::3')]).toEqual([401, 401, 429])
  expect(asked).toEqual(['2001:db8:0:0::/64', '2001:db8:0:0::/64'])
  expect(await knock('2001:db8:0:1::1')).toBe(401)
})
