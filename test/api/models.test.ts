import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ChatServer, startChatServer } from '../fakes/chat-server'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

let server: ChatServer
let kit: Kit
let acme: Account
beforeAll(async () => {
  server = await startChatServer()
})
afterAll(() => server.close())
beforeEach(async () => {
  server.reset()
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})

const put = (source: string, headers: Record<string, string> = {}) =>
  kit.app.request('/api/v1/models', {
    method: 'PUT',
    body: source,
    headers: { Authorization: `Bearer ${acme.apiKey}`, 'Content-Type': 'application/yaml', ...headers },
  })
const own = () =>
  `providers:\n  own: { protocol: openai, url: "${server.baseUrl}" }\nmodels:\n  own: { provider: own, name: ours, can: [json] }\npurposes:\n  default: { use: [own] }\n`

describe('the models of a tenant', () => {
  it('are the shipped ones until it sets its own, and again after it lets go of them', async () => {
    expect((await call(kit, acme, 'GET', '/api/v1/models')).body).toMatchObject({ isDefault: true, revision: 0, maskPii: false })
    expect((await put(own())).status).toBe(200)
    const { body, headers } = await call(kit, acme, 'GET', '/api/v1/models')
    expect(body).toMatchObject({ isDefault: false, source: own(), purposes: { default: { use: ['own'] } } })
    expect(body.models.find(({ model }: { model: string }) => model === 'own')).toMatchObject({
      isConfigured: true,
      isExternal: false,
      breaker: 'closed',
    })
    expect(headers.get('ETag')).toBe('"1"')
    expect((await call(kit, acme, 'DELETE', '/api/v1/models')).status).toBe(204)
    expect((await call(kit, acme, 'GET', '/api/v1/models')).body.isDefault).toBe(true)
  })

  it('are refused with line and column when they do not fit, and then nothing changes', async () => {
    const response = await put('purposes:\n  default:\n    use: [nothing]\n')
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'invalid', problems: [{ path: 'purposes.default.use.0', line: 3, column: 11 }] })
    expect((await call(kit, acme, 'GET', '/api/v1/models')).body.isDefault).toBe(true)
  })

  it('are not overwritten by who has read an older revision', async () => {
    await put(own())
    expect((await put(own(), { 'If-Match': '"0"' })).status).toBe(412)
    expect((await put(own(), { 'If-Match': '"1"' })).status).toBe(200)
    expect((await put(own(), { 'If-Match': '"nonsense"' })).status).toBe(412)
  })

  it('are probed for what they are said to do', async () => {
    await put(own())
    const say = (content: string) => ({ kind: 'json' as const, body: { choices: [{ message: { content } }] } })
    const wantsJson = (body: Record<string, unknown>) => body.response_format !== undefined
    server.script({ ...say('{"ok": true}'), to: wantsJson }, say('ok'))
    const { body } = await call(kit, acme, 'POST', '/api/v1/models/test', { models: ['own'] })
    expect(body.items).toMatchObject([
      {
        model: 'own',
        status: 'answered',
        can: [
          { capability: 'text', works: true },
          { capability: 'json', works: true },
        ],
      },
    ])
    server.script({ ...say('no'), to: wantsJson }, { ...say('no'), to: wantsJson }, say('ok'))
    const [half] = (await call(kit, acme, 'POST', '/api/v1/models/test', { models: ['own'] })).body.items
    expect(half).toMatchObject({ status: 'answered', can: [{ works: true }, { capability: 'json', works: false }] })
    server.reset()
    server.script({ ...say('no'), to: wantsJson }, { kind: 'json', status: 401, body: { error: { message: 'wrong key' } } })
    const failed = (await call(kit, acme, 'POST', '/api/v1/models/test', { models: ['own', 'openai-none'] })).body
    expect(failed.code).toBe('not_found')
    const [item] = (await call(kit, acme, 'POST', '/api/v1/models/test', { models: ['own'] })).body.items
    expect(item).toMatchObject({ status: 'failed' })
    expect(item.message).toContain('wrong key')
    expect((await call(kit, acme, 'POST', '/api/v1/models/test', { models: ['workers-ai-small'] })).body.items[0].status).toBe(
      'not_configured',
    )
  })

  it('are set by administrators only, and each tenant sees its own', async () => {
    await put(own())
    const other = await createAccount(kit, 'other')
    expect((await call(kit, other, 'GET', '/api/v1/models')).body.isDefault).toBe(true)
    expect((await call(kit, undefined, 'GET', '/api/v1/models')).status).toBe(401)
  })

  it('tell the hit rate of their cache, which can be emptied', async () => {
    expect((await call(kit, acme, 'GET', '/api/v1/models/cache')).body).toEqual({ items: [] })
    expect((await call(kit, acme, 'DELETE', '/api/v1/models/cache')).status).toBe(204)
  })
})

