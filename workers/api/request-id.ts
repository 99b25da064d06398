import { createMiddleware } from 'hono/factory'
import { setHeaders } from './answer-headers'
import type { ApiDeps, ApiEnv } from './deps'

/** What a proxy before us may have chosen: nothing that could break a log line or a header. */
const ACCEPTABLE = /^[\w.:-]{8,100}$/

/** Every answer carries `X-Request-Id`, the caller's own if it is well-formed. */
export const requestId = (deps: Pick<ApiDeps, 'newId'>) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const given = c.req.header('X-Request-Id')
    const id = given !== undefined && ACCEPTABLE.test(given) ? given : deps.newId('request')
    c.set('requestId', id)
    await next()
    // An upgrade must be passed on as the very object it is.
    if (c.res.status === 101) return
    setHeaders(c, { 'X-Request-Id': id })
  })
