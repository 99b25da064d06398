import { AppError } from '../domain/error'

/** A provider that names no time is asked again after this; its own limits are mostly per minute. */
const DEFAULT_RETRY_MS = 5_000
/** A time beyond this is a misconfigured clock or a spent quota, not a wait. */
const MAX_RETRY_MS = 24 * 60 * 60_000
const MAX_DETAIL_CHARACTERS = 300

/** A refusal for an answer that is not 2xx. The provider's own words are quoted short, as they often say what to change. */
export async function refusalOf(provider: string, response: Response, now: Date): Promise<AppError> {
  const { status } = response
  const detail = await readDetail(response)
  const said = detail === '' ? '' : ` It says: ${detail}`
  if (status === 429) {
    return new AppError('rate_limited', `${provider} takes no more requests for now: wait and try again.${said}`, {
      retryAfterMs: readRetryAfter(response.headers, now),
    })
  }
  if (status >= 500 || status === 408) {
    const wait = response.headers.has('retry-after') ? { retryAfterMs: readRetryAfter(response.headers, now) } : {}
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
export function readRetryAfter(headers: Headers, now: Date): number {
  const value = headers.get('retry-after')?.trim() ?? ''
  const wait = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now.getTime()
  return Number.isNaN(wait) ? DEFAULT_RETRY_MS : Math.min(MAX_RETRY_MS, Math.max(0, Math.ceil(wait)))
}

async function readDetail(response: Response): Promise<string> {
  const text = await response.text()
  const detail = messageIn(text) ?? text
  return detail.replace(/\s+/g, ' ').trim().slice(0, MAX_DETAIL_CHARACTERS)
}

/** `error.message` (OpenAI) or `error` (Ollama) of a JSON body. */
function messageIn(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: string | { message?: string } }
    return typeof error === 'string' ? error : error?.message
  } catch {
    // Not JSON: a proxy's page or plain text, which the caller quotes instead.
    return undefined
  }
}
