import { beforeEach, describe, expect, it } from 'vitest'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

const PAGE = 'https://app.acme.example'
let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit({ allowedOrigins: ['https://dashboard.example'] })
  acme = await createAccount(kit, 'acme')
  const ports = kit.tenant(acme.tenantId).ports
  const { settings } = ports
  ports.settings = async () => ({ ...(await settings()), allowedOrigins: [PAGE] })
})

const from = (origin: string, method = 'GET', path = '/api/v1/runs', body?: unknown, more: Record<string, string> = {}) =>
  call(kit, acme, method, path, body, { Origin: origin, ...more })
const readableBy = (answer: { headers: Headers }) => answer.headers.get('Access-Control-Allow-Origin')

describe('pages of other origins', () => {
  it('hear in a preflight what there is, without a token and without credentials', async () => {
    const answer = await kit.app.request('/api/v1/runs', {
      method: 'OPTIONS',
      headers: { Origin: PAGE, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization' },
    })
    expect(answer.status).toBe(204)
    expect(readableBy(answer)).toBe(PAGE)
    expect(answer.headers.get('Access-Control-Allow-Headers')).toContain('Authorization')
    expect(answer.headers.get('Access-Control-Allow-Credentials')).toBeNull()
    expect(answer.headers.get('Vary')).toContain('Origin')
  })

  it('call the API where the tenant or the operator lists them', async () => {
    for (const origin of [PAGE, 'https://dashboard.example']) {
      const answer = await from(origin)
      expect([answer.status, readableBy(answer)]).toEqual([200, origin])
      expect(answer.headers.get('Access-Control-Expose-Headers')).toContain('X-Request-Id')
      expect(answer.headers.get('Access-Control-Allow-Credentials')).toBeNull()
      expect(answer.headers.get('Vary')).toContain('Origin')
    }
  })

  it.each([
    'https://evil.example',
    'https://app.acme.example.evil.example',
    'https://app.acme.example:8443',
    'http://app.acme.example',
    'https://APP.acme.example',
    'null',
    'file://',
    '*',
  ])('%s is refused before anything is done, and reads nothing', async (origin) => {
    const answer = await from(origin, 'POST', '/api/v1/runs', { workflow: 'document-intake', input: { documentId: 'doc_1' } })
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden', reason: 'origin_not_allowed' } })
    expect(readableBy(answer)).toBeNull()
    expect(kit.tenant(acme.tenantId).runs.all.size).toBe(0)
  })

  it('of one tenant are not those of another', async () => {
    const globex = await createAccount(kit, 'globex')
    expect((await call(kit, globex, 'GET', '/api/v1/runs', undefined, { Origin: PAGE })).status).toBe(403)
  })

  it('may read that they have to sign in, and that a listed one did something wrong', async () => {
    const stranger = await call(kit, undefined, 'GET', '/api/v1/runs', undefined, { Origin: 'https://evil.example' })
    expect([stranger.status, readableBy(stranger)]).toEqual([401, 'https://evil.example'])
    const wrong = await from(PAGE, 'POST', '/api/v1/runs', { workflow: 'gone', input: {} })
    expect([wrong.status, readableBy(wrong)]).toEqual([404, PAGE])
  })

  it('are told from our own, also behind a proxy that ends TLS', async () => {
    expect((await from('http://localhost', 'GET', 'http://localhost/api/v1/runs')).status).toBe(200)
    expect((await from('https://steward.example', 'GET', 'http://steward.example/api/v1/runs')).status).toBe(200)
    expect((await from('http://127.0.0.1:5173', 'GET', '/api/v1/runs', undefined, { 'Sec-Fetch-Site': 'same-origin' })).status).toBe(200)
  })
})

describe('allowedOrigins of the settings', () => {
  const save = async (allowedOrigins: string[]) => {
    const { body } = await call(kit, acme, 'GET', '/api/v1/tenants/me/settings')
    return await call(kit, acme, 'PUT', '/api/v1/tenants/me/settings', { ...body, allowedOrigins })
  }

  it('takes exact origins and nothing else', async () => {
    expect((await save(['https://a.example', 'http://localhost:5173'])).status).toBe(200)
    for (const origin of [
      '*',
      'https://*.example',
      'https://a.example/',
      'https://a.example/x',
      'http://a.example',
      'null',
      'a.example',
      'https://A.example',
    ])
      expect((await save([origin])).status, origin).toBe(400)
    expect((await save(Array(21).fill('https://a.example'))).status).toBe(400)
  })
})

describe('a request with a cookie and no token', () => {
  const forge = async (headers: { Origin?: string; 'Sec-Fetch-Site'?: string }) =>
    (
      await kit.app.request('http://steward.example/api/v1/auth/refresh', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Cookie: 'session=1', ...headers },
        body: '{"refreshToken":"x"}',
      })
    ).status

  it('changes nothing unless our own page sent it', async () => {
    for (const headers of [
      {},
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site', Origin: 'http://other.steward.example' },
    ])
      expect(await forge(headers), JSON.stringify(headers)).toBe(403)
    for (const headers of [{ Origin: 'http://steward.example' }, { 'Sec-Fetch-Site': 'same-origin' }, { 'Sec-Fetch-Site': 'none' }])
      expect(await forge(headers), JSON.stringify(headers)).toBe(401)
  })

  it('finds no route that lets a cookie stand in for a token', async () => {
    const { paths } = (await call(kit, undefined, 'GET', '/api/v1/openapi.json')).body
    expect(JSON.stringify(paths)).not.toMatch(/"in":"cookie"/)
    const answer = await kit.app.request('/api/v1/runs', {
      headers: { Cookie: `authorization=Bearer ${acme.apiKey}; token=${acme.apiKey}` },
    })
    expect(answer.status).toBe(401)
  })

  it('finds no route that does anything for a page of another site with a cookie', async () => {
    const { paths } = (await call(kit, undefined, 'GET', '/api/v1/openapi.json')).body as Described
    const routes = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    )
    const guarded = routes.filter(({ operation }) => operation['x-permission'] !== undefined)
    expect(guarded.length).toBeGreaterThan(150)
    const before = kit.tenant(acme.tenantId).audit.open.entries.length
    for (const { method, path } of routes) {
      const hasBody = method !== 'GET' && method !== 'DELETE'
      const { status } = await kit.app.request(path.replace(/\{[^}]+\}/g, 'x'), {
        method,
        headers: {
          Cookie: `authorization=Bearer ${acme.apiKey}; token=${acme.apiKey}; session=${acme.apiKey}`,
          Origin: 'https://evil.example',
          'Sec-Fetch-Site': 'cross-site',
          ...(hasBody && { 'Content-Type': 'application/json' }),
        },
        ...(hasBody && { body: '{}' }),
      })
      if (guarded.some((each) => each.method === method && each.path === path)) expect([401, 403], `${method} ${path}`).toContain(status)
      else if (method !== 'GET') expect(status, `${method} ${path}`).toBe(403)
    }
    expect(kit.tenant(acme.tenantId).audit.open.entries.length).toBe(before)
  })
})

interface Described {
  paths: Record<string, Record<string, { 'x-permission'?: string }>>
}
