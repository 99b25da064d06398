import { createMiddleware } from 'hono/factory'
import { uniqueSymbol } from 'hono-openapi'
import { type Caller, mayDo, type Permission, requirePermission } from '../domain/auth'
import { AppError } from '../domain/error'
import { scopedPermissions } from '../domain/roles'
import { behind } from '../domain/run-origins'
import type { Principal } from '../domain/tenants'
import { audited, noteRefusal, runOriginOf, startedFrom } from './audit-acts'
import { assertOrigin } from './cors'
import type { ApiDeps, ApiEnv } from './deps'
import { once, takesKey } from './idempotent'
import { countRequest } from './rate-limit'

const API_KEY = /^stw_([A-Za-z0-9]{8})_([A-Za-z0-9]{32,64})$/
/** A hash that no key has, so that an unknown prefix takes the same work as a wrong secret. */
const NO_HASH = '0'.repeat(64)

/**
 * Lets a request through to its tenant: sets `principal`, `ports` and `runs`, and does a POST once for its `Idempotency-Key`. Refuses
 * `unauthenticated`, `forbidden` and what `once` refuses. A sign-out
 * (`isSignOut`) is everybody's, whatever their sign-in lacks.
 */
export const guard = (deps: ApiDeps, permission: Permission, { isSignOut = false }: { isSignOut?: boolean } = {}) => {
  const middleware = createMiddleware<ApiEnv>(async (c, next) => {
    const principal = await authenticate(deps, c.req.header('Authorization'))
    if (principal === undefined)
      throw new AppError('unauthenticated', 'Send a valid access token or API key as Authorization: Bearer <token>.')
    if (deps.rateLimits !== undefined) await countRequest(c, deps.rateLimits, principal, permission)
    if (!isSignOut && !mayDo(principal, permission)) {
      noteRefusal(deps, c, principal, permission)
      requirePermission(principal, permission)
    }
    c.set('principal', principal)
    c.set('ports', deps.portsFor(principal.tenantId))
    c.set('runs', startedFrom(deps.runs(principal.tenantId), runOriginOf(c, principal)))
    await assertOrigin(c)
    const work = () => audited(deps, c, permission, next)
    await (takesKey(c.req, permission) ? once(deps, c, permission, work) : work())
  })
  return Object.assign(middleware, ruleOf(permission))
}

/** For a route that finds its caller in another way than `guard` does: states the permission that it asks for in the API's description. */
export const asks = (permission: Permission) =>
  Object.assign(
    createMiddleware<ApiEnv>(async (_, next) => {
      await next()
    }),
    ruleOf(permission),
  )

/** Puts the permission into the operation of the OpenAPI document, where the permission matrix is tested from. */
const ruleOf = (permission: Permission) => ({ [uniqueSymbol]: { spec: { 'x-permission': permission } } })

/** Who sent the header, or undefined. A token counts for as long as its sign-in and its account do. */
export async function authenticate(
  deps: Pick<ApiDeps, 'tokens' | 'identity' | 'credentials' | 'clock' | 'noteKeyUse'>,
  header: string | undefined,
): Promise<Caller | undefined> {
  const token = bearerOf(header)
  if (token === undefined) return undefined
  if (!token.startsWith('stw_')) return await standingOf(deps, (await deps.tokens.verifyAccess(token))?.principal)
  const [, prefix, secret] = API_KEY.exec(token) ?? []
  if (prefix === undefined || secret === undefined) return undefined
  const key = await deps.identity.apiKeys.findByPrefix(prefix)
  const isRight = deps.credentials.matches(secret, key?.secretHash ?? NO_HASH)
  if (key === undefined || !isRight || (key.expiresAt !== undefined && key.expiresAt <= deps.clock.now().toISOString())) return undefined
  deps.noteKeyUse?.(key.id)
  const permissions = scopedPermissions(key.role, key.rolePermissions, key.scopes)
  return { kind: 'api_key', id: key.id, tenantId: key.tenantId, role: key.role, ...(permissions && { permissions }), ...behind(key) }
}

/** The person as the account stands now: the role in the token is that of an hour ago. */
async function standingOf({ identity }: Pick<ApiDeps, 'identity'>, person: Principal | undefined): Promise<Caller | undefined> {
  if (person?.sessionId === undefined) return undefined
  const standing = await identity.findStanding(person.tenantId, person.id, person.sessionId)
  return standing && { ...person, ...standing }
}

/** The token of an `Authorization: Bearer` header. */
export const bearerOf = (header: string | undefined): string | undefined => /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
