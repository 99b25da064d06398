import { createMiddleware } from 'hono/factory'
import { type Permission, requirePermission } from '../domain/auth'
import { AppError } from '../domain/error'
import type { Principal } from '../domain/tenants'
import type { ApiDeps, ApiEnv } from './deps'

const API_KEY = /^stw_([A-Za-z0-9]{8})_([A-Za-z0-9]{32,64})$/
/** A hash that no key has, so that an unknown prefix takes the same work as a wrong secret. */
const NO_HASH = '0'.repeat(64)

/** Lets a request through to its tenant: sets `principal`, `ports` and `runs`. Refuses `unauthenticated` and `forbidden`. */
export const guard = (deps: ApiDeps, permission: Permission) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const principal = await authenticate(deps, c.req.header('Authorization'))
    if (principal === undefined)
      throw new AppError('unauthenticated', 'Send a valid access token or API key as Authorization: Bearer <token>.')
    requirePermission(principal, permission)
    c.set('principal', principal)
    c.set('ports', deps.portsFor(principal.tenantId))
    c.set('runs', deps.runs(principal.tenantId))
    await next()
  })

/** Who sent the header, or undefined. */
export async function authenticate(
  deps: Pick<ApiDeps, 'tokens' | 'identity' | 'credentials'>,
  header: string | undefined,
): Promise<Principal | undefined> {
  const token = bearerOf(header)
  if (token === undefined) return undefined
  if (!token.startsWith('stw_')) return (await deps.tokens.verifyAccess(token))?.principal
  const [, prefix, secret] = API_KEY.exec(token) ?? []
  if (prefix === undefined || secret === undefined) return undefined
  const key = await deps.identity.apiKeys.findByPrefix(prefix)
  const isRight = deps.credentials.matches(secret, key?.secretHash ?? NO_HASH)
  return key !== undefined && isRight ? { kind: 'api_key', id: key.id, tenantId: key.tenantId, role: key.role } : undefined
}

/** The token of an `Authorization: Bearer` header. */
export const bearerOf = (header: string | undefined): string | undefined => /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
