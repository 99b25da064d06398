import { AppError } from '../domain/error'

/** What several refusals come to for the caller. */
export function settledRefusal(refusals: AppError[], deadlineMs: number): AppError {
  const last = refusals.at(-1)
  if (last === undefined)
    return new AppError('unavailable', `No model answered within ${deadlineMs} ms: try again or allow more time.`, { reason: 'timeout' })
  const budget = refusals.find(({ code }) => code === 'over_budget')
  if (budget) return budget
  if (refusals.every(({ code }) => code === 'too_large')) return last
  const waits = refusals.flatMap(({ retryAfterMs }) => (retryAfterMs === undefined ? [] : [retryAfterMs]))
  if (
    refusals.every(({ code, reason }) => code === 'rate_limited' || reason === 'circuit_open' || reason === 'asked_to_pause') &&
    waits.length > 0
  ) {
    const code = refusals.some((refusal) => refusal.code === 'rate_limited') ? 'rate_limited' : 'unavailable'
    return new AppError(code, 'No model takes a request at the moment: wait and try again.', {
      retryAfterMs: Math.min(...waits),
      reason: 'busy',
    })
  }
  // `malformed_json` would make the caller ask for a repair that was made already.
  if (refusals.length === 1 && last.reason !== 'malformed_json') return last
  const said = refusals.map(({ message }) => message).join(' ')
  return new AppError(
    last.code === 'invalid' ? 'invalid' : 'unavailable',
    `None of ${refusals.length} models answered. ${said}`.slice(0, 1_500),
    {
      reason: 'exhausted',
      cause: last,
    },
  )
}
