import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createOpenAiModel } from '../../workers/adapters/openai-model'
import { AppError } from '../../workers/domain/error'
import type { ChatModel, ChatRequest } from '../../workers/domain/models'
import { type ChatScript, type ChatServer, startChatServer } from '../fakes/chat-server'
import { PATIENCE } from '../patience'

const hello: ChatRequest = { messages: [{ role: 'user', content: 'Hello' }] }
const wantsJson: ChatRequest = { ...hello, jsonSchema: { name: 'invoice', schema: { type: 'object' } } }

const message = (fields: object, finish_reason = 'stop'): ChatScript => ({
  kind: 'json',
  body: {
    model: 'tiny-2',
    choices: [{ message: { role: 'assistant', ...fields }, finish_reason }],
    usage: { prompt_tokens: 12, completion_tokens: 3 },
  },
})
const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`
const delta = (fields: object, finish_reason: string | null = null) =>
  event({ model: 'tiny-2', choices: [{ delta: fields, finish_reason }] })
const DONE = 'data: [DONE]\n\n'

let server: ChatServer
let model: ChatModel
const createModel = (more: object = {}) =>
  createOpenAiModel({ baseUrl: server.baseUrl, apiKey: 'secret', model: 'tiny', provider: 'test', timeoutMs: 5_000, fetch, ...more })

beforeAll(async () => {
  server = await startChatServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.reset()
  model = createModel()
})

async function refusal(answer: Promise<unknown>): Promise<AppError> {
  const thrown = await answer.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof AppError)) throw new Error(`expected a refusal and got ${String(thrown)}`)
  return thrown
}

describe('a plain answer', () => {
  it('gives text, finish and what it cost', async () => {
    server.script(message({ content: 'Hi.' }))
    expect(await model.complete(hello)).toEqual({
      text: 'Hi.',
      toolCalls: [],
      finish: 'stop',
      provider: 'test',
      model: 'tiny-2',
      inputTokens: 12,
      outputTokens: 3,
      latencyMs: expect.any(Number),
    })
  })

  it('sends the model, the key and the limits', async () => {
    server.script(message({ content: 'Hi.' }))
    await model.complete({ ...hello, maxOutputTokens: 50, temperature: 0 })
    expect(server.received[0]).toMatchObject({
      path: '/v1/chat/completions',
      headers: { authorization: 'Bearer secret', 'content-type': 'application/json' },
      body: { model: 'tiny', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 50, temperature: 0 },
    })
    expect(server.received[0]?.body).not.toHaveProperty('stream')
  })

  it('sends no key where none is configured, and takes a base URL with a slash at its end', async () => {
    server.script(message({ content: 'Hi.' }))
    await createModel({ apiKey: undefined, baseUrl: `${server.baseUrl}/` }).complete(hello)
    expect(server.received[0]?.path).toBe('/v1/chat/completions')
    expect(server.received[0]?.headers.authorization).toBeUndefined()
  })

  it.each([
    ['length', 'length'],
    ['content_filter', 'content_filter'],
    ['eos', 'stop'],
  ])('reads the finish reason %s as %s', async (reason, finish) => {
    server.script(message({ content: 'Hi' }, reason))
    expect((await model.complete(hello)).finish).toBe(finish)
  })
})

describe('tool calls', () => {
  const call = (args: string) => ({
    content: null,
    tool_calls: [{ id: 'call_7', type: 'function', function: { name: 'find', arguments: args } }],
  })

  it('come back parsed, also when the server calls the finish a stop', async () => {
    server.script(message(call('{"query":"invoice"}')))
    const tools = [{ name: 'find', description: 'Finds.', parameters: { type: 'object' } }]
    const answer = await model.complete({ ...hello, tools })
    expect(answer).toMatchObject({
      text: '',
      finish: 'tool_calls',
      toolCalls: [{ id: 'call_7', name: 'find', arguments: { query: 'invoice' } }],
    })
    expect(server.received[0]?.body.tools).toEqual([{ type: 'function', function: tools[0] }])
  })

  it('go back to the model with their results', async () => {
    server.script(message({ content: 'Found it.' }))
    const toolCalls = [{ id: 'call_7', name: 'find', arguments: { query: 'x' } }]
    await model.complete({
      messages: [
        ...hello.messages,
        { role: 'assistant', content: '', toolCalls },
        { role: 'tool', content: '3 hits', toolCallId: 'call_7' },
      ],
    })
    expect(server.received[0]?.body.messages).toEqual([
      { role: 'user', content: 'Hello' },
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'call_7', type: 'function', function: { name: 'find', arguments: '{"query":"x"}' } }],
      },
      { role: 'tool', content: '3 hits', tool_call_id: 'call_7' },
    ])
  })

  it('without arguments have an empty object', async () => {
    server.script(message(call('')))
    expect((await model.complete(hello)).toolCalls[0]?.arguments).toEqual({})
  })

  it('with broken arguments are refused', async () => {
    server.script(message(call('{"query":')))
    expect(await refusal(model.complete(hello))).toMatchObject({ code: 'invalid', reason: 'malformed_json' })
  })
})

describe('JSON mode', () => {
  it('sends the schema and gives the parsed value', async () => {
    server.script(message({ content: '{"total": 5}' }))
    expect(await model.complete(wantsJson)).toMatchObject({ json: { total: 5 }, text: '{"total": 5}' })
    expect(server.received[0]?.body.response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'invoice', schema: { type: 'object' }, strict: true },
    })
  })

  it('takes JSON inside a Markdown fence', async () => {
    server.script(message({ content: '```json\n{"total": 5}\n```' }))
    expect((await model.complete(wantsJson)).json).toEqual({ total: 5 })
  })

  it.each(['Sure! The total is 5.', '{"total": 5', ''])('refuses %j as malformed', async (content) => {
    server.script(message({ content }))
    expect(await refusal(model.complete(wantsJson))).toMatchObject({ code: 'invalid', reason: 'malformed_json' })
  })

  it('says so when the tokens ran out', async () => {
    server.script(message({ content: '{"total": 5' }, 'length'))
    const error = await refusal(model.complete(wantsJson))
    expect(error).toMatchObject({ code: 'invalid', reason: 'malformed_json' })
    expect(error.message).toContain('output tokens')
  })
})

describe('streaming', () => {
  it('passes pieces on as they come and gives the whole answer with its usage', async () => {
    const usage = event({ choices: [], usage: { prompt_tokens: 12, completion_tokens: 4 } })
    server.script({
      kind: 'stream',
      pieces: [
        ': keep-alive\n\n',
        delta({ role: 'assistant', content: '' }),
        delta({ content: 'Hel' }),
        delta({ content: 'lo.' }),
        delta({}, 'stop'),
        usage,
        DONE,
      ],
    })
    const pieces: string[] = []
    const answer = await model.complete({ ...hello, onText: (piece) => pieces.push(piece) })
    expect(pieces).toEqual(['Hel', 'lo.'])
    expect(answer).toMatchObject({ text: 'Hello.', finish: 'stop', model: 'tiny-2', inputTokens: 12, outputTokens: 4 })
    expect(server.received[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } })
  })

  it('reads events wherever the network cuts them, in the middle of a letter too', async () => {
    const whole = Buffer.from(`${delta({ content: 'Köln' })}${delta({ content: ' – Zürich' }, 'stop')}${DONE}`.replaceAll('\n', '\r\n'))
    let answered = 0
    const byteWise: typeof fetch = async () => {
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (answered === whole.length) return controller.close()
          controller.enqueue(whole.subarray(answered, answered + 1))
          answered += 1
        },
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } })
    }
    expect((await createModel({ fetch: byteWise }).complete({ ...hello, onText: () => undefined })).text).toBe('Köln – Zürich')
  })

  it('puts tool calls together from their parts', async () => {
    const part = (index: number, fields: object) => delta({ tool_calls: [{ index, ...fields }] })
    server.script({
      kind: 'stream',
      pieces: [
        part(0, { id: 'call_1', function: { name: 'find', arguments: '' } }),
        part(0, { function: { arguments: '{"query":' } }),
        part(1, { id: 'call_2', function: { name: 'list', arguments: '{}' } }),
        part(0, { function: { arguments: '"x"}' } }),
        delta({}, 'tool_calls'),
        DONE,
      ],
    })
    expect((await model.complete({ ...hello, onText: () => undefined })).toolCalls).toEqual([
      { id: 'call_1', name: 'find', arguments: { query: 'x' } },
      { id: 'call_2', name: 'list', arguments: {} },
    ])
  })

  it.each([true, false])('refuses an answer that stops in the middle as unavailable (connection reset: %s)', async (cut) => {
    server.script({ kind: 'stream', pieces: [delta({ content: 'The total is' })], cut })
    const pieces: string[] = []
    expect(await refusal(model.complete({ ...hello, onText: (piece) => pieces.push(piece) }))).toMatchObject({ code: 'unavailable' })
    expect(pieces).toEqual(['The total is'])
  })

  it('refuses an error that comes inside the stream', async () => {
    server.script({ kind: 'stream', pieces: [delta({ content: 'The' }), event({ error: { message: 'out of memory' } })] })
    const error = await refusal(model.complete({ ...hello, onText: () => undefined }))
    expect(error).toMatchObject({ code: 'unavailable', reason: 'stream_cut' })
    expect(error.message).toContain('out of memory')
  })

  it('takes a whole answer from a server that cannot stream', async () => {
    server.script(message({ content: 'Hello.' }))
    const pieces: string[] = []
    await model.complete({ ...hello, onText: (piece) => pieces.push(piece) })
    expect(pieces).toEqual(['Hello.'])
  })
})

describe('failures of the provider', () => {
  it('reads Retry-After in seconds', async () => {
    server.script({ kind: 'json', status: 429, headers: { 'retry-after': '7' }, body: { error: { message: 'slow down' } } })
    const error = await refusal(model.complete(hello))
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: 7_000 })
    expect(error.message).toContain('slow down')
  })

  it('reads Retry-After as a date, also one that is past', async () => {
    const inTenSeconds = new Date(Date.now() + 10_000).toUTCString()
    server.script({ kind: 'json', status: 429, headers: { 'retry-after': inTenSeconds }, body: {} })
    const { retryAfterMs } = await refusal(model.complete(hello))
    expect(retryAfterMs).toBeGreaterThan(5_000)
    expect(retryAfterMs).toBeLessThanOrEqual(10_000)
    server.script({ kind: 'json', status: 429, headers: { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, body: {} })
    expect((await refusal(model.complete(hello))).retryAfterMs).toBe(0)
  })

  it('has a wait of its own when a 429 names none', async () => {
    server.script({ kind: 'text', status: 429, body: 'no' })
    expect(await refusal(model.complete(hello))).toMatchObject({ code: 'rate_limited', retryAfterMs: 5_000 })
  })

  it.each([500, 502, 503, 529])('takes status %i for unavailable', async (status) => {
    server.script({ kind: 'text', status, body: '<html>Bad gateway</html>' })
    expect(await refusal(model.complete(hello))).toMatchObject({ code: 'unavailable' })
  })

  it.each([
    [400, 'refused'],
    [401, 'bad_credentials'],
    [404, 'unknown_model'],
  ])('takes status %i for a refused request (%s)', async (status, reason) => {
    server.script({ kind: 'json', status, body: { error: 'model not found' } })
    const error = await refusal(model.complete(hello))
    expect(error).toMatchObject({ code: 'invalid', reason })
    expect(error.message).toContain('model not found')
  })

  it.each(['{"choices": [', '<html>login</html>', '{"choices": []}', '{"hello": 1}'])(
    'takes the body %j for a broken provider',
    async (body) => {
      server.script({ kind: 'text', body })
      expect(await refusal(model.complete(hello))).toMatchObject({ code: 'unavailable' })
    },
  )

  it('says that a server cannot be reached', async () => {
    const nowhere = createModel({ baseUrl: 'http://127.0.0.1:1/v1' })
    expect(await refusal(nowhere.complete(hello))).toMatchObject({ code: 'unavailable' })
  })
})

describe('time and cancellation', () => {
  it('gives up on a silent server after its time', async () => {
    server.script({ kind: 'silence' })
    expect(await refusal(createModel({ timeoutMs: 50 }).complete(hello))).toMatchObject({ code: 'unavailable', reason: 'timeout' })
  })

  it('throws the reason of the caller who aborts', async () => {
    server.script({ kind: 'silence' })
    const controller = new AbortController()
    const reason = new AppError('conflict', 'The run was cancelled.')
    const answer = model.complete({ ...hello, signal: controller.signal })
    await vi.waitFor(() => expect(server.received).toHaveLength(1), PATIENCE)
    controller.abort(reason)
    expect(await refusal(answer)).toBe(reason)
  })

  it('stops in the middle of a stream when the caller aborts', async () => {
    server.script({
      kind: 'stream',
      pieces: [delta({ content: 'one' }), ...Array.from({ length: 500 }, () => delta({ content: ' more' })), delta({}, 'stop'), DONE],
    })
    const controller = new AbortController()
    const pieces: string[] = []
    const answer = model.complete({
      ...hello,
      signal: controller.signal,
      onText: (piece) => {
        pieces.push(piece)
        controller.abort()
      },
    })
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
    expect(pieces.length).toBeLessThan(400)
  })
})
