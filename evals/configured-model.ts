import { createOpenAiModel } from '../workers/adapters/openai-model'
import type { ChatModel } from '../workers/domain/models'

const TIMEOUT_MS = 120_000

/** The model that CHAT_MODEL_URL, CHAT_MODEL_NAME and CHAT_MODEL_KEY name, as in the Workers' settings; absent: the embedded way. */
export function configuredModel(): ChatModel | undefined {
  const { CHAT_MODEL_URL, CHAT_MODEL_NAME, CHAT_MODEL_KEY } = process.env
  if (CHAT_MODEL_URL === undefined || CHAT_MODEL_NAME === undefined) return undefined
  return createOpenAiModel({
    baseUrl: CHAT_MODEL_URL,
    model: CHAT_MODEL_NAME,
    fetch: (input, init) => fetch(input, init),
    timeoutMs: TIMEOUT_MS,
    provider: new URL(CHAT_MODEL_URL).hostname,
    ...(CHAT_MODEL_KEY !== undefined && { apiKey: CHAT_MODEL_KEY }),
  })
}
