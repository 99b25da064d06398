import { AppError } from '../domain/error'
import { refusalFrom } from './openai-errors'

/** HTTP status of each internal code, as Cloudflare documents them. The binding throws an Error whose message begins with the code. */
const STATUS_OF_CODE: Record<string, number> = {
  5007: 404,
  5004: 400,
  5006: 400,
  3039: 400,
  3003: 400,
  5018: 403,
  5016: 403,
  3023: 403,
  3041: 403,
  5019: 405,
  5005: 405,
  3042: 404,
  3006: 413,
  3007: 408,
  3008: 408,
  3036: 429,
  3040: 429,
}
/** The free allocation of a day is used up; tomorrow there is more, and asking earlier is in vain. */
const DAILY_ALLOCATION = '3036'
const DAY_MS = 86_400_000

/** The refusal for what `env.AI.run` threw; undefined for what is no error of Workers AI. */
export function refusalOfRun(provider: string, thrown: unknown, now: Date): AppError | undefined {
  if (!(thrown instanceof Error) || thrown instanceof AppError) return undefined
  const code = /\b([35]\d{3})\s*:/.exec(thrown.message)?.[1]
  if (code === undefined) return undefined
  if (code === DAILY_ALLOCATION)
    return new AppError('rate_limited', `${provider} has used up its allocation of the day: wait, or change the plan of the account.`, {
      retryAfterMs: DAY_MS - (now.getTime() % DAY_MS),
      cause: thrown,
    })
  return refusalFrom(provider, { status: STATUS_OF_CODE[code] ?? 500, headers: new Headers(), body: thrown.message }, now)
}
