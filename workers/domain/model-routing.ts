import type { Capability, ModelEntry, ModelSettings, ProviderSettings, PurposeEntry, Strategy } from './model-settings'
import type { ChatRequest, Purpose, TokenUsage } from './models'

/** A model that a purpose may use, with its provider. */
export interface Route {
  /** Its name in models.yaml. */
  name: string
  model: ModelEntry
  providerName: string
  provider: ProviderSettings
}

/** What a request asks of a model. */
export interface Need {
  can: Capability[]
  inputTokens: number
  outputTokens: number
}

/** A prompt is thought this much longer than estimated before a model is trusted with it. */
const CONTEXT_MARGIN = 1.1
/** A reservation covers this much more input than estimated, so that a script that was estimated badly does not overshoot a ceiling. */
const RESERVATION_MARGIN = 1.5
const PER_MILLION = 1_000_000

/** The entry of a purpose, or of `default`. */
export const purposeEntry = (settings: ModelSettings, purpose: Purpose): PurposeEntry | undefined =>
  settings.purposes[purpose] ?? settings.purposes.default

/** The routes of a purpose in the order of models.yaml. */
export function routesOf(settings: ModelSettings, purpose: Purpose): Route[] {
  return (purposeEntry(settings, purpose)?.use ?? []).flatMap((name) => {
    const route = routeNamed(settings, name)
    return route === undefined ? [] : [route]
  })
}

export function routeNamed(settings: ModelSettings, name: string): Route | undefined {
  const model = settings.models[name]
  const provider = model && settings.providers[model.provider]
  return model && provider && { name, model, providerName: model.provider, provider }
}

export function needOf(request: ChatRequest, inputTokens: number): Need {
  const can: Capability[] = [
    ...(request.tools && request.tools.length > 0 ? (['tools'] as const) : []),
    ...(request.jsonSchema ? (['json'] as const) : []),
    ...(request.messages.some((message) => (message.images?.length ?? 0) > 0) ? (['images'] as const) : []),
  ]
  return { can, inputTokens, outputTokens: request.maxOutputTokens ?? 0 }
}

export type Inability = 'capability' | 'context'

/** Why a model cannot take a request; undefined when it can. `ratio` is tokens counted by the provider to tokens estimated. */
export function inability({ model }: Route, need: Need, ratio = 1): Inability | undefined {
  if (need.can.some((capability) => !model.can.includes(capability))) return 'capability'
  const output = Math.min(model.maxOutput, need.outputTokens || model.maxOutput)
  return need.inputTokens * ratio * CONTEXT_MARGIN + Math.min(output, model.context / 2) > model.context ? 'context' : undefined
}

/** What a route has shown: milliseconds of its answers, averaged; undefined until it has answered. */
export type Latency = (route: Route) => number | undefined

/** Routes in the order in which they are tried. Equal ones keep the order of models.yaml. */
export function orderRoutes(routes: Route[], strategy: Strategy, need: Need, latency: Latency): Route[] {
  // A route that was never tried counts as fast, or it would never be measured.
  const rank = {
    fixed: () => 0,
    cheapest: (route: Route) =>
      costMicroUsd(route.model, { inputTokens: need.inputTokens, outputTokens: need.outputTokens || route.model.maxOutput }),
    fastest: (route: Route) => latency(route) ?? 0,
  } satisfies Record<Strategy, (route: Route) => number>
  return routes
    .map((route) => ({ route, rank: rank[strategy](route) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ route }) => route)
}

/** Integer micro-dollars, rounded up. */
export const costMicroUsd = ({ price }: Pick<ModelEntry, 'price'>, { inputTokens, outputTokens }: TokenUsage): number =>
  Math.ceil((inputTokens * price.input + outputTokens * price.output) / PER_MILLION)

/**
 * The most that a call may come to: what is reserved before it is made. The output is bounded, because the request says how much may be
 * written; the input is estimated, with a margin, and with what the provider was seen to count for one estimated token (`ratio`).
 */
export const reservationMicroUsd = (route: Route, need: Need, maxOutputTokens: number, ratio = 1): number =>
  costMicroUsd(route.model, {
    inputTokens: Math.ceil(need.inputTokens * RESERVATION_MARGIN * Math.max(1, ratio)),
    outputTokens: maxOutputTokens,
  })

/** Time for one try: what is left, shared with the routes that could still be asked, so that one that hangs leaves time for the next. */
export const shareOfDeadline = (leftMs: number, routesLeft: number): number => Math.max(1, Math.floor(leftMs / Math.max(1, routesLeft)))
