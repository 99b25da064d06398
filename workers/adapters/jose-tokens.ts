import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import * as z from 'zod'
import { ACCESS_TOKEN_MS, TICKET_MS } from '../domain/auth'
import { ROLES } from '../domain/tenants'
import type { Tokens } from '../domain/tokens'
import type { SigningKeySource } from './signing-keys'

/** A token of one audience is not accepted for another. */
const AUDIENCES = { access: 'steward', ticket: 'steward-ticket' } as const

const Claims = z.object({ sub: z.string(), ten: z.string(), role: z.enum(ROLES), kind: z.enum(['user', 'api_key']), exp: z.number() })
const TicketClaims = Claims.extend({ run: z.string() })

/**
 * ES256 JSON Web Tokens. Checked: signature with our key only, `alg`, `kid`, `iss`, `aud`, `exp`, `nbf` and the shape of the claims.
 * Not checked: whether the account still exists. So an access token works to its end, which is why it is short.
 */
export function createJoseTokens(key: SigningKeySource, issuer: string, clock: { now(): Date }): Tokens {
  const sign = async (audience: string, lifetimeMs: number, subject: string, claims: JWTPayload) => {
    const { kid, privateKey } = await key()
    const now = clock.now()
    const end = new Date(now.getTime() + lifetimeMs)
    const jwt = new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid, typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(subject)
    return { token: await jwt.setIssuedAt(now).setExpirationTime(end).sign(privateKey), expiresAt: end.toISOString() }
  }
  const verify = async <T extends z.ZodType>(token: string, audience: string, schema: T): Promise<z.output<T> | undefined> => {
    const known = await key()
    try {
      const { payload, protectedHeader } = await jwtVerify(token, known.publicKey, {
        algorithms: ['ES256'],
        issuer,
        audience,
        currentDate: clock.now(),
      })
      return protectedHeader.kid === known.kid ? schema.safeParse(payload).data : undefined
    } catch (thrown) {
      if (thrown instanceof errors.JOSEError) return undefined
      throw thrown
    }
  }
  return {
    issueAccess: ({ kind, id, tenantId, role }) => sign(AUDIENCES.access, ACCESS_TOKEN_MS, id, { kind, ten: tenantId, role }),
    verifyAccess: async (token) => {
      const claims = await verify(token, AUDIENCES.access, Claims)
      return claims && { principal: principalOf(claims), expiresAt: new Date(claims.exp * 1_000).toISOString() }
    },
    issueTicket: ({ principal: { kind, id, tenantId, role }, runId }) =>
      sign(AUDIENCES.ticket, TICKET_MS, id, { kind, ten: tenantId, role, run: runId }),
    verifyTicket: async (token) => {
      const claims = await verify(token, AUDIENCES.ticket, TicketClaims)
      return claims && { principal: principalOf(claims), runId: claims.run }
    },
    jwks: async () => ({ keys: [(await key()).publicJwk] }),
  }
}

const principalOf = ({ sub, ten, role, kind }: z.output<typeof Claims>) => ({ kind, id: sub, tenantId: ten, role })
