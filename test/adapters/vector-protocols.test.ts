import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { embedGoogle } from '../../workers/adapters/google-vectors'
import { embedOpenAi, rerankOpenAi } from '../../workers/adapters/openai-vectors'
import { embedWorkersAi, rerankWorkersAi } from '../../workers/adapters/workers-ai-vectors'
import { AppError } from '../../workers/domain/error'
import { type ChatScript, type ChatServer, startChatServer } from '../fakes/chat-server'
import { createFakeAi, type FakeAi } from '../fakes/workers-ai'
import { PATIENCE } from '../patience'

let server: ChatServer
let ai: FakeAi
beforeAll(async () => {
  server = await startChatServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.reset()
  ai = createFakeAi()
})

interface Call {
  timeoutMs?: number
  signal?: AbortSignal
}
const overHttp = ({ timeoutMs = 5_000, signal }: Call) => ({
  baseUrl: server.baseUrl,
  apiKey: 'k',
  model: 'tiny',
  fetch,
  timeoutMs,
  provider: 'test',
  ...(signal && { signal }),
})
const bound = ({ timeoutMs = 5_000, signal }: Call) => ({ ai, model: '@cf/tiny', provider: 'test', timeoutMs, ...(signal && { signal }) })
const json = (body: unknown): ChatScript => ({ kind: 'json', body })

interface Provider {
  name: string
  /** Two texts to their vectors or scores. */
  ask(call: Call): Promise<unknown>
  good: () => ChatScript
  wanted: unknown
  /** One result for two texts. */
  tooFew: () => ChatScript
  binding?: true
}
const VECTORS = [
  [3, 4],
  [0, 1],
]
const PROVIDERS: Provider[] = [
  {
    name: 'OpenAI-compatible embeddings',
    ask: async (call) => (await embedOpenAi(overHttp(call), ['a', 'b'])).vectors,
    good: () => json({ data: [...VECTORS.map((embedding, index) => ({ index, embedding }))].reverse(), usage: { prompt_tokens: 2 } }),
    wanted: VECTORS,
    tooFew: () => json({ data: [{ index: 0, embedding: [1] }] }),
  },
  {
    name: 'OpenAI-compatible rerank',
    ask: async (call) => (await rerankOpenAi(overHttp(call), 'q', ['a', 'b'])).scores,
    good: () =>
      json({
        results: [
          { index: 1, relevance_score: 0.9 },
          { index: 0, score: 0.1 },
        ],
      }),
    wanted: [0.1, 0.9],
    tooFew: () => json({ results: [{ index: 0, relevance_score: 0.1 }] }),
  },
  {
    name: 'Google embeddings',
    ask: (call) => embedGoogle(overHttp(call), ['a', 'b']),
    good: () => json({ embeddings: VECTORS.map((values) => ({ values })) }),
    wanted: VECTORS,
    tooFew: () => json({ embeddings: [{ values: [1] }] }),
  },
  {
    name: 'Workers AI embeddings',
    ask: (call) => embedWorkersAi(bound(call), ['a', 'b']),
    good: () => json({ data: VECTORS }),
    wanted: VECTORS,
    tooFew: () => json({ data: [[1]] }),
    binding: true,
  },
  {
    name: 'Workers AI rerank',
    ask: (call) => rerankWorkersAi(bound(call), 'q', ['a', 'b']),
    good: () =>
      json({
        response: [
          { id: 1, score: 0.2 },
          { id: 0, score: 0.7 },
        ],
      }),
    wanted: [0.7, 0.2],
    tooFew: () => json({ response: [{ id: 0, score: 0.7 }] }),
    binding: true,
  },
]

async function refusal(answer: Promise<unknown>): Promise<AppError> {
  const thrown = await answer.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof AppError)) throw new Error(`expected a refusal and got ${String(thrown)}`)
  return thrown
}

describe.each(PROVIDERS)('$name', (provider) => {
  const script = (answer: ChatScript) => (provider.binding ? ai.script(answer) : server.script(answer))
  const received = () => (provider.binding ? ai.received.length : server.received.length)
  const failing = (status: number, code: number): ChatScript =>
    provider.binding
      ? { kind: 'text', status: code, body: 'so it is' }
      : { kind: 'json', status, headers: { 'retry-after': '7' }, body: { error: { message: 'so it is', code: status, status: 'SOME' } } }

  it('come in the order of the texts', async () => {
    script(provider.good())
    expect(await provider.ask({})).toEqual(provider.wanted)
  })

  it('that are fewer than the texts are refused', async () => {
    script(provider.tooFew())
    expect(await refusal(provider.ask({}))).toMatchObject({ code: 'unavailable', reason: 'wrong_count' })
  })

  it('wait as long as a 429 says, where it says so', async () => {
    script(failing(429, 3040))
    expect(await refusal(provider.ask({}))).toMatchObject({ code: 'rate_limited', retryAfterMs: provider.binding ? 5_000 : 7_000 })
  })

  it.each([
    [500, 3999, 'unavailable'],
    [503, 3999, 'unavailable'],
    [400, 5004, 'invalid'],
    [401, 5018, 'invalid'],
  ])('take status %i (%i) for %s', async (status, code, wanted) => {
    script(failing(status, code))
    expect(await refusal(provider.ask({}))).toMatchObject({ code: wanted, message: expect.stringContaining('so it is') })
  })

  it('take an answer in another shape for a broken provider', async () => {
    script(json({ hello: 1 }))
    expect(await refusal(provider.ask({}))).toMatchObject({ code: 'unavailable' })
    if (provider.binding) return
    script({ kind: 'text', body: '{"data": [' })
    expect(await refusal(provider.ask({}))).toMatchObject({ code: 'unavailable' })
  })

  it('are given up after their time', async () => {
    script({ kind: 'silence' })
    expect(await refusal(provider.ask({ timeoutMs: 50 }))).toMatchObject({ code: 'unavailable', reason: 'timeout' })
  })

  it('end with the reason of the caller who aborts', async () => {
    script({ kind: 'silence' })
    const controller = new AbortController()
    const reason = new AppError('conflict', 'The run was cancelled.')
    const asked = provider.ask({ signal: controller.signal })
    await vi.waitFor(() => expect(received()).toBe(1), PATIENCE)
    controller.abort(reason)
    expect(await refusal(asked)).toBe(reason)
  })
})

it('the connection that breaks in the middle of vectors is a provider that failed', async () => {
  server.script({ kind: 'stream', pieces: ['{"data": ['], cut: true })
  expect(await refusal(embedOpenAi(overHttp({}), ['a', 'b']))).toMatchObject({ code: 'unavailable' })
})