describe('the prompts of a tenant', () => {
  const path = '/api/v1/prompts/classification'

  it('begin with the built-in one as version 1', async () => {
    expect((await call(kit, acme, 'GET', '/api/v1/prompts')).body.items).toEqual([
      { name: 'classification', newest: 1, live: [{ version: 1, weight: 100 }] },
    ])
    expect((await call(kit, acme, 'GET', path)).body).toMatchObject({
      variables: ['labels', 'task'],
      versions: [{ version: 1, builtIn: true, text: 'Classify as one of: {{ labels }}.' }],
      outcomes: [],
    })
    expect((await call(kit, acme, 'GET', '/api/v1/prompts/nothing')).status).toBe(404)
  })

  it('get versions, which take the place of the last or share its runs', async () => {
    const saved = await call(kit, acme, 'PUT', path, { text: 'Which of {{ labels }}?', note: 'shorter' })
    expect({ status: saved.status, etag: saved.headers.get('ETag') }).toEqual({ status: 201, etag: '"2"' })
    await call(kit, acme, 'PUT', path, { text: '{{ task }} Think first.', weight: 25 })
    expect((await call(kit, acme, 'GET', '/api/v1/prompts')).body.items[0]).toEqual({
      name: 'classification',
      newest: 3,
      live: [
        { version: 3, weight: 25 },
        { version: 2, weight: 100 },
      ],
    })
    expect((await call(kit, acme, 'PUT', `${path}/weights`, { weights: { 1: 10, 2: 0, 3: 0 } })).status).toBe(204)
    expect((await call(kit, acme, 'PUT', `${path}/weights`, { weights: { 1: 0 } })).status).toBe(400)
    expect((await call(kit, acme, 'PUT', `${path}/weights`, { weights: { 9: 1 } })).status).toBe(404)
    expect((await call(kit, acme, 'PUT', path, { text: 'x' }, { 'If-Match': '"2"' })).status).toBe(412)
  })

  it('of another tenant are never seen', async () => {
    await call(kit, acme, 'PUT', path, { text: 'Secret way: {{ labels }}' })
    const other = await createAccount(kit, 'other')
    expect((await call(kit, other, 'GET', path)).text).not.toContain('Secret')
    expect((await call(kit, other, 'GET', `${path}/diff?from=1&to=2`)).status).toBe(404)
  })

  it('are refused with an unknown variable or a failing test', async () => {
    const unknown = await call(kit, acme, 'PUT', path, { text: 'Which of {{ classes }}?' })
    expect(unknown.body).toMatchObject({ code: 'invalid', problems: [{ path: 'text' }] })
    const tests = [{ name: 'names the labels', contains: ['invoice'] }]
    expect((await call(kit, acme, 'PUT', path, { text: 'Which?', tests })).body).toMatchObject({ problems: [{ path: 'tests[0]' }] })
    expect((await call(kit, acme, 'PUT', path, { text: 'Which of {{ labels }}?', tests })).status).toBe(201)
  })

  it('are compared and tested', async () => {
    await call(kit, acme, 'PUT', path, { text: 'Classify as one of: {{ labels }}.\nThink first.' })
    expect((await call(kit, acme, 'GET', `${path}/diff?from=1&to=2`)).body.lines).toEqual([
      { kind: 'same', text: 'Classify as one of: {{ labels }}.' },
      { kind: 'added', text: 'Think first.' },
    ])
    expect((await call(kit, acme, 'GET', `${path}/diff?from=1&to=7`)).status).toBe(404)
    const trial = await call(kit, acme, 'POST', `${path}/test`, {
      version: 1,
      variables: { labels: 'a, b' },
      tests: [{ name: 't', contains: ['z'] }],
    })
    expect(trial.body).toMatchObject({ rendered: 'Classify as one of: a, b.', passed: false, checks: [{ name: 't', passed: false }] })
  })
})
