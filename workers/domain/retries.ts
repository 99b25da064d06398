import type { Refusal } from './error'
import type { RetryPolicy } from './workflows'

/**
 * Milliseconds to wait before the next attempt, or undefined when there is none: the policy's attempts are used up, or the code is
 * not worth another try. `attempt` is the number of the attempt that failed, from 1; `random` is in [0, 1).
 * `min(maxMs, initialMs · factor^(attempt-1))`, spread by ±jitter; never earlier than the other side asked (`retryAfterMs`).
 */
export function retryDelayMs(
  policy: RetryPolicy,
  attempt: number,
  error: Pick<Refusal, 'code' | 'retryAfterMs'>,
  random: number,
): number | undefined {
  if (attempt >= policy.maxAttempts || !policy.on.includes(error.code)) return undefined
  const planned = Math.min(policy.maxMs, policy.initialMs * policy.factor ** (attempt - 1))
  const spread = planned * (1 + policy.jitter * (2 * random - 1))
  return Math.round(Math.max(0, spread, error.retryAfterMs ?? 0))
}
