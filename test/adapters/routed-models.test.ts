import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTenantModels } from '../../workers/adapters/routed-models'
import type { ProviderSources } from '../../workers/adapters/routed-providers'
import type { ModelCall } from '../../workers/domain/models'
import { skills } from '../../workers/skills'
import { type ChatServer, startChatServer } from '../fakes/chat-server'
import { createTestClock } from '../fakes/clock'
import { createFakeModelCache } from '../fakes/model-cache'
import { createFakeModelSettings } from '../fakes/model-desk'
import { anthropicProtocol } from '../fakes/model-protocols'
import { createFakeEncoder } from '../fakes/models'
import { createFakeSecrets } from '../fakes/secrets'
import { createFakeAi, type FakeAi } from '../fakes/workers-ai'
import { textDocument } from '../skills/corpus/pdf-pages'

let server: ChatServer
const anthropic = anthropicProtocol()
let ai: FakeAi
let tenants = 0

beforeAll(async () => {
  server = await startChatServer()
  await anthropic.start()
})
afterAll(async () => {
  await server.close()
  await anthropic.stop()
})
beforeEach(() => {
  server.reset()
  ai = createFakeAi()
})

const answer = (content: string) => ({
  kind: 'json' as const,
  body: { choices: [{ message: { content } }], usage: { prompt_tokens: 50, completion_tokens: 20 } },
})

async function tenant(source: string | undefined, more: Partial<ProviderSources> = {}) {
  const clock = createTestClock()
  const store = createFakeModelSettings(clock)
  const secrets = createFakeSecrets()
  if (source !== undefined) await store.save(source, undefined)
  const stored = new Map<string, number[]>()
  const models = createTenantModels({
    tenantId: `ten_${tenants++}`,
    store,
    clock,
    cache: createFakeModelCache(),
    encoder: createFakeEncoder(),
    vectors: {
      find: async (_, hashes) => new Map(hashes.flatMap((hash) => (stored.has(hash) ? [[hash, stored.get(hash)!] as const] : []))),
      store: async (_, vectors) => {
        for (const { hash, vector } of vectors) stored.set(hash, vector)
      },
    },
    sources: { fetch, allowLoopback: true, secret: secrets.find, variable: () => undefined, ai, ...more },
  })
  return { ...models, secrets }
}

const OWN = () => `
providers:
  own: { protocol: openai, url: "${server.baseUrl}", key: { secret: own-key } }
models:
  own: { provider: own, name: ours, price: { input: 1000000, output: 2000000 }, can: [json, tools] }
  own-embed: { provider: own, kind: embed, name: vectors, dimensions: 2 }
  own-rerank: { provider: own, kind: rerank, name: ranks }
purposes:
  default: { use: [own, workers-ai-small], cache: false }
  embed: { use: [own-embed] }
  rerank: { use: [own-rerank, workers-ai-rerank] }
`

