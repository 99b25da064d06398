import { AppError } from '../domain/error'
import { costMicroUsd, purposeEntry, type Route, routesOf, shareOfDeadline } from '../domain/model-routing'
import type { ModelSettings } from '../domain/model-settings'
import type { Encoder, ModelCall, Payer } from '../domain/models'
import type { Reranker } from '../domain/ports'
import { estimateTokens } from '../domain/token-estimate'
import type { Health } from './routed-health'
import { isExternal } from './routed-mask'
import { bindingOf, connect, isConfigured, type ProviderSources } from './routed-providers'
import { failureOf } from './routed-record'
import { settledRefusal } from './routed-refusals'

export interface RoutedVectorsDeps {
  settings(): Promise<ModelSettings>
  sources: ProviderSources
  health: Health
  clock: { now(): Date }
}

/** Texts of one request: what every provider takes. */
const TEXTS_PER_REQUEST = 96

/**
 * The tenant's encoder: the first model of purpose `embed` that is configured; undefined when there is none, for the embedded one.
 * Vectors of different models cannot be compared, so failover goes only to routes of the same model name (another provider of it).
 */
export async function routedEncoder(deps: RoutedVectorsDeps): Promise<Encoder | undefined> {
  const [first, ...others] = await configured(deps, 'embed')
  if (first === undefined) return undefined
  const { dimensions } = first.model
  if (dimensions === undefined)
    throw new AppError('invalid', `The model '${first.name}' has no dimensions in models.yaml; add them, or nothing can be indexed.`)
  const model = nameOf(first)
  const routes = [first, ...others.filter((route) => nameOf(route) === model && route.model.dimensions === dimensions)]
  return {
    model,
    dimensions,
    async embed(texts, { signal, payer } = {}) {
      const vectors: number[][] = []
      for (let from = 0; from < texts.length; from += TEXTS_PER_REQUEST) {
        const some = texts.slice(from, from + TEXTS_PER_REQUEST)
        const call = (route: Route, timeoutMs: number) => embedAt(deps, route, some, timeoutMs, signal)
        vectors.push(...(await overRoutes(deps, { kind: 'embed', routes, texts: some, payer, signal }, call)))
      }
      if (vectors.some((vector) => vector.length !== dimensions))
        throw new AppError('invalid', `The model '${model}' gives other dimensions than models.yaml says (${dimensions}); correct them.`)
      return vectors.map(toUnitLength)
    },
  }
}

/** The tenant's reranker: the models of purpose `rerank`; undefined when none is configured. */
export async function routedReranker(deps: RoutedVectorsDeps, payer?: Payer): Promise<Reranker | undefined> {
  const routes = await configured(deps, 'rerank')
  const [first] = routes
  if (first === undefined) return undefined
  return {
    model: nameOf(first),
    async rerank(question, texts, signal) {
      if (texts.length === 0) return []
      const call = (route: Route, timeoutMs: number) => rerankAt(deps, route, question, texts, timeoutMs, signal)
      const scores = await overRoutes(
        deps,
        { kind: 'rerank', routes, texts: texts.flatMap((text) => [question, text]), payer, signal },
        call,
      )
      return scores.map((score, index) => ({ index, score }))
    },
  }
}

const nameOf = ({ name, model }: Route): string => (typeof model.name === 'string' ? model.name : name)

async function configured(deps: RoutedVectorsDeps, purpose: 'embed' | 'rerank'): Promise<Route[]> {
  const settings = await deps.settings()
  const all = settings.purposes[purpose] === undefined ? [] : routesOf(settings, purpose)
  // Vectors and scores of masked texts are of no use, so where personal data must be masked these texts stay inside.
  const routes = all.filter((route) => !(settings.maskPii && isExternal(route.provider)))
  const isThere = await Promise.all(routes.map((route) => isConfigured(deps.sources, route)))
  return routes.filter((_, at) => isThere[at])
}

interface Work {
  kind: 'embed' | 'rerank'
  routes: Route[]
  texts: string[]
  payer: Payer | undefined
  signal: AbortSignal | undefined
}

