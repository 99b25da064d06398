import type { Context, Hono } from 'hono'
import { AppError } from '../domain/error'
import type { ApiDeps, ApiEnv } from './deps'
import { answerRefusal } from './errors'

/** Paths that are the API's: an unknown one among them is a mistake, and never the dashboard. */
const API_PATH =
  /^\/(?:api|ws|auth|\.well-known)(?:\/|$)|^\/agents\/(?:status$|[^/]+\/trigger$)|^\/workflows\/(?:execute$|[^/]+\/(?:status|logs)$)/

/** Answers what no route took: 405 where another method would do, 404 in the API and for a slash too many, else the dashboard. */
export function answerUnmatched(deps: ApiDeps, routes: Hono<ApiEnv>['routes']): (c: Context<ApiEnv>) => Response | Promise<Response> {
  const known = routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => ({ method, pattern: patternOf(path) }))
  return (c) => {
    const { path, method } = c.req
    const bare = withoutSlashesAtTheEnd(path)
    if (bare !== path && known.some(({ pattern }) => pattern.test(bare)))
      return answerRefusal(c, { code: 'not_found', message: `There is no such route; leave out the slash at the end: ${bare}` })
    const allowed = [...new Set(known.filter(({ pattern }) => pattern.test(path)).map((route) => route.method))].sort()
    if (allowed.length > 0) {
      const message = `${method} does not apply here; use ${allowed.join(' or ')}.`
      return answerRefusal(c, { code: 'invalid', message, reason: 'method_not_allowed' }, { Allow: allowed.join(', ') })
    }
    if (API_PATH.test(path))
      return answerRefusal(c, { code: 'not_found', message: 'There is no such route; see /api/v1/docs for those that there are.' })
    if (method !== 'GET' && method !== 'HEAD') throw new AppError('not_found', 'There is no such route; the API is below /api/v1.')
    return deps.assets(c.req.raw)
  }
}

/** Not by a pattern: `/\/+$/` looks from every slash of a row to its end, and anybody may send thousands. */
function withoutSlashesAtTheEnd(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z]+/g, '[^/]+')}$`)
