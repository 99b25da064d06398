import { createGoogle } from '@ai-sdk/google'
import type { ChatModel } from '../domain/models'
import { createAiSdkModel } from './ai-sdk-model'
import type { HostedModelOptions } from './anthropic-model'

/** Port ChatModel over Google's `models/{model}:generateContent` (Gemini API). */
export const createGoogleModel = ({ baseUrl, apiKey, model, fetch, timeoutMs, provider }: HostedModelOptions): ChatModel =>
  createAiSdkModel({
    model: createGoogle({ apiKey, fetch, ...(baseUrl !== undefined && { baseURL: baseUrl }) })(model),
    provider,
    timeoutMs,
  })
