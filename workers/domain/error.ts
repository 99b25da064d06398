/** The closed set of refusals. Each door maps them once to its own wire with `satisfies Record<ErrorCode, …>`. */
export const ERROR_CODES = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'too_large',
  'rate_limited',
  'over_budget',
  'unavailable',
  'internal',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** One place in a request or file that is wrong, and what to write instead. */
export interface Problem {
  /** JSON path of the field (`steps[2].retry.maxAttempts`), or '' for the whole. */
  path: string
  message: string
  /** The text file that it is about, by its name; and the place in it, from 1. */
  file?: string
  line?: number
  column?: number
}

/** What survives transport: plain data, safe to show to the caller, never internals. */
export interface Refusal {
  code: ErrorCode
  message: string
  problems?: Problem[]
  /** Earliest time at which trying again makes sense, milliseconds from now. */
  retryAfterMs?: number
  /** A closed word for programs where `code` is too coarse, e.g. `encrypted`, `corrupt`, `unsupported_type`. */
  reason?: string
}

/** An expected refusal. The message is one sentence for the caller: what is wrong and what to do. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly problems: Problem[] | undefined
  readonly retryAfterMs: number | undefined
  readonly reason: string | undefined

  constructor(code: ErrorCode, message: string, details: Omit<Refusal, 'code' | 'message'> & { cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'AppError'
    this.code = code
    this.problems = details.problems
    this.retryAfterMs = details.retryAfterMs
    this.reason = details.reason
  }
}

/** What crosses a Durable Object or service boundary: a refusal is a value there, because a thrown class is lost. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: Refusal }

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })
export const refuse = <T = never>(code: ErrorCode, message: string, details: Omit<Refusal, 'code' | 'message'> = {}): Result<T> => ({
  ok: false,
  error: { code, message, ...details },
})

/** The value of a result, or its refusal thrown as an AppError on this side of the boundary. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value
  const { code, message, ...details } = result.error
  throw new AppError(code, message, details)
}

/** A refusal to report for anything thrown. Unknown errors become `internal` with a sentence that holds no internals. */
export function toRefusal(thrown: unknown): Refusal {
  if (!(thrown instanceof AppError))
    return { code: 'internal', message: 'Something failed on our side. The run log holds the request id; try again or report it.' }
  return {
    code: thrown.code,
    message: thrown.message,
    ...(thrown.problems && { problems: thrown.problems }),
    ...(thrown.retryAfterMs !== undefined && { retryAfterMs: thrown.retryAfterMs }),
    ...(thrown.reason !== undefined && { reason: thrown.reason }),
  }
}
