import { AppError } from '../domain/error'
import type { ModelCache } from '../domain/model-cache'
import { costMicroUsd, type Need, type Route, reservationMicroUsd } from '../domain/model-routing'
import type { CacheSettings } from '../domain/model-settings'
import type { ChatAnswer, ChatModel, ChatRequest, Encoder, TokenUsage } from '../domain/models'
import { estimateTokens } from '../domain/token-estimate'
import { type CachedModel, cacheOf, createCachedModel } from './cached-model'
import type { Health } from './routed-health'
import { isExternal, maskRequest } from './routed-mask'
import { failureOf, nobody, recordOf, report, reportCached, settle, skip } from './routed-record'

export interface AttemptDeps {
  /** The model of a route, for one call of at most so long. */
  open(route: Route, timeoutMs: number): Promise<ChatModel>
  health: Health
  /** Absent: every call is made anew. */
  cache?: ModelCache
  /** For questions of the same meaning. */
  encoder?: Encoder
  clock: { now(): Date }
  /** Keeps the invocation alive for what nobody waits for. */
  later?(work: Promise<unknown>): void
}

export interface Attempt {
  route: Route
  request: ChatRequest
  need: Need
  timeoutMs: number
  cache: CacheSettings | false
  maskPii: boolean
  /** Asked when money runs short; true: another route goes first. */
  mayDefer(reservedMicroUsd: number): boolean
}

export type Outcome =
  | { kind: 'answered'; answer: ChatAnswer }
  | { kind: 'deferred' }
  /** `hasSpoken`: pieces of text were passed on before. */
  | { kind: 'refused'; refusal: AppError; hasSpoken: boolean }

/** The most that may be written: what was asked for, what the model can, what its context leaves. */
export const maxOutputOf = ({ model }: Route, { maxOutputTokens }: Pick<ChatRequest, 'maxOutputTokens'>, need: Need): number =>
  Math.max(16, Math.min(maxOutputTokens ?? model.maxOutput, model.maxOutput, model.context - need.inputTokens))

/** One try at one route: cache, breaker, money, call, record. Throws what is no refusal of a provider, and the caller's abort. */
export async function attempt(deps: AttemptDeps, { route, request: asked, ...rest }: Attempt): Promise<Outcome> {
  const maxOutputTokens = maxOutputOf(route, asked, rest.need)
  const request = { ...asked, maxOutputTokens }
  const cached = await keptBy(deps, route, request, rest.cache)?.find(request)
  if (cached) return { kind: 'answered', answer: await reportCached(route, request, cached) }
  const blocked = leak(route, request, rest.maskPii) ?? deps.health.refusal(route, deps.clock.now().getTime())
  if (blocked) return refused(request, route, blocked)
  const reserved = await reserve(
    route,
    request,
    reservationMicroUsd(route, rest.need, maxOutputTokens, deps.health.tokenRatio(route)),
    rest.mayDefer,
  )
  if (reserved.kind !== 'reserved') return reserved
  return await call(deps, { route, request, ...rest }, reserved.id)
}

/** Earlier answers that may be given to the request; undefined: none may. */
function keptBy(
  { cache, ...deps }: AttemptDeps,
  route: Route,
  request: ChatRequest,
  purpose: CacheSettings | false,
): CachedModel | undefined {
  const settings = cacheOf(purpose, request)
  return cache && settings && createCachedModel({ ...deps, cache }, route, settings)
}

/** A text that should be masked and cannot be does not leave. */
function leak(route: Route, { shield, messages }: ChatRequest, maskPii: boolean): AppError | undefined {
  if (!maskPii || !isExternal(route.provider)) return undefined
  const hasImages = messages.some(({ images }) => images && images.length > 0)
  if (shield && !hasImages) return undefined
  const what = hasImages ? 'pictures cannot be masked' : 'this request comes without a mask'
  return new AppError('invalid', `${route.providerName} is external and personal data must be masked, but ${what}: use a model inside.`, {
    reason: 'not_masked',
  })
}

type Reserved = { kind: 'reserved'; id: string | undefined } | Extract<Outcome, { kind: 'deferred' | 'refused' }>

