import { AppError } from '../domain/error'
import {
  inability,
  type Need,
  needOf,
  orderRoutes,
  purposeEntry,
  type Route,
  reservationMicroUsd,
  routesOf,
  shareOfDeadline,
} from '../domain/model-routing'
import type { ModelSettings, PurposeEntry } from '../domain/model-settings'
import type { Capacity, ChatAnswer, ChatModel, ChatRequest, Purpose } from '../domain/models'
import { estimateRequestTokens } from '../domain/token-estimate'
import { type AttemptDeps, attempt, maxOutputOf } from './routed-attempt'
import { reportStandIn, skip } from './routed-record'
import { settledRefusal } from './routed-refusals'

export interface RoutedModelDeps extends AttemptDeps {
  settings(): Promise<ModelSettings>
  /** Whether address and key of the route's provider are there. */
  isConfigured(route: Route): Promise<boolean>
}

const DEFAULT_PURPOSE: Purpose = 'default'

/**
 * Port ChatModel over the models that models.yaml lists for a purpose.
 *
 * 1. Models that cannot take the request (tools, JSON, images, length) are left out; the others are asked in the order of the
 *    strategy until one answers, each within its share of the deadline.
 * 2. Money is reserved before a call and settled after it, whatever becomes of it.
 * 3. Every try is told to the payer, also one that failed, was skipped, or came from the cache.
 * 4. A model whose JSON is malformed is asked once more, then the next one.
 * 5. An embedded answer in place of all of them is told too (`standIn`).
 * 6. What the caller has heard already is never followed by another model's words, unless it listens for `onRestart`.
 *
 * Throws what all tries come to: `over_budget`, `too_large`, `rate_limited` when all are, else the last refusal. With nothing
 * configured: `unavailable`, reason `not_configured`. The caller's abort is thrown as its reason.
 */
export function createRoutedModel(deps: RoutedModelDeps): ChatModel {
  return {
    complete: async (request) => new Routing(deps, request, await planOf(deps, request)).run(),
    capacity: (purpose) => capacityOf(deps, purpose),
    standIn: reportStandIn,
  }
}

interface Plan {
  settings: ModelSettings
  entry: PurposeEntry
  routes: Route[]
  need: Need
}

async function planOf(deps: RoutedModelDeps, request: ChatRequest): Promise<Plan> {
  const settings = await deps.settings()
  const purpose = request.purpose ?? DEFAULT_PURPOSE
  const entry = purposeEntry(settings, purpose)
  const configured = await configuredRoutes(deps, settings, purpose)
  if (entry === undefined || configured.length === 0)
    throw new AppError('unavailable', `No model is configured for '${purpose}'; PUT /api/v1/models sets one.`, { reason: 'not_configured' })
  const fresh = configured.filter((route) => !request.avoid?.includes(route.name))
  if (fresh.length === 0)
    throw new AppError('unavailable', `Every model of '${purpose}' has failed this question; ask another way.`, { reason: 'exhausted' })
  const need = needOf(request, estimateRequestTokens(request))
  const able = fresh.filter((route) => inability(route, need, deps.health.tokenRatio(route)) === undefined)
  if (able.length === 0) throw notAble(fresh, need)
  return { settings, entry, need, routes: orderRoutes(able, entry.strategy, need, (route) => deps.health.latencyMs(route)) }
}

function notAble(routes: Route[], need: Need): AppError {
  const isLength = routes.some((route) => inability(route, { ...need, inputTokens: 0 }) === undefined)
  return isLength
    ? new AppError('too_large', 'The prompt is longer than any of the models reads: send less, or configure a larger one.', {
        reason: 'context',
      })
    : new AppError('invalid', `None of the models can do ${need.can.join(', ')}: list one that can in models.yaml.`, { reason: 'not_able' })
}

async function configuredRoutes(deps: RoutedModelDeps, settings: ModelSettings, purpose: Purpose): Promise<Route[]> {
  const routes = routesOf(settings, purpose)
  const isThere = await Promise.all(routes.map((route) => deps.isConfigured(route)))
  return routes.filter((_, at) => isThere[at])
}

