import { AppError } from '../domain/error'

/** A provider that names no time is asked again after this; its own limits are mostly per minute. */
const DEFAULT_RETRY_MS = 5_000
/** A time beyond this is a misconfigured clock or a spent quota, not a wait. */
const MAX_RETRY_MS = 24 * 60 * 60_000
const MAX_DETAIL_CHARACTERS = 300

/** An answer that is not 2xx, of whichever protocol. */
export interface FailedAnswer {
  status: number
  headers: Pick<Headers, 'get' | 'has'>
  body: string
}

/** How OpenAI, vLLM, llama.cpp, Groq, Anthropic, Google and Workers AI say that a prompt is longer than the model reads. */
const OVERFLOW =
  /context_length_exceeded|request_too_large|(maximum|available|model'?s?) context (length|size|window)|context (window|length|size) (is |was )?(exceeded|full|limit)|exceeds? (the )?(model'?s? |available |maximum )?context|(prompt|input|request|message)s? (is|are) too (long|large)|too many (input )?tokens|(exceeds?|over) the (maximum|max) (number of |allowed )?(input )?tokens|token count \(?\d*\)? ?exceeds|reduce the length of the (messages|prompt|input)|expected a string with maximum length/i

/** A refusal for an answer that is not 2xx. The provider's own words are quoted short, as they often say what to change. */
export const refusalOf = async (provider: string, response: Response, now: Date): Promise<AppError> =>
  refusalFrom(provider, { status: response.status, headers: response.headers, body: await response.text() }, now)

/** The refusal that fits status and body. */
export function refusalFrom(provider: string, { status, headers, body }: FailedAnswer, now: Date): AppError {
  const detail = detailOf(body)
  const said = detail === '' ? '' : ` It says: ${detail}`
  if (status === 413 || (status >= 400 && status < 500 && status !== 429 && OVERFLOW.test(body)))
    return new AppError('too_large', `The prompt is longer than the model of ${provider} reads: send less, or use a larger model.${said}`, {
      reason: 'context',
    })
  if (status === 429) {
    return new AppError('rate_limited', `${provider} takes no more requests for now: wait and try again.${said}`, {
      retryAfterMs: readRetryAfter(headers, now),
    })
  }
  if (status >= 500 || status === 408) {
    const wait = headers.has('retry-after') ? { retryAfterMs: readRetryAfter(headers, now) } : {}
    return new AppError('unavailable', `${provider} failed with status ${status}: try again.${said}`, wait)
  }
  if (status === 401 || status === 403)
    return new AppError('invalid', `${provider} does not accept the API key: check it in the configuration.${said}`, {
      reason: 'bad_credentials',
    })
  if (status === 404)
    return new AppError('invalid', `${provider} knows no such model or path: check both in the configuration.${said}`, {
      reason: 'unknown_model',
    })
  return new AppError('invalid', `${provider} refused the request with status ${status}.${said}`, { reason: 'refused' })
}

/** Milliseconds of `Retry-After`, which is seconds or a date (RFC 9110, 10.2.3). */
export function readRetryAfter(headers: Pick<Headers, 'get'>, now: Date): number {
  const value = headers.get('retry-after')?.trim() ?? ''
  const wait = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now.getTime()
  return Number.isNaN(wait) ? DEFAULT_RETRY_MS : Math.min(MAX_RETRY_MS, Math.max(0, Math.ceil(wait)))
}

const detailOf = (text: string): string => (messageIn(text) ?? text).replace(/\s+/g, ' ').trim().slice(0, MAX_DETAIL_CHARACTERS)

/** `error.message` (OpenAI, Anthropic, Google) or `error` (Ollama) of a JSON body. */
function messageIn(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: string | { message?: string } }
    return typeof error === 'string' ? error : error?.message
  } catch {
    // Not JSON: a proxy's page or plain text, which the caller quotes instead.
    return undefined
  }
}
