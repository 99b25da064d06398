import type { LanguageModelV4, LanguageModelV4Content, LanguageModelV4FinishReason, LanguageModelV4Usage } from '@ai-sdk/provider'
import { AppError } from '../domain/error'
import type { ChatModel, ChatRequest } from '../domain/models'
import { refusalOfSdk } from './ai-sdk-errors'
import { toCallOptions } from './ai-sdk-prompts'
import { type RawAnswer, readAnswer, usageOf, type WireToolCall } from './openai-wire'
import { withinTime } from './provider-call'

export interface AiSdkOptions {
  model: LanguageModelV4
  provider: string
  timeoutMs: number
}

/**
 * Port ChatModel over a language model of the AI SDK. One request, no retries. A stream that ends without the provider's own end
 * mark is refused as `unavailable`, also where the SDK would call it finished.
 */
export function createAiSdkModel(options: AiSdkOptions): ChatModel {
  const { model, provider } = options
  return {
    async complete(request) {
      const startedAt = Date.now()
      const raw = await withinTime({ ...options, signal: request.signal }, async (signal) => {
        try {
          return request.onText
            ? await stream(model, provider, request, request.onText, signal)
            : await generate(model, provider, request, signal)
        } catch (thrown) {
          throw (signal.aborted ? undefined : refusalOfSdk(provider, thrown, new Date())) ?? thrown
        }
      })
      request.onUsage?.(usageOf(raw))
      return { ...readAnswer(raw, request), provider, model: raw.model ?? model.modelId, latencyMs: Date.now() - startedAt }
    },
  }
}

async function generate(model: LanguageModelV4, provider: string, request: ChatRequest, signal: AbortSignal): Promise<RawAnswer> {
  const { content, finishReason, usage, response, structuredOutputText } = await model.doGenerate(toCallOptions(request, signal))
  if (finishReason.raw === undefined)
    throw new AppError('unavailable', `${provider} answered in an unknown shape: check the URL, or try again if it is right.`, {
      reason: 'unknown_shape',
    })
  return {
    text: structuredOutputText ?? content.map((part) => (part.type === 'text' ? part.text : '')).join(''),
    toolCalls: content.flatMap(toolCallOf),
    finish: finishOf(finishReason),
    model: response?.modelId,
    usage: tokensOf(usage),
  }
}

const toolCallOf = (part: LanguageModelV4Content): WireToolCall[] =>
  part.type === 'tool-call' ? [{ id: part.toolCallId, function: { name: part.toolName, arguments: part.input } }] : []

async function stream(
  model: LanguageModelV4,
  provider: string,
  request: ChatRequest,
  onText: (piece: string) => void,
  signal: AbortSignal,
): Promise<RawAnswer> {
  const { stream: parts } = await model.doStream(toCallOptions(request, signal))
  const answer: RawAnswer = { text: '', toolCalls: [], finish: '', model: undefined, usage: undefined }
  for await (const part of parts) {
    if (part.type === 'text-delta') {
      answer.text += part.delta
      if (part.delta !== '') onText(part.delta)
    } else if (part.type === 'tool-call')
      answer.toolCalls.push({ id: part.toolCallId, function: { name: part.toolName, arguments: part.input } })
    else if (part.type === 'response-metadata') answer.model = part.modelId ?? answer.model
    else if (part.type === 'error') throw brokenOff(provider, part.error)
    else if (part.type === 'finish') {
      // Without the provider's own word the stream was cut, whatever the SDK makes of it.
      answer.finish = part.finishReason.raw === undefined ? '' : finishOf(part.finishReason)
      answer.usage = tokensOf(part.usage)
    }
  }
  if (answer.finish === '')
    throw new AppError('unavailable', `${provider} cut its answer off in the middle: try again.`, { reason: 'stream_cut' })
  return answer
}

function brokenOff(provider: string, error: unknown): AppError {
  const refusal = refusalOfSdk(provider, error, new Date())
  if (refusal) return refusal
  const said = error instanceof Error ? error.message : typeof error === 'string' ? error : JSON.stringify(error)
  return new AppError('unavailable', `${provider} broke its answer off: ${said.slice(0, 300)}`, { reason: 'stream_cut', cause: error })
}

const FINISHES: Record<LanguageModelV4FinishReason['unified'], string> = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'content_filter',
  'tool-calls': 'tool_calls',
  error: 'stop',
  interrupted: 'stop',
  other: 'stop',
}
const finishOf = ({ unified }: LanguageModelV4FinishReason): string => FINISHES[unified]

const tokensOf = ({ inputTokens, outputTokens }: LanguageModelV4Usage): RawAnswer['usage'] => ({
  prompt_tokens: inputTokens.total ?? 0,
  completion_tokens: outputTokens.total ?? 0,
})
