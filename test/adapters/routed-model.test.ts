import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createHealth, type Health } from '../../workers/adapters/routed-health'
import { createRoutedModel } from '../../workers/adapters/routed-model'
import type { Purse, Settlement } from '../../workers/domain/budgets'
import { AppError } from '../../workers/domain/error'
import { ModelSettings } from '../../workers/domain/model-settings'
import { type ChatAnswer, type ChatModel, type ChatRequest, type ModelCall, paidBy } from '../../workers/domain/models'
import { createTestClock } from '../fakes/clock'
import { createFakeModelCache } from '../fakes/model-cache'
import { createFakeEncoder } from '../fakes/models'

type Turn = Partial<ChatAnswer> | Error | ((request: ChatRequest) => Promise<Partial<ChatAnswer>>)
const hello: ChatRequest = { messages: [{ role: 'user', content: 'Hello there' }], temperature: 0 }
const down = () => new AppError('unavailable', 'It failed.')

let turns: Record<string, Turn[]>
let asked: { route: string; request: ChatRequest; timeoutMs: number }[]
let health: Health
const clock = createTestClock()

const PRICED = { cheap: { input: 1_000_000, output: 1_000_000 }, dear: { input: 10_000_000, output: 10_000_000 } }
const MODELS = {
  cheap: { provider: 'one', name: 'c-1', price: PRICED.cheap, context: 4_096, maxOutput: 100, can: ['json'] },
  dear: { provider: 'two', name: 'd-1', price: PRICED.dear, context: 100_000, maxOutput: 100, can: ['json', 'tools', 'images'] },
}
const settings = (purpose: object = {}, more: object = {}) =>
  ModelSettings.parse({
    providers: { one: { protocol: 'openai', url: 'https://one.example' }, two: { protocol: 'openai', url: 'https://two.example' } },
    models: MODELS,
    purposes: { default: { use: ['cheap', 'dear'], deadline: '10s', cache: false, ...purpose } },
    ...more,
  })

function model(from = settings(), more: object = {}) {
  return createRoutedModel({
    settings: async () => from,
    isConfigured: async () => true,
    health,
    clock,
    open: async (route, timeoutMs): Promise<ChatModel> => ({
      async complete(request) {
        asked.push({ route: route.name, request, timeoutMs })
        const turn = turns[route.name]?.shift()
        if (turn === undefined) throw new Error(`nothing is scripted for ${route.name}`)
        if (turn instanceof Error) throw turn
        const said = typeof turn === 'function' ? await turn(request) : turn
        return {
          text: 'Hi.',
          toolCalls: [],
          finish: 'stop',
          provider: route.providerName,
          model: 'm',
          inputTokens: 10,
          outputTokens: 5,
          latencyMs: 7,
          ...said,
        }
      },
    }),
    ...more,
  })
}

beforeEach(() => {
  turns = { cheap: [{}], dear: [{}] }
  asked = []
  health = createHealth()
})
const routes = () => asked.map(({ route }) => route)

/** A purse that keeps what happens to it. */
function purse({
  advice = 'proceed',
  refuseOver = Number.POSITIVE_INFINITY,
}: {
  advice?: 'proceed' | 'economise'
  refuseOver?: number
} = {}) {
  const events: { kind: string; amount?: number; settlement?: Settlement }[] = []
  const port: Purse = {
    async reserve({ estimateMicroUsd }) {
      if (estimateMicroUsd > refuseOver) throw new AppError('over_budget', 'Spent.', { reason: 'run_ceiling' })
      events.push({ kind: 'reserve', amount: estimateMicroUsd })
      return { id: `r${events.length}`, reservedMicroUsd: estimateMicroUsd, advice }
    },
    settle: async (_, settlement) => void events.push({ kind: 'settle', settlement }),
    release: async () => void events.push({ kind: 'release' }),
    flush: async () => undefined,
  }
  return { port, events }
}

