import { cacheKey, cacheScope, isCacheable, type ModelCache } from '../domain/model-cache'
import type { Route } from '../domain/model-routing'
import type { CacheSettings as PurposeCache } from '../domain/model-settings'
import type { ChatAnswer, ChatRequest, Encoder, Payer } from '../domain/models'
import { mayShareAnswer } from '../domain/question-likeness'

/** How answers are kept. With `step` no other step finds them. */
export interface CacheSettings extends PurposeCache {
  step?: Payer['step']
}

/** A step that waits for money is tried again within this, or pays again. */
const STEP_TTL_MS = 24 * 60 * 60_000

/**
 * What a purpose keeps, or where it keeps nothing, what one step of a run keeps for itself. Undefined: nothing is kept. A request that
 * forbids it is of a text that is stored nowhere: no deletion would reach the answer.
 */
export function cacheOf(purpose: PurposeCache | false, { payer, cache }: ChatRequest): CacheSettings | undefined {
  if (purpose) return purpose
  return payer?.step && cache ? { ttl: STEP_TTL_MS, step: payer.step } : undefined
}

export interface CachedModelDeps {
  cache: ModelCache
  encoder?: Encoder
  clock: { now(): Date }
  /** Keeps the invocation alive for what nobody waits for. */
  later?(work: Promise<unknown>): void
}

/** Earlier answers of one route. A cache that fails costs a call, never the answer: what it throws is logged and passed over. */
export interface CachedModel {
  find(request: ChatRequest): Promise<ChatAnswer | undefined>
  store(request: ChatRequest, answer: ChatAnswer): Promise<void>
}

export function createCachedModel(deps: CachedModelDeps, route: Route, settings: CacheSettings): CachedModel {
  return {
    find: (request) => spared('read', () => find(deps, route, settings, request)),
    store: async (request, answer) => void (await spared('write', () => store(deps, route, settings, request, answer))),
  }
}

async function spared<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (thrown) {
    console.warn(JSON.stringify({ message: `the cache of model answers failed to ${what}`, error: String(thrown) }))
    return undefined
  }
}

async function find(
  { cache, encoder, clock, later = () => undefined }: CachedModelDeps,
  route: Route,
  settings: CacheSettings,
  request: ChatRequest,
) {
  if (!isCacheable(request)) return undefined
  const startedAt = Date.now()
  const purpose = request.purpose ?? 'default'
  const now = clock.now().toISOString()
  const exact = await cache.find(await cacheKey(request, route, settings.step), now)
  const question = questionOf(request, settings)
  const near =
    exact || question === undefined || !encoder ? undefined : await nearest(cache, encoder, route, settings, request, question, now)
  const found = exact ?? near
  const cached = exact ? 'exact' : 'semantic'
  // A count is a write of many milliseconds, and the answer is there.
  later(spared('count', () => cache.count(purpose, found === undefined ? 'misses' : exact ? 'exactHits' : 'semanticHits')))
  if (found === undefined) return undefined
  request.onText?.(found.text)
  return { ...found, toolCalls: [], latencyMs: Date.now() - startedAt, cached } satisfies ChatAnswer
}

const questionOf = ({ cache }: ChatRequest, { semantic }: CacheSettings): string | undefined =>
  semantic === undefined || !cache ? undefined : cache.question

async function nearest(
  cache: ModelCache,
  encoder: Encoder,
  route: Route,
  { semantic = 1 }: CacheSettings,
  request: ChatRequest,
  question: string,
  now: string,
) {
  const known = await cache.listMeanings(await cacheScope(request, route, question), now)
  const sharing = known.filter((entry) => mayShareAnswer(entry.question, question))
  if (sharing.length === 0) return undefined
  const [vector = []] = await encoder.embed([question])
  const ranked = sharing
    .map((entry) => ({ entry, similarity: similarityOf(vector, entry.vector) }))
    .sort((a, b) => b.similarity - a.similarity)
  const best = ranked[0]
  return best && best.similarity >= semantic ? best.entry.answer : undefined
}

/** Of unit vectors. Those of another encoder are unlike anything. */
const similarityOf = (one: number[], other: number[]): number =>
  one.length === other.length ? one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0) : 0

async function store(
  deps: CachedModelDeps,
  route: Route,
  settings: CacheSettings,
  request: ChatRequest,
  answer: ChatAnswer,
): Promise<undefined> {
  if (!isCacheable(request) || answer.finish !== 'stop' || answer.toolCalls.length > 0) return
  const { text, json, finish, provider, model, inputTokens, outputTokens } = answer
  const now = deps.clock.now()
  const question = questionOf(request, settings)
  const [vector] = question === undefined || !deps.encoder ? [] : await deps.encoder.embed([question])
  await deps.cache.store({
    key: await cacheKey(request, route, settings.step),
    purpose: request.purpose ?? 'default',
    answer: { text, ...(json !== undefined && { json }), finish, provider, model, inputTokens, outputTokens },
    documentIds: request.cache ? (request.cache.documentIds ?? []) : [],
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + settings.ttl).toISOString(),
    ...(question !== undefined && vector && { meaning: { scope: await cacheScope(request, route, question), question, vector } }),
  })
}
