import type { Principal } from './tenants'

/** Permission to watch one run, for a browser's WebSocket, which cannot send an `Authorization` header. */
export interface Ticket {
  principal: Principal
  runId: string
}

/** Public half of a signing key, as JWKS publishes it. */
export interface PublicJwk {
  kty: string
  kid: string
  alg: string
  use: string
  crv?: string
  x?: string
  y?: string
}

/** Signed short-lived tokens. Verification proves signature, issuer, audience and time; it does not ask whether the user still exists. */
export interface Tokens {
  issueAccess(principal: Principal): Promise<{ token: string; expiresAt: string }>
  /**
   * Undefined for anything that is not an access token of ours. One that is of ours but too old is refused `unauthenticated` with
   * reason `token_expired` and the way to renew it.
   */
  verifyAccess(token: string): Promise<{ principal: Principal; expiresAt: string } | undefined>
  issueTicket(ticket: Ticket): Promise<{ token: string; expiresAt: string }>
  verifyTicket(token: string): Promise<Ticket | undefined>
  jwks(): Promise<{ keys: PublicJwk[] }>
}
