import { createAnthropicModel } from '../../workers/adapters/anthropic-model'
import { createGoogleModel } from '../../workers/adapters/google-model'
import { createOpenAiModel } from '../../workers/adapters/openai-model'
import { createWorkersAiModel } from '../../workers/adapters/workers-ai-model'
import type { ChatModel } from '../../workers/domain/models'
import { type ChatScript, type ChatServer, startChatServer } from './chat-server'
import { createFakeAi, type FakeAi } from './workers-ai'

/** What a provider of some protocol says, in its own words. Every answer counts 12 tokens in and 3 out. */
export interface Protocol {
  name: string
  start(): Promise<void>
  stop(): Promise<void>
  reset(): void
  script(...answers: ChatScript[]): void
  /** Bodies of the requests, as they came. */
  received(): Record<string, unknown>[]
  open(timeoutMs?: number): ChatModel
  text(content: string): ChatScript
  /** The answer ended because the tokens ran out. */
  cutShort(content: string): ChatScript
  /** JSON in the way that the adapter asks for it. */
  json(text: string): ChatScript
  toolCall(name: string, args: Record<string, unknown>): ChatScript
  /** A stream; `whole: false` ends it without the protocol's end mark. */
  stream(pieces: string[], options?: { whole?: boolean; cut?: boolean }): ChatScript
  /** A refusal by status. */
  failure(status: number, message: string, headers?: Record<string, string>): ChatScript
  /** The protocol's word for a prompt that is too long. */
  overflow(): ChatScript
}

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`
const named = (value: { type: string }) => `event: ${value.type}\n${event(value)}`

function overHttp(): Pick<Protocol, 'start' | 'stop' | 'reset' | 'script' | 'received'> & { server(): ChatServer } {
  let running: ChatServer | undefined
  const server = () => {
    if (running === undefined) throw new Error('the server was not started')
    return running
  }
  return {
    server,
    start: async () => {
      running = await startChatServer()
    },
    stop: () => server().close(),
    reset: () => server().reset(),
    script: (...answers) => server().script(...answers),
    received: () => server().received.map(({ body }) => body),
  }
}

export function openAiProtocol(): Protocol {
  const http = overHttp()
  const answer = (message: object, finish_reason = 'stop'): ChatScript => ({
    kind: 'json',
    body: { model: 'tiny-2', choices: [{ message, finish_reason }], usage: { prompt_tokens: 12, completion_tokens: 3 } },
  })
  return {
    name: 'OpenAI-compatible',
    ...http,
    open: (timeoutMs = 5_000) =>
      createOpenAiModel({ baseUrl: http.server().baseUrl, apiKey: 'k', model: 'tiny', fetch, timeoutMs, provider: 'test' }),
    text: (content) => answer({ content }),
    cutShort: (content) => answer({ content }, 'length'),
    json: (content) => answer({ content }),
    toolCall: (name, args) =>
      answer({ content: null, tool_calls: [{ id: 'call_7', function: { name, arguments: JSON.stringify(args) } }] }, 'tool_calls'),
    stream: (pieces, { whole = true, cut = false } = {}) => ({
      kind: 'stream',
      cut,
      pieces: [
        ...pieces.map((content) => event({ choices: [{ delta: { content }, finish_reason: null }] })),
        ...(whole
          ? [
              event({ choices: [{ delta: {}, finish_reason: 'stop' }] }),
              event({ choices: [], usage: { prompt_tokens: 12, completion_tokens: 3 } }),
              'data: [DONE]\n\n',
            ]
          : []),
      ],
    }),
    failure: (status, message, headers) => ({ kind: 'json', status, headers, body: { error: { message } } }),
    overflow: () => ({
      kind: 'json',
      status: 400,
      body: { error: { code: 'context_length_exceeded', message: "This model's maximum context length is 8192 tokens." } },
    }),
  }
}

export function anthropicProtocol(): Protocol {
  const http = overHttp()
  const usage = { input_tokens: 12, output_tokens: 3 }
  const answer = (content: object[], stop_reason = 'end_turn'): ChatScript => ({
    kind: 'json',
    body: { type: 'message', id: 'msg_1', model: 'tiny-2', role: 'assistant', content, stop_reason, stop_sequence: null, usage },
  })
  return {
    name: 'Anthropic',
    ...http,
    open: (timeoutMs = 5_000) =>
      createAnthropicModel({ baseUrl: http.server().baseUrl, apiKey: 'k', model: 'tiny', fetch, timeoutMs, provider: 'test' }),
    text: (text) => answer([{ type: 'text', text }]),
    cutShort: (text) => answer([{ type: 'text', text }], 'max_tokens'),
    json: (text) => {
      try {
        return answer([{ type: 'tool_use', id: 'toolu_1', name: 'json', input: JSON.parse(text) }], 'tool_use')
      } catch {
        // A model that ignores the forced tool and writes.
        return answer([{ type: 'text', text }])
      }
    },
    toolCall: (name, input) => answer([{ type: 'tool_use', id: 'call_7', name, input }], 'tool_use'),
    stream: (pieces, { whole = true, cut = false } = {}) => ({
      kind: 'stream',
      cut,
      pieces: [
        named({
          type: 'message_start',
          message: {
            id: 'msg_1',
            type: 'message',
            role: 'assistant',
            model: 'tiny-2',
            content: [],
            stop_reason: null,
            stop_sequence: null,
            usage: { input_tokens: 12, output_tokens: 1 },
          },
        } as { type: string }),
        named({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } } as { type: string }),
        ...pieces.map((text) => named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } } as { type: string })),
        ...(whole
          ? [
              named({ type: 'content_block_stop', index: 0 } as { type: string }),
              named({ type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 3 } } as {
                type: string
              }),
              named({ type: 'message_stop' }),
            ]
          : []),
      ],
    }),
    failure: (status, message, headers) => ({
      kind: 'json',
      status,
      headers,
      body: { type: 'error', error: { type: 'some_error', message } },
    }),
    overflow: () => ({
      kind: 'json',
      status: 400,
      body: { type: 'error', error: { type: 'invalid_request_error', message: 'prompt is too long: 214850 tokens > 200000 maximum' } },
    }),
  }
}

export function googleProtocol(): Protocol {
  const http = overHttp()
  const usageMetadata = { promptTokenCount: 12, candidatesTokenCount: 3, totalTokenCount: 15 }
  const body = (parts: object[], finishReason?: string) => ({
    candidates: [{ content: { role: 'model', parts }, ...(finishReason && { finishReason }), index: 0 }],
    usageMetadata,
    modelVersion: 'tiny-2',
  })
  return {
    name: 'Google',
    ...http,
    open: (timeoutMs = 5_000) =>
      createGoogleModel({ baseUrl: http.server().baseUrl, apiKey: 'k', model: 'tiny', fetch, timeoutMs, provider: 'test' }),
    text: (text) => ({ kind: 'json', body: body([{ text }], 'STOP') }),
    cutShort: (text) => ({ kind: 'json', body: body([{ text }], 'MAX_TOKENS') }),
    json: (text) => ({ kind: 'json', body: body([{ text }], 'STOP') }),
    toolCall: (name, args) => ({ kind: 'json', body: body([{ functionCall: { name, args } }], 'STOP') }),
    stream: (pieces, { whole = true, cut = false } = {}) => ({
      kind: 'stream',
      cut,
      pieces: pieces.map((text, at) => event(body([{ text }], whole && at === pieces.length - 1 ? 'STOP' : undefined))),
    }),
    failure: (status, message, headers) => ({ kind: 'json', status, headers, body: { error: { code: status, message, status: 'SOME' } } }),
    overflow: () => ({
      kind: 'json',
      status: 400,
      body: {
        error: {
          code: 400,
          status: 'INVALID_ARGUMENT',
          message: 'The input token count (40000) exceeds the maximum number of tokens allowed (32768).',
        },
      },
    }),
  }
}

/** Statuses as the binding's codes. */
const CODES: Record<number, number> = { 404: 5007, 400: 5004, 401: 5018, 403: 5018, 408: 3007, 413: 3006, 429: 3040 }

export function workersAiProtocol(): Protocol {
  let ai: FakeAi = createFakeAi()
  const usage = { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 }
  const error = (code: number, message: string): ChatScript => ({ kind: 'text', status: code, body: message })
  return {
    name: 'Workers AI',
    start: async () => undefined,
    stop: async () => undefined,
    reset: () => {
      ai = createFakeAi()
    },
    script: (...answers) => ai.script(...answers),
    received: () => ai.received.map(({ inputs }) => inputs),
    open: (timeoutMs = 5_000) => createWorkersAiModel({ ai, model: '@cf/tiny', provider: 'test', timeoutMs }),
    text: (response) => ({ kind: 'json', body: { response, usage } }),
    cutShort: (response) => ({ kind: 'json', body: { response, finish_reason: 'length', usage } }),
    json: (text) => ({ kind: 'json', body: { response: text, usage } }),
    toolCall: (name, args) => ({ kind: 'json', body: { response: '', tool_calls: [{ name, arguments: args }], usage } }),
    stream: (pieces, { whole = true, cut = false } = {}) => ({
      kind: 'stream',
      cut,
      pieces: [
        ...pieces.map((response) => event({ response, p: 'abc' })),
        ...(whole ? [event({ response: '', usage }), 'data: [DONE]\n\n'] : []),
      ],
    }),
    failure: (status, message) => error(CODES[status] ?? 3999, message),
    overflow: () => error(5006, 'The estimated number of input tokens (40000) exceeded this model context window limit (24000)'),
  }
}
