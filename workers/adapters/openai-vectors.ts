import * as z from 'zod'
import { AppError } from '../domain/error'
import type { TokenUsage } from '../domain/models'
import { refusalOf } from './openai-errors'
import type { OpenAiModelOptions } from './openai-model'
import { withinTime } from './provider-call'

export type VectorOptions = Pick<OpenAiModelOptions, 'baseUrl' | 'apiKey' | 'model' | 'fetch' | 'timeoutMs' | 'provider'> & {
  signal?: AbortSignal
}

const Usage = z.object({ prompt_tokens: z.number().nullish(), total_tokens: z.number().nullish() }).nullish()
const Embeddings = z.object({ data: z.array(z.object({ index: z.int().nullish(), embedding: z.array(z.number()) })), usage: Usage })
/** As Jina, Cohere, vLLM, LM Studio and Text Embeddings Inference answer: by index, in their own order. */
const Ranking = z.object({
  results: z.array(z.object({ index: z.int(), relevance_score: z.number().nullish(), score: z.number().nullish() })),
  usage: Usage,
})

export interface Vectors {
  vectors: number[][]
  usage: TokenUsage
}

/** `/embeddings`: one vector a text, in order. One request: who calls keeps to the server's batch size. */
export async function embedOpenAi(options: VectorOptions, texts: string[]): Promise<Vectors> {
  const { data, usage } = await post(options, '/embeddings', { model: options.model, input: texts, encoding_format: 'float' }, Embeddings)
  if (data.length !== texts.length) throw wrongCount(options.provider, data.length, texts.length)
  const inOrder = data.map((item, at) => ({ at: item.index ?? at, embedding: item.embedding })).sort((a, b) => a.at - b.at)
  return { vectors: inOrder.map(({ embedding }) => embedding), usage: tokensOf(usage) }
}

/** `/rerank`: one score a passage, in the order of the passages. */
export async function rerankOpenAi(
  options: VectorOptions,
  query: string,
  passages: string[],
): Promise<{ scores: number[]; usage: TokenUsage }> {
  const body = { model: options.model, query, documents: passages, top_n: passages.length }
  const { results, usage } = await post(options, '/rerank', body, Ranking)
  const scores = new Map(results.map(({ index, relevance_score, score }) => [index, relevance_score ?? score ?? 0]))
  if (passages.some((_, at) => !scores.has(at))) throw wrongCount(options.provider, scores.size, passages.length)
  return { scores: passages.map((_, at) => scores.get(at) ?? 0), usage: tokensOf(usage) }
}

const tokensOf = (usage: z.infer<typeof Usage>): TokenUsage => ({
  inputTokens: usage?.prompt_tokens ?? usage?.total_tokens ?? 0,
  outputTokens: 0,
})

export const wrongCount = (provider: string, got: number, wanted: number): AppError =>
  new AppError('unavailable', `${provider} gave ${got} results for ${wanted} texts: try again, or use another model.`, {
    reason: 'wrong_count',
  })

function post<T>(options: VectorOptions, path: string, body: unknown, shape: z.ZodType<T>): Promise<T> {
  const { baseUrl, apiKey, fetch, provider } = options
  return withinTime(options, async (signal) => {
    const response = await fetch(`${baseUrl.replace(/\/+$/, '')}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }) },
      body: JSON.stringify(body),
      signal,
    })
    if (!response.ok) throw await refusalOf(provider, response, new Date())
    return readShape(provider, await response.text(), shape)
  })
}

/** JSON of a known shape, or `unavailable`. */
export function readShape<T>(provider: string, text: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(text))
  } catch (cause) {
    throw new AppError('unavailable', `${provider} answered in an unknown shape: check the URL and the model in the configuration.`, {
      reason: 'unknown_shape',
      cause,
    })
  }
}
