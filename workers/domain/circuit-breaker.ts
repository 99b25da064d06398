/** Failures in a row after which a provider is left alone. */
const MAX_FAILURES = 5
/** How long it is left alone at first; each further failure of the trial doubles it, up to the longest. */
const OPEN_MS = 10_000
const MAX_OPEN_MS = 5 * 60_000

/** What is known of one provider. Times are milliseconds of the clock that the caller gives. */
export type Breaker =
  | { kind: 'closed'; failures: number }
  /** `asked`: the provider itself named the time. */
  | { kind: 'open'; until: number; openMs: number; asked?: true }
  /** One call is on its way to see whether the provider is back; its outcome decides. After `until` another may try. */
  | { kind: 'trial'; until: number; openMs: number }

export const CLOSED: Breaker = { kind: 'closed', failures: 0 }
/** A trial whose outcome never came (the isolate's request was cancelled) does not block for longer. */
const TRIAL_MS = 60_000

/** Whether a call may be made now, and the state to keep if it is made. */
export function admit(
  breaker: Breaker,
  now: number,
): { admitted: true; next: Breaker } | { admitted: false; retryAfterMs: number; asked: boolean } {
  if (breaker.kind === 'closed') return { admitted: true, next: breaker }
  if (now < breaker.until)
    return { admitted: false, retryAfterMs: breaker.until - now, asked: breaker.kind === 'open' && breaker.asked === true }
  return { admitted: true, next: { kind: 'trial', until: now + TRIAL_MS, openMs: breaker.openMs } }
}

/** After an answer, or a refusal that shows that the provider works. */
export const succeeded = (): Breaker => CLOSED

/** After a failure of the provider. `retryAfterMs` is the wait that it asked for: it is then left alone at once. */
export function failed(breaker: Breaker, now: number, retryAfterMs?: number): Breaker {
  if (retryAfterMs !== undefined) return { kind: 'open', until: now + retryAfterMs, openMs: OPEN_MS, asked: true }
  if (breaker.kind !== 'closed') {
    const openMs = Math.min(MAX_OPEN_MS, breaker.kind === 'trial' ? 2 * breaker.openMs : breaker.openMs)
    return { kind: 'open', until: now + openMs, openMs }
  }
  const failures = breaker.failures + 1
  return failures < MAX_FAILURES ? { kind: 'closed', failures } : { kind: 'open', until: now + OPEN_MS, openMs: OPEN_MS }
}
