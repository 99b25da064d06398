import { createGoogle } from '@ai-sdk/google'
import { refusalOfSdk } from './ai-sdk-errors'
import type { HostedModelOptions } from './anthropic-model'
import { wrongCount } from './openai-vectors'
import { withinTime } from './provider-call'

/** `models/{model}:batchEmbedContents`: one vector a text, in order. Google says nothing of tokens here. */
export async function embedGoogle(options: HostedModelOptions & { signal?: AbortSignal }, texts: string[]): Promise<number[][]> {
  const { baseUrl, apiKey, model, fetch, provider } = options
  const encoder = createGoogle({ apiKey, fetch, ...(baseUrl !== undefined && { baseURL: baseUrl }) }).textEmbeddingModel(model)
  const { embeddings } = await withinTime(options, async (signal) => {
    try {
      return await encoder.doEmbed({ values: texts, abortSignal: signal })
    } catch (thrown) {
      throw (signal.aborted ? undefined : refusalOfSdk(provider, thrown, new Date())) ?? thrown
    }
  })
  if (embeddings.length !== texts.length) throw wrongCount(provider, embeddings.length, texts.length)
  return embeddings
}