describe('the order of models', () => {
  it('is that of models.yaml when it is fixed', async () => {
    expect(await model().complete(hello)).toMatchObject({ route: 'cheap', provider: 'one' })
    expect(await model(settings({ use: ['dear', 'cheap'] })).complete(hello)).toMatchObject({ route: 'dear' })
  })

  it('is by price when the cheapest is wanted', async () => {
    expect(await model(settings({ use: ['dear', 'cheap'], strategy: 'cheapest' })).complete(hello)).toMatchObject({ route: 'cheap' })
  })

  it('is by what was measured when the fastest is wanted, after each was tried', async () => {
    turns = { cheap: [{ latencyMs: 900 }], dear: [{ latencyMs: 20 }, {}] }
    const routed = model(settings({ strategy: 'fastest' }))
    for (let time = 0; time < 3; time += 1) await routed.complete(hello)
    expect(routes()).toEqual(['cheap', 'dear', 'dear'])
  })

  it('leaves out models that cannot take the request', async () => {
    const tools = [{ name: 'find', description: 'Finds.', parameters: {} }]
    await model().complete({ ...hello, tools })
    turns.dear = [{}]
    await model().complete({ messages: [{ role: 'user', content: 'long '.repeat(5_000) }] })
    expect(routes()).toEqual(['dear', 'dear'])
  })

  it('says that a prompt is too long for all, and that none is able', async () => {
    const long = model().complete({ messages: [{ role: 'user', content: 'long '.repeat(200_000) }] })
    await expect(long).rejects.toMatchObject({ code: 'too_large', reason: 'context' })
    const blind = model(settings({ use: ['cheap'] })).complete({
      messages: [{ role: 'user', content: '', images: [{ mediaType: 'image/png', data: new Uint8Array(1) }] }],
    })
    await expect(blind).rejects.toMatchObject({ code: 'invalid', reason: 'not_able' })
  })

  it('is empty where nothing is configured, and says so', async () => {
    const routed = model(settings(), { isConfigured: async () => false })
    await expect(routed.complete(hello)).rejects.toMatchObject({ code: 'unavailable', reason: 'not_configured' })
    expect(await routed.capacity?.('default')).toBeUndefined()
    expect(await model().capacity?.('default')).toMatchObject({ contextTokens: 100_000 })
  })
})

