import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import * as z from 'zod'
import { ACCESS_TOKEN_MS, TICKET_MS } from '../domain/auth'
import { AppError } from '../domain/error'
import type { Principal } from '../domain/tenants'
import type { Tokens } from '../domain/tokens'
import type { SigningKeys } from './signing-keys'

/** A token of one audience is not accepted for another. */
const AUDIENCES = { access: 'steward', ticket: 'steward-ticket' } as const

const Claims = z.object({
  sub: z.string(),
  ten: z.string(),
  role: z.string(),
  kind: z.enum(['user', 'api_key']),
  sid: z.string().optional(),
  exp: z.number(),
})
const TicketClaims = Claims.extend({ run: z.string() })

/**
 * ES256 JSON Web Tokens. Checked: signature with the key of ours that `kid` names, `alg`, `kid`, `iss`, `aud`, `exp`, `nbf` and the shape of the claims.
 * Not checked: whether the account and the sign-in still exist; who lets a request through looks them up.
 */
export function createJoseTokens(keys: SigningKeys, issuer: string, clock: { now(): Date }): Tokens {
  const sign = async (audience: string, lifetimeMs: number, subject: string, claims: JWTPayload) => {
    const { kid, privateKey } = await keys.signer()
    const now = clock.now()
    const end = new Date(now.getTime() + lifetimeMs)
    const jwt = new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid, typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(subject)
    return { token: await jwt.setIssuedAt(now).setExpirationTime(end).sign(privateKey), expiresAt: end.toISOString() }
  }
  const keyOf = async ({ kid }: { kid?: string }) => {
    const key = await keys.find(kid ?? '')
    if (key === undefined) throw new errors.JWKSNoMatchingKey()
    return key.publicKey
  }
  const verify = async <T extends z.ZodType>(token: string, audience: string, schema: T): Promise<z.output<T> | undefined> => {
    try {
      const checks = { algorithms: ['ES256'], issuer, audience, currentDate: clock.now() }
      return schema.safeParse((await jwtVerify(token, keyOf, checks)).payload).data
    } catch (thrown) {
      // Time is checked after signature, issuer and audience, so only a token that was ours comes here.
      if (thrown instanceof errors.JWTExpired && audience === AUDIENCES.access) throw expired(thrown)
      if (thrown instanceof errors.JOSEError) return undefined
      throw thrown
    }
  }
  return {
    issueAccess: (principal) => sign(AUDIENCES.access, ACCESS_TOKEN_MS, principal.id, claimsOf(principal)),
    verifyAccess: async (token) => {
      const claims = await verify(token, AUDIENCES.access, Claims)
      return claims && { principal: principalOf(claims), expiresAt: new Date(claims.exp * 1_000).toISOString() }
    },
    issueTicket: ({ principal, runId }) => sign(AUDIENCES.ticket, TICKET_MS, principal.id, { ...claimsOf(principal), run: runId }),
    verifyTicket: async (token) => {
      const claims = await verify(token, AUDIENCES.ticket, TicketClaims)
      // It was given to one who may watch the run, and opens nothing else.
      return claims && { principal: { ...principalOf(claims), permissions: ['runs:read'] }, runId: claims.run }
    },
    jwks: async () => ({ keys: (await keys.published()).map((key) => key.publicJwk) }),
  }
}

const claimsOf = ({ kind, tenantId, role, sessionId }: Principal): JWTPayload => ({
  kind,
  ten: tenantId,
  role,
  ...(sessionId !== undefined && { sid: sessionId }),
})

const principalOf = ({ sub, ten, role, kind, sid }: z.output<typeof Claims>): Principal => ({
  kind,
  id: sub,
  tenantId: ten,
  role,
  ...(sid !== undefined && { sessionId: sid }),
})

const expired = (cause: unknown) =>
  new AppError('unauthenticated', 'The token has expired; send the refresh token to POST /api/v1/auth/refresh for a new one.', {
    reason: 'token_expired',
    cause,
  })
