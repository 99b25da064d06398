import { AppError } from '../domain/error'
import type { ChatModel, ChatRequest } from '../domain/models'
import { refusalOf } from './openai-errors'
import { readStream } from './openai-stream'
import { Completion, type RawAnswer, readAnswer, toWire } from './openai-wire'

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
}

/**
 * Port ChatModel over any OpenAI-compatible `/chat/completions`. One request, no retries: who calls decides about those.
 * The caller's own abort is thrown as the reason it gave, so that a cancelled step does not look like a failed provider.
 */
export function createOpenAiModel(options: OpenAiModelOptions): ChatModel {
  return {
    async complete(request) {
      const startedAt = Date.now()
      const timeout = AbortSignal.timeout(options.timeoutMs)
      const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout
      try {
        const raw = await ask(options, request, signal)
        return {
          ...readAnswer(raw, request),
          provider: options.provider,
          model: raw.model ?? options.model,
          latencyMs: Date.now() - startedAt,
        }
      } catch (error) {
        throw toAppError(error, options, request.signal, timeout)
      }
    },
  }
}

async function ask(
  { baseUrl, apiKey, model, fetch, provider }: OpenAiModelOptions,
  request: ChatRequest,
  signal: AbortSignal,
): Promise<RawAnswer> {
  const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }) },
    body: JSON.stringify(toWire(model, request)),
    signal,
  })
  if (!response.ok) throw await refusalOf(provider, response, new Date())
  const isStream = response.headers.get('content-type')?.includes('text/event-stream') ?? false
  if (isStream && response.body) return await readStream(response.body, request.onText ?? (() => undefined))
  const raw = readWhole(await response.text())
  // A server without streaming answers whole; who listens for pieces gets one.
  if (raw.text !== '') request.onText?.(raw.text)
  return raw
}

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

/** The failures of a connection are many and named differently by every runtime; which signal fired tells what happened. */
function toAppError(
  error: unknown,
  { provider, timeoutMs }: OpenAiModelOptions,
  callerSignal: AbortSignal | undefined,
  timeout: AbortSignal,
): unknown {
  if (error instanceof AppError) return error
  if (callerSignal?.aborted) return callerSignal.reason
  if (timeout.aborted)
    return new AppError('unavailable', `${provider} did not answer within ${timeoutMs} ms: try again or allow more time.`, {
      reason: 'timeout',
      cause: error,
    })
  return new AppError('unavailable', `The connection to ${provider} failed: check that it can be reached, then try again.`, {
    cause: error,
  })
}