describe('failover', () => {
  it.each([
    down(),
    new AppError('rate_limited', 'Slow down.', { retryAfterMs: 1_000 }),
    new AppError('invalid', 'No such model.', { reason: 'unknown_model' }),
    new AppError('too_large', 'Too long.', { reason: 'context' }),
  ])('goes to the next model after $code and tells the payer why', async (failure) => {
    turns.cheap = [failure]
    const calls: ModelCall[] = []
    const answer = await paidBy(model(), { onCall: (call) => calls.push(call) }).complete(hello)
    expect(answer).toMatchObject({ route: 'dear', reported: true, costMicroUsd: 150 })
    expect(calls).toMatchObject([
      { route: 'cheap', failure: { code: failure.code } },
      { route: 'dear', inputTokens: 10, outputTokens: 5, costMicroUsd: 150 },
    ])
    expect(calls[1]).not.toHaveProperty('failure')
  })

  it('asks once more for JSON that was malformed, then the next model', async () => {
    const malformed = () => new AppError('invalid', 'No JSON.', { reason: 'malformed_json' })
    turns.cheap = [malformed(), malformed()]
    const answer = await model().complete({ ...hello, jsonSchema: { name: 'x', schema: {} } })
    expect(answer.route).toBe('dear')
    expect(routes()).toEqual(['cheap', 'cheap', 'dear'])
    expect(asked[1]?.request.messages.at(-1)?.content).toContain('not JSON')
    expect(asked[2]?.request.messages).toHaveLength(1)
  })

  it('passes over an answer that was withheld, and the routes to avoid', async () => {
    turns.cheap = [{ finish: 'content_filter', text: '' }]
    expect((await model().complete(hello)).route).toBe('dear')
    turns.dear = [{}]
    expect((await model().complete({ ...hello, avoid: ['cheap'] })).route).toBe('dear')
    await expect(model().complete({ ...hello, avoid: ['cheap', 'dear'] })).rejects.toMatchObject({ reason: 'exhausted' })
  })

  it('gives a model that hangs its share of the deadline only', async () => {
    turns.cheap = [down()]
    await model().complete(hello)
    expect(asked[0]?.timeoutMs).toBeLessThanOrEqual(5_000)
    expect(asked[1]?.timeoutMs).toBeGreaterThan(9_000)
  })

  it('says rate_limited with the shortest wait only when all are', async () => {
    turns = {
      cheap: [new AppError('rate_limited', 'A', { retryAfterMs: 9_000 })],
      dear: [new AppError('rate_limited', 'B', { retryAfterMs: 3_000 })],
    }
    await expect(model().complete(hello)).rejects.toMatchObject({ code: 'rate_limited', retryAfterMs: 3_000 })
    health = createHealth()
    turns = { cheap: [new AppError('rate_limited', 'A', { retryAfterMs: 9_000 })], dear: [down()] }
    await expect(model().complete(hello)).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('throws the reason of a caller who aborts, and asks nobody else', async () => {
    const controller = new AbortController()
    turns.cheap = [
      async () => {
        controller.abort(new AppError('conflict', 'Cancelled.'))
        throw down()
      },
    ]
    await expect(model().complete({ ...hello, signal: controller.signal })).rejects.toMatchObject({ code: 'conflict' })
    expect(routes()).toEqual(['cheap'])
  })

  it('does not follow words that were heard with those of another model, unless the listener can start anew', async () => {
    const broken: Turn = async ({ onText }) => {
      onText?.('The tot')
      throw new AppError('unavailable', 'Cut.', { reason: 'stream_cut' })
    }
    const pieces: string[] = []
    turns.cheap = [broken]
    await expect(model().complete({ ...hello, onText: (piece) => pieces.push(piece) })).rejects.toMatchObject({ reason: 'stream_cut' })
    turns.cheap = [broken]
    const onRestart = vi.fn(() => void pieces.splice(0))
    await model().complete({ ...hello, onText: (piece) => pieces.push(piece), onRestart })
    expect(onRestart).toHaveBeenCalledOnce()
    expect(routes()).toEqual(['cheap', 'cheap', 'dear'])
  })
})

describe('the breaker of a provider', () => {
  it('opens after failures in a row, lets one try later, and closes when that one succeeds', async () => {
    turns = { cheap: Array.from({ length: 5 }, down), dear: Array.from({ length: 20 }, () => ({})) }
    const routed = model()
    for (let time = 0; time < 7; time += 1) await routed.complete(hello)
    expect(routes().filter((route) => route === 'cheap')).toHaveLength(5)
    clock.advance(10_001)
    turns.cheap = [{}, {}]
    expect((await routed.complete(hello)).route).toBe('cheap')
    expect((await routed.complete(hello)).route).toBe('cheap')
  })

  it('waits as long as the provider said', async () => {
    turns = { cheap: [new AppError('rate_limited', 'Slow down.', { retryAfterMs: 60_000 }), {}], dear: [{}, {}] }
    const calls: ModelCall[] = []
    const routed = paidBy(model(), { onCall: (call) => calls.push(call) })
    await routed.complete(hello)
    await routed.complete(hello)
    expect(routes()).toEqual(['cheap', 'dear', 'dear'])
    expect(calls[2]).toMatchObject({
      route: 'cheap',
      failure: { reason: 'asked_to_pause', message: expect.stringMatching(/^one asked to pause until \d{4}-.*Z: try again then\.$/) },
      costMicroUsd: 0,
    })
    clock.advance(60_001)
    expect((await routed.complete(hello)).route).toBe('cheap')
  })

  it('stays closed for requests that a provider refuses', async () => {
    turns = {
      cheap: [...Array.from({ length: 9 }, () => new AppError('invalid', 'Bad.', { reason: 'refused' })), {}],
      dear: Array.from({ length: 9 }, () => ({})),
    }
    const routed = model()
    for (let time = 0; time < 9; time += 1) await routed.complete(hello)
    expect((await routed.complete(hello)).route).toBe('cheap')
  })
})

describe('money', () => {
  it('is reserved before the call for the most it can cost, and settled at what it cost', async () => {
    const { port, events } = purse()
    await model().complete({ ...hello, payer: { purse: port } })
    expect(events.map(({ kind }) => kind)).toEqual(['reserve', 'settle'])
    expect(events[0]?.amount).toBeGreaterThan(100)
    expect(events[1]?.settlement).toMatchObject({ actualMicroUsd: 15, inputTokens: 10, outputTokens: 5, provider: 'one', cached: false })
    expect(asked[0]?.request.maxOutputTokens).toBe(100)
  })

  it('is given back for a call that was refused, and spent on one that broke off', async () => {
    const refusedPurse = purse()
    turns.cheap = [new AppError('rate_limited', 'Slow down.')]
    await model().complete({ ...hello, payer: { purse: refusedPurse.port } })
    expect(refusedPurse.events.map(({ kind }) => kind)).toEqual(['reserve', 'release', 'reserve', 'settle'])
    const brokenPurse = purse()
    health = createHealth()
    turns = { cheap: [new AppError('unavailable', 'Slow.', { reason: 'timeout' })], dear: [{}] }
    await model().complete({ ...hello, payer: { purse: brokenPurse.port } })
    expect(brokenPurse.events.map(({ kind }) => kind)).toEqual(['reserve', 'settle', 'reserve', 'settle'])
    expect(brokenPurse.events[1]?.settlement?.actualMicroUsd).toBeGreaterThan(0)
  })

  it('that is counted for a malformed answer is settled too', async () => {
    const { port, events } = purse()
    turns.cheap = [
      async ({ onUsage }) => {
        onUsage?.({ inputTokens: 40, outputTokens: 2 })
        throw new AppError('invalid', 'No JSON.', { reason: 'malformed_json' })
      },
      { json: {} },
    ]
    await model().complete({ ...hello, jsonSchema: { name: 'x', schema: {} }, payer: { purse: port } })
    expect(events.map(({ kind }) => kind)).toEqual(['reserve', 'settle', 'reserve', 'settle'])
    expect(events[1]?.settlement?.actualMicroUsd).toBe(42)
  })

  it('that is short for one model goes to a cheaper one, and says over_budget when none is', async () => {
    const enough = purse({ refuseOver: 500 })
    const wanted = settings({ use: ['dear', 'cheap'] })
    expect((await model(wanted).complete({ ...hello, payer: { purse: enough.port } })).route).toBe('cheap')
    const none = purse({ refuseOver: 1 })
    await expect(model(wanted).complete({ ...hello, payer: { purse: none.port } })).rejects.toMatchObject({
      code: 'over_budget',
      reason: 'run_ceiling',
    })
    expect(none.events).toEqual([])
  })

  it('that runs short makes the cheapest able model go first', async () => {
    const { port, events } = purse({ advice: 'economise' })
    expect((await model(settings({ use: ['dear', 'cheap'] })).complete({ ...hello, payer: { purse: port } })).route).toBe('cheap')
    expect(events.map(({ kind }) => kind)).toEqual(['reserve', 'release', 'reserve', 'settle'])
  })
})

describe('an embedded answer in place of the models', () => {
  it('is counted for the payer as a degraded call at nothing', async () => {
    const calls: ModelCall[] = []
    const settled: Settlement[] = []
    const purse: Purse = {
      reserve: async ({ estimateMicroUsd }) => ({ id: 'r', reservedMicroUsd: estimateMicroUsd, advice: 'proceed' }),
      settle: async (_, settlement) => void settled.push(settlement),
      release: async () => undefined,
      flush: async () => undefined,
    }
    await paidBy(model(), { purse, onCall: (call) => calls.push(call) }).standIn?.('classify')
    expect(calls).toMatchObject([{ purpose: 'classify', provider: 'embedded', degraded: true, costMicroUsd: 0 }])
    expect(settled).toMatchObject([{ provider: 'embedded', degraded: true, cached: false, actualMicroUsd: 0 }])
  })
})

describe('earlier answers', () => {
  const cached = (more: object = {}) => settings({ use: ['cheap'], cache: { ttl: '1h', ...more } })
  const about = (question: string, documentIds: string[] = []): ChatRequest => ({
    messages: [
      { role: 'system', content: `Answer: ${question}` },
      { role: 'user', content: 'The passages' },
    ],
    temperature: 0,
    cache: { question, documentIds },
  })

  it('are given again for the same request, at no cost, and tell the payer so', async () => {
    const cache = createFakeModelCache()
    const routed = model(cached(), { cache })
    await routed.complete(hello)
    const calls: ModelCall[] = []
    const pieces: string[] = []
    const again = await routed.complete({ ...hello, payer: { onCall: (call) => calls.push(call) }, onText: (piece) => pieces.push(piece) })
    expect(again).toMatchObject({ text: 'Hi.', cached: 'exact', costMicroUsd: 0, inputTokens: 0 })
    expect(pieces).toEqual(['Hi.'])
    expect(calls).toMatchObject([{ cached: 'exact', costMicroUsd: 0 }])
    expect(routes()).toHaveLength(1)
    expect(await cache.counts()).toEqual([{ purpose: 'default', exactHits: 1, semanticHits: 0, misses: 1 }])
  })

  it.each([
    ['another prompt version', { prompt: { name: 'p', version: 2 } }],
    ['another schema', { jsonSchema: { name: 'x', schema: { type: 'object' } } }],
    ['another purpose', { purpose: 'draft' }],
    ['a request that opts out', { cache: false as const }],
    ['a warmer temperature', { temperature: 0.7 }],
  ])('are not given for %s', async (_, change) => {
    turns.cheap = [{}, {}]
    const routed = model(cached(), { cache: createFakeModelCache() })
    await routed.complete({ ...hello, prompt: { name: 'p', version: 1 } })
    expect((await routed.complete({ ...hello, prompt: { name: 'p', version: 1 }, ...change })).cached).toBeUndefined()
  })

  it('end with their time and with the document they are of', async () => {
    const cache = createFakeModelCache()
    turns.cheap = [{}, {}, {}]
    const routed = model(cached(), { cache })
    const request = { ...hello, cache: { documentIds: ['doc_1'] } }
    await routed.complete(request)
    clock.advance(3_600_001)
    expect((await routed.complete(request)).cached).toBeUndefined()
    await cache.removeDocument('doc_1')
    expect((await routed.complete(request)).cached).toBeUndefined()
  })

  it('answer a question of the same meaning, but not one with another figure, name or turn', async () => {
    turns.cheap = Array.from({ length: 9 }, () => ({}))
    const routed = model(cached({ semantic: 0.8 }), { cache: createFakeModelCache(), encoder: createFakeEncoder() })
    await routed.complete(about('what is the notice period of the contract from 2023 with Acme ?'))
    const ask = async (question: string) => (await routed.complete(about(question))).cached
    expect(await ask('what is the notice period of the contract from 2023 with Acme please ?')).toBe('semantic')
    expect(await ask('what is the notice period of the contract from 2024 with Acme ?')).toBeUndefined()
    expect(await ask('what is the notice period of the contract from 2023 with Globex ?')).toBeUndefined()
    expect(await ask('what is not the notice period of the contract from 2023 with Acme ?')).toBeUndefined()
    expect(await ask('who signed it in 2023 with Acme ?')).toBeUndefined()
  })

  it('to a question over other passages are not given', async () => {
    turns.cheap = [{}, {}]
    const routed = model(cached({ semantic: 0.8 }), { cache: createFakeModelCache(), encoder: createFakeEncoder() })
    await routed.complete(about('what is due ?'))
    const other = about('what is due please ?')
    expect(
      (await routed.complete({ ...other, messages: [other.messages[0]!, { role: 'user', content: 'Other passages' }] })).cached,
    ).toBeUndefined()
  })

  it('to a question in another schema or prompt version are not given', async () => {
    turns.cheap = [{}, {}, {}]
    const routed = model(cached({ semantic: 0.8 }), { cache: createFakeModelCache(), encoder: createFakeEncoder() })
    const base = { prompt: { name: 'p', version: 1 }, jsonSchema: { name: 'x', schema: { type: 'object' } } }
    await routed.complete({ ...about('what is due ?'), ...base })
    const near = about('what is due please ?')
    const other = { name: 'x', schema: { type: 'object', required: ['y'] } }
    expect((await routed.complete({ ...near, ...base, jsonSchema: other })).cached).toBeUndefined()
    expect((await routed.complete({ ...near, ...base, prompt: { name: 'p', version: 2 } })).cached).toBeUndefined()
    expect((await routed.complete({ ...near, ...base })).cached).toBe('semantic')
  })

  it('to a question whose words also stand in the passages are held against the passages as they are', async () => {
    turns.cheap = [{}, {}]
    const routed = model(cached({ semantic: 0.5 }), { cache: createFakeModelCache(), encoder: createFakeEncoder() })
    const about = (question: string): ChatRequest => ({
      messages: [
        { role: 'system', content: `Answer: ${question}` },
        { role: 'user', content: `A letter says: ${question}` },
      ],
      temperature: 0,
      cache: { question },
    })
    await routed.complete(about('the rent?'))
    expect((await routed.complete(about('rent'))).cached).toBeUndefined()
  })

  it('are kept for the step that paid for them, and for no other, where the purpose keeps none', async () => {
    turns.cheap = Array.from({ length: 4 }, () => ({}))
    const routed = model(settings(), { cache: createFakeModelCache() })
    const request = { ...hello, cache: { documentIds: ['doc_1'] } }
    const by = (stepKey: string) => ({ payer: { step: { runId: 'run_1', stepKey } } })
    await routed.complete({ ...request, ...by('draft') })
    expect((await routed.complete({ ...request, ...by('draft') })).cached).toBe('exact')
    expect((await routed.complete({ ...request, ...by('other') })).cached).toBeUndefined()
    expect((await routed.complete(request)).cached).toBeUndefined()
    expect((await routed.complete({ ...request, ...by('draft'), cache: false })).cached).toBeUndefined()
  })

  it('that cannot be read cost a call, not the answer', async () => {
    const cache = { ...createFakeModelCache(), find: async () => Promise.reject(new Error('D1 is away')) }
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    expect((await model(cached(), { cache }).complete(hello)).text).toBe('Hi.')
    expect(warned).toHaveBeenCalledOnce()
    warned.mockRestore()
  })
})

describe('personal data', () => {
  const shield = async (texts: string[]) => ({
    texts: texts.map((text) => text.replaceAll('Erika', '[PERSON_1]')),
    unmask: (text: string) => text.replaceAll('[PERSON_1]', 'Erika'),
  })
  const request: ChatRequest = {
    messages: [
      { role: 'user', content: 'Write to Erika' },
      { role: 'assistant', content: '', toolCalls: [{ id: '1', name: 'find', arguments: { name: 'Erika' } }] },
    ],
    shield,
  }

  it('is masked before an external provider and put back into the answer', async () => {
    turns.cheap = [{ text: 'Dear [PERSON_1]', json: { to: ['[PERSON_1]'] } }]
    const pieces: string[] = []
    const answer = await model(settings({ use: ['cheap'] }, { maskPii: true })).complete({
      ...request,
      onText: (piece) => pieces.push(piece),
    })
    expect(JSON.stringify(asked[0]?.request.messages)).not.toContain('Erika')
    expect(answer).toMatchObject({ text: 'Dear Erika', json: { to: ['Erika'] } })
    expect(pieces).toEqual(['Dear Erika'])
  })

  it('stays as it is where the tenant wants no mask, and for models inside', async () => {
    await model(settings({ use: ['cheap'] })).complete(request)
    expect(JSON.stringify(asked[0]?.request.messages)).toContain('Erika')
    const inside = {
      providers: { one: { protocol: 'openai', url: 'http://localhost:11434/v1' }, two: { protocol: 'workers-ai' } },
      maskPii: true,
    }
    turns.cheap = [{}]
    await model(settings({ use: ['cheap'] }, inside)).complete(request)
    expect(JSON.stringify(asked[1]?.request.messages)).toContain('Erika')
  })

  it('does not leave when it cannot be masked', async () => {
    await expect(model(settings({}, { maskPii: true })).complete(hello)).rejects.toMatchObject({ code: 'invalid' })
    expect(asked).toEqual([])
  })
})
