import { createAnthropic } from '@ai-sdk/anthropic'
import type { ChatModel } from '../domain/models'
import { createAiSdkModel } from './ai-sdk-model'

export interface HostedModelOptions {
  /** Up to and without `/messages` or `/models`; absent: the provider's own. */
  baseUrl?: string
  apiKey: string
  model: string
  fetch: typeof fetch
  timeoutMs: number
  provider: string
}

/** Port ChatModel over Anthropic's `/messages`. */
export const createAnthropicModel = ({ baseUrl, apiKey, model, fetch, timeoutMs, provider }: HostedModelOptions): ChatModel =>
  createAiSdkModel({
    model: createAnthropic({ apiKey, fetch, ...(baseUrl !== undefined && { baseURL: baseUrl }) })(model),
    provider,
    timeoutMs,
  })