describe('the models of a tenant', () => {
  it('answer a skill with the key from its secrets, and the next one stands in when it fails', async () => {
    const { chatModel, secrets } = await tenant(OWN())
    await secrets.put('own-key', 'k-123')
    server.script({ kind: 'text', status: 503, body: 'down' })
    ai.script({
      kind: 'json',
      body: { response: { class: 'invoice', confidence: 1, evidence: [] }, usage: { prompt_tokens: 50, completion_tokens: 20 } },
    })
    const calls: ModelCall[] = []
    const model = {
      ...chatModel,
      complete: (request: Parameters<typeof chatModel.complete>[0]) =>
        chatModel.complete({ ...request, payer: { onCall: (call) => calls.push(call) } }),
    }
    const named = await skills.classify.run({ document: textDocument('Rechnung Nr. 5') }, { chatModel: model })
    expect(named).toMatchObject({ class: 'invoice', provider: 'workers-ai', degraded: false })
    expect(server.received[0]?.headers.authorization).toBe('Bearer k-123')
    expect(calls).toMatchObject([
      { route: 'own', provider: 'own', failure: { code: 'unavailable' } },
      { route: 'workers-ai-small', costMicroUsd: 11 },
    ])
  })

  it('are not asked where their key is not for, also at the address that a library brings along', async () => {
    const { chatModel, secrets } = await tenant(OWN(), { ai: undefined })
    await secrets.put('own-key', 'k-123', ['api.openai.com'])
    await expect(chatModel.complete({ messages: [{ role: 'user', content: 'hi' }] })).rejects.toMatchObject({
      code: 'forbidden',
      reason: 'secret_host',
    })
    expect(server.received).toEqual([])
    await secrets.put('own-key', 'k-123', [new URL(server.baseUrl).host])
    server.script(answer('"yes"'))
    const again = await tenant(OWN(), { ai: undefined })
    await again.secrets.put('own-key', 'k-123', [new URL(server.baseUrl).host])
    await again.chatModel.complete({ messages: [{ role: 'user', content: 'hi' }] })
    expect(server.received).toHaveLength(1)
    const asked: string[] = []
    const source =
      'providers: { a: { protocol: anthropic, key: { secret: a } } }\nmodels: { a: { provider: a, name: m } }\npurposes: { default: { use: [a] } }\n'
    const hosted = await tenant(source, {
      ai: undefined,
      fetch: async (input) => {
        asked.push(String(input))
        return new Response('{}', { status: 500 })
      },
    })
    await hosted.secrets.put('a', 'k', ['api.openai.com'])
    await expect(hosted.chatModel.complete({ messages: [{ role: 'user', content: 'hi' }] })).rejects.toMatchObject({
      reason: 'secret_host',
    })
    expect(asked).toEqual([])
  })

  it('are none without key and binding: skills take their embedded way, not degraded', async () => {
    const { chatModel } = await tenant(undefined, { ai: undefined })
    expect(await chatModel.capacity?.('default')).toBeUndefined()
    expect(await skills.classify.run({ document: textDocument('Rechnung Nr. 5') }, { chatModel })).toMatchObject({
      provider: 'embedded',
      degraded: false,
    })
  })

  it('all failing leave the embedded way, degraded', async () => {
    const { chatModel, secrets } = await tenant(OWN())
    await secrets.put('own-key', 'k')
    server.script({ kind: 'text', status: 503, body: 'down' })
    ai.script({ kind: 'text', status: 3040, body: 'No more data centers' })
    expect(await skills.classify.run({ document: textDocument('Rechnung Nr. 5') }, { chatModel })).toMatchObject({
      provider: 'embedded',
      degraded: true,
    })
  })

  it('mask personal data before a provider outside, found by the same rules as the PII skill', async () => {
    const { chatModel, secrets } = await tenant(`${OWN().replace('own-key } }', 'own-key }, external: true }')}maskPii: true\n`)
    await secrets.put('own-key', 'k')
    server.script(answer('{"class":"invoice","confidence":1,"evidence":["[IBAN_1]"]}'))
    const document = textDocument('Rechnung. Bitte auf DE89 3704 0044 0532 0130 00 zahlen.')
    const named = await skills.classify.run({ document }, { chatModel })
    expect(JSON.stringify(server.received[0]?.body)).not.toContain('3704')
    expect(named.evidence[0]?.term).toBe('DE89 3704 0044 0532 0130 00')
  })

  it('are reached at public https addresses only, except on loopback where that is allowed', async () => {
    const source = (url: string) =>
      `providers: { own: { protocol: openai, url: "${url}" } }\nmodels: { own: { provider: own, name: m } }\npurposes: { default: { use: [own] } }\n`
    const ask = async (url: string) =>
      (await tenant(source(url), { allowLoopback: false })).chatModel.complete({ messages: [{ role: 'user', content: 'hi' }] })
    for (const url of [server.baseUrl, 'http://10.0.0.1/v1', 'https://169.254.169.254/v1', 'http://models.example.com/v1'])
      await expect(ask(url)).rejects.toMatchObject({ code: 'forbidden' })
    expect(server.received).toEqual([])
  })

  it('speak the protocol that the file names', async () => {
    const baseUrl = 'http://anthropic.localhost'
    const source = `providers: { a: { protocol: anthropic, url: "${baseUrl}", key: { secret: a } } }\nmodels: { a: { provider: a, name: m } }\npurposes: { default: { use: [a] } }\n`
    const urls: string[] = []
    const { chatModel, secrets } = await tenant(source, {
      fetch: async (input) => {
        urls.push(String(input))
        return Response.json({
          type: 'message',
          id: 'm',
          model: 'm',
          role: 'assistant',
          content: [{ type: 'text', text: 'Hi.' }],
          stop_reason: 'end_turn',
          stop_sequence: null,
          usage: { input_tokens: 1, output_tokens: 1 },
        })
      },
    })
    await secrets.put('a', 'k')
    expect((await chatModel.complete({ messages: [{ role: 'user', content: 'hi' }] })).text).toBe('Hi.')
    expect(urls).toEqual([`${baseUrl}/messages`])
  })
})