async function reserve(route: Route, request: ChatRequest, amount: number, mayDefer: Attempt['mayDefer']): Promise<Reserved> {
  const purse = request.payer?.purse
  if (!purse) return { kind: 'reserved', id: undefined }
  try {
    const { id, advice } = await purse.reserve({ feature: request.purpose ?? 'default', estimateMicroUsd: amount, takesTokens: true })
    if (advice === 'proceed' || !mayDefer(amount)) return { kind: 'reserved', id }
    await purse.release(id)
    return { kind: 'deferred' }
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'over_budget') return refused(request, route, thrown)
    throw thrown
  }
}

/** What is heard of a call while it runs. */
interface Heard {
  usage: TokenUsage | undefined
  text: string
}

async function call(deps: AttemptDeps, attempt: Omit<Attempt, 'mayDefer'>, reservation: string | undefined): Promise<Outcome> {
  const { route, request, need } = attempt
  const startedAt = Date.now()
  deps.health.begin(route, deps.clock.now().getTime())
  const heard: Heard = { usage: undefined, text: '' }
  try {
    const answer = checked(await ask(deps, attempt, heard), route)
    deps.health.succeeded(route, answer.latencyMs)
    deps.health.observeTokens(route, answer.inputTokens, need.inputTokens)
    const usage = counted(answer, need)
    const full: ChatAnswer = { ...answer, ...usage, route: route.name, costMicroUsd: costMicroUsd(route.model, usage) }
    await settle(request, reservation, recordOf(route, request, full))
    await keptBy(deps, route, request, attempt.cache)?.store(request, full)
    return { kind: 'answered', answer: report(route, request, full) }
  } catch (thrown) {
    const usage = heard.usage ?? spentOn(thrown, heard, need)
    const spend = { ...nobody(route), ...usage, costMicroUsd: costMicroUsd(route.model, usage) }
    const record = { ...recordOf(route, request, { ...spend, latencyMs: Date.now() - startedAt }), failure: failureOf(thrown) }
    await settle(request, reservation, record)
    request.payer?.onCall?.(record)
    if (request.signal?.aborted) throw request.signal.reason
    if (!(thrown instanceof AppError)) throw thrown
    deps.health.failed(route, thrown, deps.clock.now().getTime())
    return { kind: 'refused', refusal: thrown, hasSpoken: heard.text !== '' }
  }
}

async function ask(
  deps: AttemptDeps,
  { route, request, timeoutMs, maskPii }: Omit<Attempt, 'mayDefer'>,
  heard: Heard,
): Promise<ChatAnswer> {
  const model = await deps.open(route, timeoutMs)
  const isMasked = maskPii && isExternal(route.provider)
  const masked = isMasked ? await maskRequest(request) : { request, unmask: (answer: ChatAnswer) => answer }
  const { onText } = request
  const answer = await model.complete({
    ...masked.request,
    onUsage: (usage) => {
      heard.usage = usage
      request.onUsage?.(usage)
    },
    ...(onText && {
      onText: (piece: string) => {
        // Placeholders may be split between pieces, so a masked answer is passed on as one.
        if (isMasked) return
        heard.text += piece
        onText(piece)
      },
    }),
  })
  const whole = masked.unmask(answer)
  if (isMasked && whole.text !== '') onText?.(whole.text)
  return whole
}

/** An answer that its provider withheld is none. */
function checked(answer: ChatAnswer, { providerName }: Route): ChatAnswer {
  if (answer.finish !== 'content_filter' || answer.text !== '') return answer
  throw new AppError('invalid', `${providerName} withheld the answer by its content filter: change the text or the provider.`, {
    reason: 'content_filter',
  })
}

/** Providers that do not count are estimated. */
const counted = ({ inputTokens, outputTokens, text }: ChatAnswer, need: Need): TokenUsage => ({
  inputTokens: inputTokens || need.inputTokens,
  outputTokens: outputTokens || estimateTokens(text),
})

/** A call that broke off was worked on, and is charged by most: what went in, and what came out until then. */
const spentOn = (thrown: unknown, heard: Heard, need: Need): TokenUsage =>
  heard.text !== '' || !(thrown instanceof AppError) || thrown.reason === 'timeout' || thrown.reason === 'stream_cut'
    ? { inputTokens: need.inputTokens, outputTokens: estimateTokens(heard.text) }
    : { inputTokens: 0, outputTokens: 0 }

function refused(request: ChatRequest, route: Route, refusal: AppError): Extract<Outcome, { kind: 'refused' }> {
  skip(request, route, refusal)
  return { kind: 'refused', refusal, hasSpoken: false }
}
