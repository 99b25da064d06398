import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createWorkersAiModel } from '../../workers/adapters/workers-ai-model'
import { AppError } from '../../workers/domain/error'
import type { ChatRequest } from '../../workers/domain/models'
import { anthropicProtocol, googleProtocol, openAiProtocol, workersAiProtocol } from '../fakes/model-protocols'
import { createFakeAi } from '../fakes/workers-ai'
import { PATIENCE } from '../patience'

const hello: ChatRequest = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello' },
  ],
  maxOutputTokens: 100,
}
const schema = { type: 'object', properties: { total: { type: 'number' } }, required: ['total'], additionalProperties: false }
const wantsJson: ChatRequest = { ...hello, jsonSchema: { name: 'invoice', schema } }
const find = { name: 'find', description: 'Finds.', parameters: { type: 'object', properties: { query: { type: 'string' } } } }

async function refusal(answer: Promise<unknown>): Promise<AppError> {
  const thrown = await answer.then(
    (value) => value,
    (error: unknown) => error,
  )
  if (!(thrown instanceof AppError)) throw new Error(`expected a refusal and got ${JSON.stringify(thrown)} ${String(thrown)}`)
  return thrown
}

describe.each([openAiProtocol(), anthropicProtocol(), googleProtocol(), workersAiProtocol()])('$name', (protocol) => {
  beforeAll(() => protocol.start())
  afterAll(() => protocol.stop())
  beforeEach(() => protocol.reset())

  it('gives text, finish and what was counted, and tells of the usage', async () => {
    protocol.script(protocol.text('Hi.'))
    const onUsage = vi.fn()
    expect(await protocol.open().complete({ ...hello, onUsage })).toMatchObject({
      text: 'Hi.',
      toolCalls: [],
      finish: 'stop',
      provider: 'test',
      inputTokens: 12,
      outputTokens: 3,
    })
    expect(onUsage).toHaveBeenCalledWith({ inputTokens: 12, outputTokens: 3 })
  })

  it('is told how much it may write at most, also in a stream and for JSON', async () => {
    const requests = [
      { ...hello, maxOutputTokens: 137 },
      { ...wantsJson, maxOutputTokens: 137 },
    ]
    protocol.script(protocol.text('Hi.'), protocol.json('{"total": 5}'), protocol.stream(['Hi.']))
    for (const request of requests) await protocol.open().complete(request)
    await protocol.open().complete({ ...hello, maxOutputTokens: 137, onText: () => undefined })
    const bounds = protocol.received().map((body) => JSON.stringify(body).match(/"(?:max_tokens|maxOutputTokens)":(\d+)/)?.[1])
    expect(bounds).toEqual(['137', '137', '137'])
  })

  it('says when the tokens ran out', async () => {
    protocol.script(protocol.cutShort('Once upon'))
    expect(await protocol.open().complete(hello)).toMatchObject({ text: 'Once upon', finish: 'length' })
  })

  it('passes pieces of a stream on and gives the whole with its usage', async () => {
    protocol.script(protocol.stream(['The total', ' is 5.']))
    const pieces: string[] = []
    const answer = await protocol.open().complete({ ...hello, onText: (piece) => pieces.push(piece) })
    expect(pieces).toEqual(['The total', ' is 5.'])
    expect(answer).toMatchObject({ text: 'The total is 5.', finish: 'stop', inputTokens: 12, outputTokens: 3 })
  })

  it.each([true, false])('refuses a stream that ends in the middle (connection reset: %s)', async (cut) => {
    protocol.script(protocol.stream(['The total'], { whole: false, cut }))
    const pieces: string[] = []
    const error = await refusal(protocol.open().complete({ ...hello, onText: (piece) => pieces.push(piece) }))
    expect(error).toMatchObject({ code: 'unavailable' })
    expect(pieces).toEqual(['The total'])
  })

  it('gives up on a stream that falls silent in the middle', async () => {
    const stream = protocol.stream(['The total'], { whole: false })
    protocol.script({ ...stream, stall: true } as typeof stream)
    const pieces: string[] = []
    const error = await refusal(protocol.open(300).complete({ ...hello, onText: (piece) => pieces.push(piece) }))
    expect(error).toMatchObject({ code: 'unavailable', reason: 'timeout' })
    expect(pieces).toEqual(['The total'])
  })

  it('stops in the middle of a stream when the caller aborts', async () => {
    const stream = protocol.stream(['The total'], { whole: false })
    protocol.script({ ...stream, stall: true } as typeof stream)
    const controller = new AbortController()
    const reason = new AppError('conflict', 'The run was cancelled.')
    const onText = () => controller.abort(reason)
    expect(await refusal(protocol.open().complete({ ...hello, signal: controller.signal, onText }))).toBe(reason)
  })

  it('calls tools and takes their results', async () => {
    protocol.script(protocol.toolCall('find', { query: 'invoice' }), protocol.text('Found it.'))
    const model = protocol.open()
    const first = await model.complete({ ...hello, tools: [find] })
    expect(first).toMatchObject({ finish: 'tool_calls', toolCalls: [{ name: 'find', arguments: { query: 'invoice' } }] })
    expect(JSON.stringify(protocol.received()[0])).toContain('Finds.')
    const messages = [
      ...hello.messages,
      { role: 'assistant' as const, content: first.text, toolCalls: first.toolCalls },
      { role: 'tool' as const, content: 'doc_17 matches', toolCallId: first.toolCalls[0]!.id },
    ]
    expect((await model.complete({ ...hello, messages, tools: [find] })).text).toBe('Found it.')
    expect(JSON.stringify(protocol.received()[1])).toContain('doc_17 matches')
  })

  it('gives JSON of a schema that it has sent', async () => {
    protocol.script(protocol.json('{"total": 5}'))
    expect((await protocol.open().complete(wantsJson)).json).toEqual({ total: 5 })
    expect(JSON.stringify(protocol.received()[0])).toContain('"total"')
  })

  it('refuses JSON that is none as malformed, and tells of its usage all the same', async () => {
    protocol.script(protocol.json('Sure! The total is 5.'))
    const onUsage = vi.fn()
    expect(await refusal(protocol.open().complete({ ...wantsJson, onUsage }))).toMatchObject({ code: 'invalid', reason: 'malformed_json' })
    expect(onUsage).toHaveBeenCalledWith({ inputTokens: 12, outputTokens: 3 })
  })

  it('sends pictures with the text', async () => {
    protocol.script(protocol.text('A cat.'))
    const images = [{ mediaType: 'image/png' as const, data: new Uint8Array([137, 80, 78, 71]) }]
    await protocol.open().complete({ messages: [{ role: 'user', content: 'What is it?', images }] })
    const sent = JSON.stringify(protocol.received()[0])
    expect(sent).toContain('What is it?')
    expect(sent).toContain('iVBORw==')
  })

  it('waits as long as a 429 says, where it says so', async () => {
    protocol.script(protocol.failure(429, 'slow down', { 'retry-after': '7' }))
    const error = await refusal(protocol.open().complete(hello))
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: protocol.name === 'Workers AI' ? 5_000 : 7_000 })
    expect(error.message).toContain('slow down')
  })

  it.each([
    [500, 'unavailable', undefined],
    [503, 'unavailable', undefined],
    [400, 'invalid', 'refused'],
    [401, 'invalid', 'bad_credentials'],
    [404, 'invalid', 'unknown_model'],
  ])('takes status %i for %s (%s)', async (status, code, reason) => {
    protocol.script(protocol.failure(status, 'so it is'))
    const error = await refusal(protocol.open().complete(hello))
    expect(error).toMatchObject({ code, ...(reason && { reason }) })
    expect(error.message).toContain('so it is')
  })

  it('says that a prompt is too long', async () => {
    protocol.script(protocol.overflow())
    expect(await refusal(protocol.open().complete(hello))).toMatchObject({ code: 'too_large', reason: 'context' })
  })

  it('takes a body that it does not know for a broken provider', async () => {
    protocol.script({ kind: 'json', body: { hello: 1 } })
    expect(await refusal(protocol.open().complete(hello))).toMatchObject({ code: 'unavailable' })
  })

  it('gives up on silence after its time', async () => {
    protocol.script({ kind: 'silence' })
    expect(await refusal(protocol.open(50).complete(hello))).toMatchObject({ code: 'unavailable', reason: 'timeout' })
  })

  it('throws the reason of the caller who aborts', async () => {
    protocol.script({ kind: 'silence' })
    const controller = new AbortController()
    const reason = new AppError('conflict', 'The run was cancelled.')
    const answer = protocol.open().complete({ ...hello, signal: controller.signal })
    await vi.waitFor(() => expect(protocol.received()).toHaveLength(1), PATIENCE)
    controller.abort(reason)
    expect(await refusal(answer)).toBe(reason)
  })
})