/** The first route that answers, with money and record as for chat. */
async function overRoutes<T>(deps: RoutedVectorsDeps, work: Work, call: (route: Route, timeoutMs: number) => Promise<T>): Promise<T> {
  const deadline = purposeEntry(await deps.settings(), work.kind)?.deadline ?? 0
  const startedAt = Date.now()
  const refusals: AppError[] = []
  for (const [at, route] of work.routes.entries()) {
    work.signal?.throwIfAborted()
    const blocked = deps.health.refusal(route, deps.clock.now().getTime())
    if (blocked) {
      refusals.push(blocked)
      continue
    }
    try {
      return await paidCall(deps, work, route, () =>
        call(route, shareOfDeadline(deadline - (Date.now() - startedAt), work.routes.length - at)),
      )
    } catch (thrown) {
      if (work.signal?.aborted || !(thrown instanceof AppError)) throw thrown
      refusals.push(thrown)
    }
  }
  throw settledRefusal(refusals, deadline)
}

async function paidCall<T>(deps: RoutedVectorsDeps, { kind, texts, payer }: Work, route: Route, call: () => Promise<T>): Promise<T> {
  const usage = { inputTokens: texts.reduce((sum, text) => sum + estimateTokens(text), 0), outputTokens: 0 }
  const cost = costMicroUsd(route.model, usage)
  const record: ModelCall = {
    kind,
    purpose: kind,
    route: route.name,
    provider: route.providerName,
    model: nameOf(route),
    ...usage,
    costMicroUsd: cost,
    latencyMs: 0,
  }
  const reservation = await payer?.purse?.reserve({ feature: kind, estimateMicroUsd: cost })
  const startedAt = Date.now()
  deps.health.begin(route, deps.clock.now().getTime())
  try {
    const result = await call()
    const latencyMs = Date.now() - startedAt
    deps.health.succeeded(route, latencyMs)
    if (reservation)
      await payer?.purse?.settle(reservation.id, {
        actualMicroUsd: cost,
        ...usage,
        provider: record.provider,
        model: record.model,
        latencyMs,
        cached: false,
      })
    payer?.onCall?.({ ...record, latencyMs })
    return result
  } catch (thrown) {
    deps.health.failed(route, thrown, deps.clock.now().getTime())
    if (reservation) await payer?.purse?.release(reservation.id)
    payer?.onCall?.({ ...record, inputTokens: 0, costMicroUsd: 0, latencyMs: Date.now() - startedAt, failure: failureOf(thrown) })
    throw thrown
  }
}

async function embedAt(
  { sources }: RoutedVectorsDeps,
  route: Route,
  texts: string[],
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<number[][]> {
  const connection = await connect(sources, route)
  const options = { ...connection, timeoutMs, ...(signal && { signal }) }
  const { protocol } = route.provider
  if (protocol === 'workers-ai')
    return await (await import('./workers-ai-vectors')).embedWorkersAi({ ...options, ai: bindingOf(sources) }, texts)
  if (protocol === 'google')
    return await (await import('./google-vectors')).embedGoogle({ ...options, apiKey: connection.apiKey ?? '' }, texts)
  if (protocol === 'anthropic') throw notOffered(route, 'embeddings')
  return (await (await import('./openai-vectors')).embedOpenAi({ ...options, baseUrl: connection.baseUrl ?? '' }, texts)).vectors
}

async function rerankAt(
  { sources }: RoutedVectorsDeps,
  route: Route,
  question: string,
  texts: string[],
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<number[]> {
  const connection = await connect(sources, route)
  const options = { ...connection, timeoutMs, ...(signal && { signal }) }
  const { protocol } = route.provider
  if (protocol === 'workers-ai')
    return await (await import('./workers-ai-vectors')).rerankWorkersAi({ ...options, ai: bindingOf(sources) }, question, texts)
  if (protocol !== 'openai') throw notOffered(route, 'reranking')
  return (await (await import('./openai-vectors')).rerankOpenAi({ ...options, baseUrl: connection.baseUrl ?? '' }, question, texts)).scores
}

const notOffered = ({ name, provider }: Route, what: string): AppError =>
  new AppError('invalid', `${provider.protocol} offers no ${what}; give '${name}' another provider in models.yaml.`, { reason: 'not_able' })

function toUnitLength(vector: number[]): number[] {
  const length = Math.hypot(...vector)
  return length === 0 ? vector : vector.map((value) => value / length)
}