async function capacityOf(deps: RoutedModelDeps, purpose: Purpose): Promise<Capacity | undefined> {
  const routes = await configuredRoutes(deps, await deps.settings(), purpose)
  const widest = routes.toSorted((a, b) => b.model.context - a.model.context)[0]
  if (widest === undefined) return undefined
  // Calibrated by what the provider counted, so that parts of a long text fit its own tokens.
  const contextTokens = Math.floor(widest.model.context / Math.max(1, deps.health.tokenRatio(widest)))
  return { contextTokens, maxOutputTokens: widest.model.maxOutput }
}

const withRepair = (request: ChatRequest): ChatRequest => ({
  ...request,
  messages: [
    ...request.messages,
    { role: 'user', content: 'Your answer was not JSON. Answer again with one JSON value in the given schema and nothing else.' },
  ],
})

/** One request on its way through the routes. */
class Routing {
  private readonly refusals: AppError[] = []
  private readonly startedAt = Date.now()
  private queue: Route[]
  private isEconomising = false
  /** The route whose JSON was malformed, while it is asked once more. */
  private repaired: Route | undefined

  constructor(
    private readonly deps: RoutedModelDeps,
    private readonly request: ChatRequest,
    private readonly plan: Plan,
  ) {
    this.queue = [...plan.routes]
  }

  async run(): Promise<ChatAnswer> {
    for (let route = this.queue.shift(); route !== undefined; route = this.queue.shift()) {
      this.request.signal?.throwIfAborted()
      const leftMs = this.plan.entry.deadline - (Date.now() - this.startedAt)
      if (leftMs <= 0) break
      const answer = await this.attempt(route, shareOfDeadline(leftMs, this.queue.length + 1))
      if (answer !== undefined) return answer
    }
    throw settledRefusal(this.refusals, this.plan.entry.deadline)
  }

  /** The answer, or undefined when the next route is to be asked. */
  private async attempt(route: Route, timeoutMs: number): Promise<ChatAnswer | undefined> {
    const { deps, plan } = this
    const request = this.repaired === route ? withRepair(this.request) : this.request
    const outcome = await attempt(deps, {
      route,
      request,
      need: plan.need,
      timeoutMs,
      cache: plan.entry.cache,
      maskPii: plan.settings.maskPii,
      mayDefer: (amount) => this.defer(route, amount),
    })
    if (outcome.kind === 'answered') return outcome.answer
    if (outcome.kind === 'deferred') return undefined
    if (outcome.refusal.reason === 'malformed_json' && this.repaired !== route) {
      this.repaired = route
      this.queue.unshift(route)
    } else this.refusals.push(outcome.refusal)
    if (outcome.refusal.code === 'over_budget') this.keepCheaper(route)
    if (outcome.refusal.code === 'too_large') this.queue = this.queue.filter((other) => other.model.context > route.model.context)
    if (outcome.hasSpoken && this.queue.length > 0) {
      if (!request.onRestart) throw outcome.refusal
      request.onRestart()
    }
    return undefined
  }

  /** When money runs short, once: the cheaper ones go first, and this one is asked after them. */
  private defer(route: Route, amountMicroUsd: number): boolean {
    if (this.isEconomising) return false
    this.isEconomising = true
    const cheaper = this.queue.filter((other) => this.priceOf(other) < amountMicroUsd)
    if (cheaper.length === 0) return false
    const ordered = orderRoutes(cheaper, 'cheapest', this.plan.need, () => undefined)
    this.queue = [...ordered, route, ...this.queue.filter((other) => !cheaper.includes(other))]
    return true
  }

  private keepCheaper(route: Route): void {
    const limit = this.priceOf(route)
    for (const other of this.queue)
      if (this.priceOf(other) >= limit)
        skip(this.request, other, new AppError('over_budget', 'It costs no less than one that the budget refused.'))
    this.queue = this.queue.filter((other) => this.priceOf(other) < limit)
  }

  private readonly priceOf = (route: Route): number =>
    reservationMicroUsd(route, this.plan.need, maxOutputOf(route, this.request, this.plan.need), this.deps.health.tokenRatio(route))
}