it('Google: a prompt that is blocked finishes by its content filter, and is no JSON', async () => {
  const protocol = googleProtocol()
  await protocol.start()
  protocol.script({ kind: 'json', body: { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 12 } } })
  protocol.script({ kind: 'json', body: { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 12 } } })
  expect(await protocol.open().complete(hello)).toMatchObject({ text: '', finish: 'content_filter', inputTokens: 12 })
  expect(await refusal(protocol.open().complete(wantsJson))).toMatchObject({ code: 'invalid', reason: 'content_filter' })
  await protocol.stop()
})

it('Workers AI: a LoRA adapter goes along by its name, and the forced tool is the schema', async () => {
  const ai = createFakeAi()
  ai.script({ kind: 'json', body: { response: { total: 5 } } })
  const model = createWorkersAiModel({
    ai,
    model: '@cf/base-lora',
    lora: 'our-invoices',
    provider: 'test',
    timeoutMs: 1_000,
    jsonMode: 'schema',
  })
  expect((await model.complete(wantsJson)).json).toEqual({ total: 5 })
  expect(ai.received[0]).toMatchObject({
    model: '@cf/base-lora',
    inputs: { lora: 'our-invoices', max_tokens: 100, response_format: { type: 'json_schema', json_schema: schema } },
  })
})

describe('broken bodies over HTTP', () => {
  it.each([openAiProtocol(), anthropicProtocol(), googleProtocol()])(
    '$name: half a JSON and a page of HTML are a broken provider',
    async (protocol) => {
      await protocol.start()
      for (const body of ['{"choices": [', '<html>login</html>']) {
        protocol.script({ kind: 'text', body })
        expect(await refusal(protocol.open().complete(hello))).toMatchObject({ code: 'unavailable' })
      }
      await protocol.stop()
    },
  )
})
