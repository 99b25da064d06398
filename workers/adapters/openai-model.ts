import { AppError } from '../domain/error'
import type { JsonMode } from '../domain/model-settings'
import type { ChatModel, ChatRequest } from '../domain/models'
import { refusalOf } from './openai-errors'
import { askForJson, jsonFromTool } from './openai-json'
import { readStream } from './openai-stream'
import { Completion, type RawAnswer, readAnswer, toWire, usageOf } from './openai-wire'
import { withinTime } from './provider-call'

export interface OpenAiModelOptions {
  /** Up to and without `/chat/completions`: `https://api.openai.com/v1`, `http://localhost:11434/v1`. */
  baseUrl: string
  apiKey?: string
  model: string
  fetch: typeof fetch
  /** For the whole answer, streaming included, milliseconds. */
  timeoutMs: number
  /** What the record of a call names: `openai`, `ollama`, … */
  provider: string
  /** How the server is asked for JSON; `schema` unless told otherwise. */
  jsonMode?: JsonMode
}

/** Port ChatModel over any OpenAI-compatible `/chat/completions`. One request, no retries: who calls decides about those. */
export function createOpenAiModel(options: OpenAiModelOptions): ChatModel {
  return {
    async complete(request) {
      const startedAt = Date.now()
      const raw = await withinTime({ ...options, signal: request.signal }, (signal) => ask(options, request, signal))
      request.onUsage?.(usageOf(raw))
      return {
        ...readAnswer(raw, request),
        provider: options.provider,
        model: raw.model ?? options.model,
        latencyMs: Date.now() - startedAt,
      }
    },
  }
}

async function ask(
  { baseUrl, apiKey, model, fetch, provider, jsonMode = 'schema' }: OpenAiModelOptions,
  request: ChatRequest,
  signal: AbortSignal,
): Promise<RawAnswer> {
  const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }) },
    body: JSON.stringify({ ...toWire(model, askForJson(request, jsonMode)), ...(jsonMode === 'object' && jsonObject(request)) }),
    signal,
  })
  if (!response.ok) throw await refusalOf(provider, response, new Date())
  const isStream = response.headers.get('content-type')?.includes('text/event-stream') ?? false
  if (isStream && response.body)
    return jsonFromTool(await readStream(response.body, request.onText ?? (() => undefined)), request, jsonMode)
  const raw = readWhole(await response.text())
  // A server without streaming answers whole; who listens for pieces gets one.
  if (raw.text !== '') request.onText?.(raw.text)
  return jsonFromTool(raw, request, jsonMode)
}

const jsonObject = ({ jsonSchema }: ChatRequest) => (jsonSchema ? { response_format: { type: 'json_object' } } : {})

function readWhole(body: string): RawAnswer {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch (cause) {
    throw new AppError('unavailable', 'The provider answered with a body that is not JSON: check the URL, or try again if it is right.', {
      cause,
    })
  }
  const parsed = Completion.safeParse(value)
  if (!parsed.success)
    throw new AppError('unavailable', 'The provider answered in an unknown shape: check that the URL is an OpenAI-compatible one.', {
      cause: parsed.error,
    })
  const { choices, usage, model } = parsed.data
  const [choice] = choices
  return {
    text: choice?.message.content ?? '',
    toolCalls: choice?.message.tool_calls ?? [],
    finish: choice?.finish_reason ?? 'stop',
    model: model ?? undefined,
    usage: usage ?? undefined,
  }
}
