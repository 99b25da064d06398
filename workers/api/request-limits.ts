import { createMiddleware } from 'hono/factory'
import { AppError } from '../domain/error'
import type { ApiEnv } from './deps'

/** Far above what the API's own clients send; a platform in front may allow less. */
export const REQUEST_LIMITS = {
  /** Address with its query. */
  urlCharacters: 8_192,
  queryParameters: 100,
  headers: 100,
  /** Names and values of all. */
  headerCharacters: 32_768,
} as const

/** Refuses an address that is too long (414), headers that are too many or too large (431) and queries with too many parameters (400). */
export const requestLimits = createMiddleware<ApiEnv>(async (c, next) => {
  const { url, headers } = c.req.raw
  if (url.length > REQUEST_LIMITS.urlCharacters)
    throw new AppError('invalid', `The address is longer than ${REQUEST_LIMITS.urlCharacters} characters; shorten the query.`, {
      reason: 'uri_too_long',
    })
  const parameters = url.includes('?') ? url.slice(url.indexOf('?')).split('&').length : 0
  if (parameters > REQUEST_LIMITS.queryParameters)
    throw new AppError('invalid', `The query has more than ${REQUEST_LIMITS.queryParameters} parameters; leave some out.`, {
      reason: 'too_many_parameters',
    })
  let [count, characters] = [0, 0]
  for (const [name, value] of headers) {
    count += 1
    characters += name.length + value.length
  }
  if (count > REQUEST_LIMITS.headers || characters > REQUEST_LIMITS.headerCharacters)
    throw new AppError('invalid', 'The request has too many or too large headers; send fewer.', { reason: 'headers_too_large' })
  await next()
})