describe('vectors and ranks', () => {
  const vectors = (...rows: number[][]) => ({
    kind: 'json' as const,
    body: { data: rows.map((embedding, index) => ({ index, embedding })).toReversed() },
  })

  it('come from the model that is named, in order, of unit length, and once for the same text', async () => {
    const { encoder, secrets } = await tenant(OWN())
    await secrets.put('own-key', 'k')
    server.script(vectors([3, 4], [0, 2]), vectors([1, 0]))
    const named = await encoder()
    expect(named).toMatchObject({ model: 'vectors', dimensions: 2 })
    expect(await named.embed(['a', 'b', 'a'])).toEqual([
      [0.6, 0.8],
      [0, 1],
      [0.6, 0.8],
    ])
    expect(await named.embed(['b', 'c'])).toEqual([
      [0, 1],
      [1, 0],
    ])
    expect(server.received.map(({ body }) => body.input)).toEqual([['a', 'b'], ['c']])
  })

  it('of a provider outside are not used where personal data must be masked: texts stay inside', async () => {
    const outside = OWN().replace('own-key } }', 'own-key }, external: true }')
    const { encoder, reranker, secrets } = await tenant(`${outside}maskPii: true\n`)
    await secrets.put('own-key', 'k')
    await (await encoder()).embed(['Erika, DE89 3704 0044 0532 0130 00'])
    expect((await encoder()).model).toBe('fake-words')
    ai.script({ kind: 'json', body: { response: [{ id: 0, score: 0.7 }] } })
    expect(await (await reranker())?.rerank('q', ['a'], AbortSignal.timeout(5_000))).toEqual([{ index: 0, score: 0.7 }])
    expect(server.received).toEqual([])
  })

  it('are those of the embedded encoder where none is named', async () => {
    expect((await (await tenant(undefined)).encoder()).model).toBe('fake-words')
  })

  it.each([
    ['too few', vectors([1, 0]), 'unavailable'],
    ['of another length', vectors([1, 0, 0], [0, 1, 0]), 'invalid'],
  ])('that are %s are refused', async (_, script, code) => {
    const { encoder, secrets } = await tenant(OWN())
    await secrets.put('own-key', 'k')
    server.script(script)
    await expect((await encoder()).embed(['a', 'b'])).rejects.toMatchObject({ code })
  })

  it('rank passages, by the next model when the first is down', async () => {
    const { reranker, secrets } = await tenant(OWN())
    await secrets.put('own-key', 'k')
    server.script(
      {
        kind: 'json',
        body: {
          results: [
            { index: 1, relevance_score: 0.9 },
            { index: 0, relevance_score: 0.1 },
          ],
        },
      },
      { kind: 'text', status: 500, body: '' },
    )
    ai.script({
      kind: 'json',
      body: {
        response: [
          { id: 1, score: 0.2 },
          { id: 0, score: 0.7 },
        ],
      },
    })
    const ranks = await reranker()
    const signal = AbortSignal.timeout(5_000)
    expect(await ranks?.rerank('q', ['a', 'b'], signal)).toEqual([
      { index: 0, score: 0.1 },
      { index: 1, score: 0.9 },
    ])
    expect(await ranks?.rerank('q', ['a', 'b'], signal)).toEqual([
      { index: 0, score: 0.7 },
      { index: 1, score: 0.2 },
    ])
    expect(ai.received[0]).toMatchObject({
      model: '@cf/baai/bge-reranker-base',
      inputs: { query: 'q', contexts: [{ text: 'a' }, { text: 'b' }] },
    })
  })
})
