import * as z from 'zod'
import { AppError } from '../domain/error'
import { wrongCount } from './openai-vectors'
import { withinTime } from './provider-call'
import { runModel, type WorkersAiOptions } from './workers-ai-model'

type Options = Pick<WorkersAiOptions, 'ai' | 'model' | 'provider' | 'timeoutMs'> & { signal?: AbortSignal }

const Embeddings = z.object({ data: z.array(z.array(z.number())) })
const Ranking = z.object({ response: z.array(z.object({ id: z.int(), score: z.number() })) })

/** One vector a text, in order. The binding says nothing of tokens. */
export async function embedWorkersAi(options: Options, texts: string[]): Promise<number[][]> {
  const { data } = await run(options, { text: texts }, Embeddings)
  if (data.length !== texts.length) throw wrongCount(options.provider, data.length, texts.length)
  return data
}

/** One score a passage, in the order of the passages. */
export async function rerankWorkersAi(options: Options, query: string, passages: string[]): Promise<number[]> {
  const inputs = { query, contexts: passages.map((text) => ({ text })), top_k: passages.length }
  const { response } = await run(options, inputs, Ranking)
  const scores = new Map(response.map(({ id, score }) => [id, score]))
  if (passages.some((_, at) => !scores.has(at))) throw wrongCount(options.provider, scores.size, passages.length)
  return passages.map((_, at) => scores.get(at) ?? 0)
}

async function run<T>(options: Options, inputs: Record<string, unknown>, shape: z.ZodType<T>): Promise<T> {
  const result = await withinTime(options, (signal) => runModel(options.ai, options.provider, options.model, inputs, signal))
  const parsed = shape.safeParse(result)
  if (parsed.success) return parsed.data
  throw new AppError('unavailable', `${options.provider} answered in an unknown shape: check the kind of the model in the configuration.`, {
    reason: 'unknown_shape',
    cause: parsed.error,
  })
}
