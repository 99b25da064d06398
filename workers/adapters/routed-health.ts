import { admit, type Breaker, CLOSED, failed, succeeded } from '../domain/circuit-breaker'
import { AppError } from '../domain/error'
import type { Route } from '../domain/model-routing'

/** Weight of the newest observation in a running average. */
const NEWEST = 0.3
/** Estimates are for scripts in general; one request off by more than this is about its content. */
const MIN_RATIO = 0.5
const MAX_RATIO = 3

/** What is known of one tenant's providers and models. */
export interface Health {
  /** Undefined when the provider may be called; else the refusal that stands for it. */
  refusal(route: Route, now: number): AppError | undefined
  /** A call begins: of a provider that was left alone, it is the trial. */
  begin(route: Route, now: number): void
  succeeded(route: Route, latencyMs: number): void
  failed(route: Route, error: unknown, now: number): void
  latencyMs(route: Route): number | undefined
  /** Tokens that the provider counted for one estimated. */
  tokenRatio(route: Route): number
  observeTokens(route: Route, counted: number, estimated: number): void
  breaker(providerName: string): Breaker
}

/** Health in memory: shared by the requests of an isolate, learned anew by the next one. */
export function createHealth(): Health {
  const breakers = new Map<string, Breaker>()
  const latencies = new Map<string, number>()
  const ratios = new Map<string, number>()
  const breaker = (name: string) => breakers.get(name) ?? CLOSED
  return {
    breaker,
    refusal(route, now) {
      const admission = admit(breaker(route.providerName), now)
      if (admission.admitted) return undefined
      return leftAlone(route.providerName, admission, now)
    },
    begin(route, now) {
      const admission = admit(breaker(route.providerName), now)
      if (admission.admitted) breakers.set(route.providerName, admission.next)
    },
    succeeded(route, latencyMs) {
      breakers.set(route.providerName, succeeded())
      latencies.set(route.name, average(latencies.get(route.name), latencyMs))
    },
    failed(route, error, now) {
      const next = afterFailure(breaker(route.providerName), error, now)
      breakers.set(route.providerName, next)
    },
    latencyMs: (route) => latencies.get(route.name),
    tokenRatio: (route) => ratios.get(route.name) ?? 1,
    observeTokens(route, counted, estimated) {
      if (counted === 0 || estimated === 0) return
      const ratio = Math.min(MAX_RATIO, Math.max(MIN_RATIO, counted / estimated))
      ratios.set(route.name, average(ratios.get(route.name), ratio))
    },
  }
}

/** Why a provider is not called: it failed in a row, or asked for a pause itself. */
function leftAlone(provider: string, { retryAfterMs, asked }: { retryAfterMs: number; asked: boolean }, now: number): AppError {
  const until = new Date(now + retryAfterMs).toISOString()
  return asked
    ? new AppError('unavailable', `${provider} asked to pause until ${until}: try again then.`, { reason: 'asked_to_pause', retryAfterMs })
    : new AppError('unavailable', `${provider} failed several times and is left alone until ${until}: try again then.`, {
        reason: 'circuit_open',
        retryAfterMs,
      })
}

const average = (before: number | undefined, newest: number): number =>
  before === undefined ? newest : before + NEWEST * (newest - before)

/** A refusal of one request says that the provider works; a key that it does not take fails every request. */
function afterFailure(breaker: Breaker, error: unknown, now: number): Breaker {
  if (!(error instanceof AppError)) return breaker
  if (error.code === 'rate_limited') return failed(breaker, now, error.retryAfterMs)
  return error.code === 'unavailable' || error.reason === 'bad_credentials' ? failed(breaker, now) : succeeded()
}
