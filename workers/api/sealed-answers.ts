import { createMiddleware } from 'hono/factory'
import { mayDo } from '../domain/auth'
import { readSealed } from '../domain/sealed-fields'
import type { ApiEnv } from './deps'

/** Where values of runs are shown. Other answers hold none, and files are given as they are. */
const PATHS = /^\/(?:api\/v1\/)?(?:runs|workflows|ai\/workflows|agents|approvals|reports|documents|evaluations|webhooks)(?:\/|$)/
const JSON_TYPE = /^application\/(?:problem\+)?json\b/i
/** Documents that are JSON files are not read through here. */
const DOWNLOADS = /\/documents\/[^/]+\/(?:content|file|original)$/

/**
 * Values that a schema marks as personal data: opened for who has `pii:read`, a mask for anybody else. Stands outside of everything
 * that stores answers, so that these are stored sealed.
 */
export const sealedAnswers = createMiddleware<ApiEnv>(async (c, next) => {
  await next()
  const principal = c.get('principal')
  const { res } = c
  if (principal === undefined || res.body === null || !PATHS.test(c.req.path) || DOWNLOADS.test(c.req.path)) return
  if (!JSON_TYPE.test(res.headers.get('Content-Type') ?? '')) return
  const text = await res.text()
  const shown = await readSealed(text, mayDo(principal, 'pii:read') ? c.get('ports').sealedFields : undefined)
  c.res = undefined
  c.res = new Response(shown, res)
  if (shown === text) return
  c.res.headers.delete('Content-Length')
  c.res.headers.set('Cache-Control', 'no-store')
})
