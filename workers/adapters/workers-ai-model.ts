import { AppError } from '../domain/error'
import type { JsonMode } from '../domain/model-settings'
import type { ChatModel, ChatRequest } from '../domain/models'
import { askForJson, jsonFromTool } from './openai-json'
import { readStream } from './openai-stream'
import { type RawAnswer, readAnswer, usageOf } from './openai-wire'
import { withinTime } from './provider-call'
import { refusalOfRun } from './workers-ai-errors'
import { readResult, toInputs, translateEvent } from './workers-ai-wire'

/** What is called of the `ai` binding. Its own type knows every model's inputs; names are configuration here. */
export interface AiBinding {
  run(model: string, inputs: Record<string, unknown>, options?: { signal?: AbortSignal }): Promise<unknown>
}

export interface WorkersAiOptions {
  ai: AiBinding
  model: string
  provider: string
  timeoutMs: number
  jsonMode?: JsonMode
  /** Name or id of a LoRA adapter of the account. */
  lora?: string
}

/** Port ChatModel over the Workers AI binding. JSON comes by a forced tool unless told otherwise: its JSON mode is not guaranteed and does not stream. */
export function createWorkersAiModel(options: WorkersAiOptions): ChatModel {
  const { provider, model } = options
  return {
    async complete(request) {
      const startedAt = Date.now()
      const raw = await withinTime({ ...options, signal: request.signal }, (signal) => ask(options, request, signal))
      request.onUsage?.(usageOf(raw))
      return { ...readAnswer(raw, request), provider, model: raw.model ?? model, latencyMs: Date.now() - startedAt }
    },
  }
}

async function ask(
  { ai, model, provider, lora, jsonMode = 'tool' }: WorkersAiOptions,
  request: ChatRequest,
  signal: AbortSignal,
): Promise<RawAnswer> {
  const result = await runModel(ai, provider, model, toInputs(askForJson(request, jsonMode), lora), signal)
  if (result instanceof ReadableStream)
    return jsonFromTool(await readStream(result, request.onText ?? (() => undefined), translateEvent), request, jsonMode)
  const raw = readResult(result)
  if (raw.text !== '') request.onText?.(raw.text)
  return jsonFromTool(raw, request, jsonMode)
}

/** One run; what the binding throws becomes a refusal. */
export async function runModel(
  ai: AiBinding,
  provider: string,
  model: string,
  inputs: Record<string, unknown>,
  signal: AbortSignal,
): Promise<unknown> {
  try {
    return await ai.run(model, inputs, { signal })
  } catch (thrown) {
    if (signal.aborted) throw thrown
    const refusal = refusalOfRun(provider, thrown, new Date())
    if (refusal) throw refusal
    throw new AppError('unavailable', `${provider} failed without a code: try again.`, { cause: thrown })
  }
}
