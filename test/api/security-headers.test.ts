import { beforeAll, describe, expect, it, vi } from 'vitest'
import { type Account, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account
beforeAll(async () => {
  kit = createKit({
    assets: async () => new Response('<p>', { headers: { 'Content-Type': 'text/html', 'Content-Security-Policy': 'its own' } }),
  })
  acme = await createAccount(kit, 'acme')
})
const headersOf = async (url: string, init?: RequestInit) => (await kit.app.request(url, init)).headers

describe('every answer of the API', () => {
  it.each([
    ['a public one', '/health', 200],
    ['a list', '/api/v1/runs', 200],
    ['a refusal', '/api/v1/runs/run_x', 404],
    ['an unknown route', '/api/v1/nothing', 404],
    ['a wrong method', '/api/v1/auth/login', 405],
  ])('carries the headers that keep a browser from guessing, framing and leaking: %s', async (_, path, status) => {
    const answer = await kit.app.request(`https://steward.example${path}`, { headers: { Authorization: `Bearer ${acme.apiKey}` } })
    expect(answer.status).toBe(status)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=63072000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
  })
})

it('every route carries them, to whom it answers and to whom it refuses, and so do too long addresses and defects', async () => {
  const { paths } = (await (await kit.app.request('/api/v1/openapi.json')).json()) as {
    paths: Record<string, Record<string, { 'x-permission'?: string }>>
  }
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      ...{ app: kit.app, method: method.toUpperCase(), path: path.replace(/\{[^}]+\}/g, 'x'), key: '' },
      isGuarded: operation['x-permission'] !== undefined,
    })),
  )
  expect(routes.length).toBeGreaterThan(200)
  const broken = createKit({
    runs: () => {
      throw new Error('a defect')
    },
  })
  const { apiKey } = await createAccount(broken, 'broken')
  const asked = [
    ...routes.map((route) => ({ ...route, isGuarded: false })),
    ...routes.map((route) => ({ ...route, key: acme.apiKey })),
    { app: kit.app, method: 'GET', path: `/health?x=${'y'.repeat(9_000)}`, key: '', isGuarded: false },
    { app: kit.app, method: 'OPTIONS', path: '/api/v1/runs', key: '', isGuarded: false },
    { app: broken.app, method: 'GET', path: '/api/v1/runs', key: apiKey, isGuarded: true },
  ]
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const statuses = new Set<number>()
  for (const { app, method, path, key, isGuarded } of asked) {
    const answer = await app.request(`https://steward.example${path}`, {
      method,
      ...(key && { headers: { Authorization: `Bearer ${key}` } }),
    })
    statuses.add(answer.status)
    const has = (name: string) => answer.headers.get(name) ?? ''
    expect(has('X-Content-Type-Options'), `${method} ${path}`).toBe('nosniff')
    expect(has('X-Frame-Options'), `${method} ${path}`).toBe('DENY')
    expect(has('Content-Security-Policy'), `${method} ${path}`).toContain("frame-ancestors 'none'")
    expect(has('Strict-Transport-Security'), `${method} ${path}`).toContain('max-age=')
    if (isGuarded) expect(has('Cache-Control'), `${method} ${path}`).toMatch(/no-store|^$/)
  }
  for (const status of [200, 400, 401, 404, 414, 500]) expect(statuses).toContain(status)
})

it('transport security is asked for over https only, and never on loopback', async () => {
  for (const url of [
    'http://steward.example/health',
    'https://localhost/health',
    'https://127.0.0.1:8787/health',
    'https://[::1]/health',
    'https://a.localhost/health',
  ])
    expect((await headersOf(url)).get('Strict-Transport-Security'), url).toBeNull()
  expect((await headersOf('https://steward.example/health')).get('Strict-Transport-Security')).toContain('max-age=')
})

it('no answer names the software or its version', async () => {
  const headers = { Authorization: `Bearer ${acme.apiKey}` }
  for (const path of ['/health', '/ready', '/api/v1/runs', '/api/v1/runs/run_x', '/api/v1/nothing', '/api/v1/docs', '/runs']) {
    const names = [...(await headersOf(path, { headers })).keys()]
    expect(
      names.filter((name) => /^(?:server|via|x-powered-by|x-aspnet|x-runtime|x-version|x-generator|x-debug)/.test(name)),
      path,
    ).toEqual([])
  }
})

it('what somebody who signed in was told is kept by no cache', async () => {
  const acme = await createAccount(kit, 'cached')
  const read = (path: string) => kit.app.request(path, { headers: { Authorization: `Bearer ${acme.apiKey}` } })
  for (const path of ['/api/v1/runs', '/api/v1/runs/run_x', '/api/v1/users', '/api/v1/tenants/me/settings'])
    expect((await read(path)).headers.get('Cache-Control'), path).toBe('private, no-store')
  expect((await headersOf('/.well-known/jwks.json')).get('Cache-Control')).toBe('public, max-age=300')
})

it("the dashboard's files keep the policy that they bring", async () => {
  expect((await headersOf('/runs')).get('Content-Security-Policy')).toBe('its own')
})

it('the API reference runs without unsafe-inline, with a nonce of its own in each answer', async () => {
  const read = async () => {
    const answer = await kit.app.request('/api/v1/docs')
    return {
      policy: answer.headers.get('Content-Security-Policy') ?? '',
      page: await answer.text(),
      cache: answer.headers.get('Cache-Control'),
    }
  }
  const [first, second] = [await read(), await read()]
  expect(first.policy).not.toMatch(/unsafe|\*|https?:/)
  expect(first.policy).toMatch(/script-src 'self';/)
  expect(first.policy).toMatch(/frame-ancestors 'none'/)
  const nonce = /'nonce-([^']+)'/.exec(first.policy)?.[1] ?? ''
  expect(nonce.length).toBeGreaterThan(20)
  expect(first.page).toContain(`<meta property="csp-nonce" content="${nonce}">`)
  expect(second.policy).not.toContain(nonce)
  expect(first.cache).toBe('no-store')
})
