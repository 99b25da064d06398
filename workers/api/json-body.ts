import { createMiddleware } from 'hono/factory'
import { AppError } from '../domain/error'
import { findJsonProblem } from '../domain/json-text'
import type { ApiEnv } from './deps'

/** As the validators see it: `application/json` and `application/…+json`, with or without parameters. */
export const isJsonType = (contentType: string | undefined): boolean => /^\s*application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType ?? '')

/** Whether a body came with the request; of an empty one the platform may give a stream all the same. */
export const hasBody = (request: Request): boolean => request.body !== null && request.headers.get('Content-Length') !== '0'

/**
 * Looks at the text of a JSON body before anything parses it. Refuses `invalid` (reason `json`, with line and column) for what
 * `findJsonProblem` finds and for bytes that are no UTF-8, and with 415 a charset other than UTF-8. Stand it behind the body limit,
 * and not before routes that stream their body.
 */
export const jsonBody = createMiddleware<ApiEnv>(async (c, next) => {
  const contentType = c.req.header('Content-Type')
  if (!hasBody(c.req.raw) || !isJsonType(contentType)) return await next()
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1]
  if (charset !== undefined && !/^utf-?8$/i.test(charset))
    throw new AppError('invalid', 'JSON comes as UTF-8 here; encode it so, and leave out the charset.', {
      reason: 'unsupported_media_type',
    })
  const text = decode(await c.req.arrayBuffer())
  const problem = text.trim() === '' ? undefined : findJsonProblem(text)
  if (problem !== undefined) {
    const place = `line ${problem.line}, column ${problem.column}`
    throw new AppError('invalid', `The JSON of the body cannot be taken: ${problem.message} (${place}).`, {
      reason: 'json',
      problems: [problem],
    })
  }
  await next()
})

function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch (cause) {
    throw new AppError('invalid', 'The body is not valid UTF-8; encode it anew.', { reason: 'json', cause })
  }
}
