import { expect, test } from 'vitest'
import { createAnthropicModel } from '../../workers/adapters/anthropic-model'
import { createGoogleModel } from '../../workers/adapters/google-model'
import { embedGoogle } from '../../workers/adapters/google-vectors'
import { createOpenAiModel } from '../../workers/adapters/openai-model'
import type { ChatModel } from '../../workers/domain/models'

/** The libraries of hosted providers in workerd: what they do over HTTP is proved in Node, that they run at all is proved here. */
const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`
const streamed = (...events: string[]) => new Response(events.join(''), { headers: { 'content-type': 'text/event-stream' } })
const options = (answer: () => Response | Promise<Response>) => ({
  baseUrl: 'https://models.example',
  apiKey: 'k',
  model: 'm',
  provider: 'test',
  timeoutMs: 2_000,
  fetch: async () => await answer(),
})

const ANTHROPIC = () =>
  streamed(
    event({
      type: 'message_start',
      message: {
        id: 'm',
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 4, output_tokens: 1 },
      },
    }),
    event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Grüße' } }),
    event({ type: 'content_block_stop', index: 0 }),
    event({ type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } }),
    event({ type: 'message_stop' }),
  )
const GOOGLE = () =>
  streamed(
    event({
      candidates: [{ content: { role: 'model', parts: [{ text: 'Grüße' }] }, finishReason: 'STOP', index: 0 }],
      usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 2, totalTokenCount: 6 },
    }),
  )
const OPENAI = () =>
  streamed(
    event({ choices: [{ delta: { content: 'Grüße' }, finish_reason: 'stop' }] }),
    event({ choices: [], usage: { prompt_tokens: 4, completion_tokens: 2 } }),
    'data: [DONE]\n\n',
  )

const MODELS: [string, (answer: () => Response | Promise<Response>) => ChatModel, () => Response][] = [
  ['Anthropic', (answer) => createAnthropicModel(options(answer)), ANTHROPIC],
  ['Google', (answer) => createGoogleModel(options(answer)), GOOGLE],
  ['OpenAI-compatible', (answer) => createOpenAiModel(options(answer)), OPENAI],
]

test.each(MODELS)('%s streams in workerd', async (_, open, answer) => {
  const pieces: string[] = []
  const said = await open(answer).complete({ messages: [{ role: 'user', content: 'Hallo' }], onText: (piece) => pieces.push(piece) })
  expect(said).toMatchObject({ text: 'Grüße', finish: 'stop', inputTokens: 4, outputTokens: 2 })
  expect(pieces).toEqual(['Grüße'])
})

test.each(MODELS)('%s says what a status means, and ends when its time is over, in workerd', async (_, open) => {
  const limited = open(() => new Response('{"error":{"message":"slow down"}}', { status: 429, headers: { 'retry-after': '3' } }))
  await expect(limited.complete({ messages: [{ role: 'user', content: 'Hallo' }] })).rejects.toMatchObject({
    code: 'rate_limited',
    retryAfterMs: 3_000,
  })
  const silent = open(() => new Promise<Response>(() => undefined))
  const signal = AbortSignal.timeout(50)
  await expect(silent.complete({ messages: [{ role: 'user', content: 'Hallo' }], signal })).rejects.toMatchObject({ name: 'TimeoutError' })
})

test('Google embeds in workerd', async () => {
  const answer = () => Response.json({ embeddings: [{ values: [1, 0] }, { values: [0, 1] }] })
  expect(await embedGoogle(options(answer), ['a', 'b'])).toEqual([
    [1, 0],
    [0, 1],
  ])
})
