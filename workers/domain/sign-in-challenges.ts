/** What is waited for while somebody signs in or adds a passkey. */
export const CHALLENGE_KINDS = ['passkey_registration', 'passkey_sign_in', 'oidc_start', 'sign_in_code'] as const
export type ChallengeKind = (typeof CHALLENGE_KINDS)[number]

/** A value that went out and must come back once: only its hash is kept. */
export interface SignInChallenge {
  kind: ChallengeKind
  hash: string
  tenantId?: string
  userId?: string
  /** What the one who takes it needs to go on, as JSON; no secrets. */
  context?: string
  expiresAt: string
}

export interface SignInChallenges {
  put(challenge: SignInChallenge): Promise<void>
  /** Takes it in one statement, so that of two who come at once only one gets it. Undefined: unknown, taken, expired or of another kind. */
  take(kind: ChallengeKind, hash: string, at: string): Promise<SignInChallenge | undefined>
  /** Gives how many it removed. */
  deleteExpired(before: string): Promise<number>
}

/** Time to touch an authenticator, or to sign in at an identity provider. */
export const CHALLENGE_MS = { passkey_registration: 5 * 60_000, passkey_sign_in: 5 * 60_000, oidc_start: 10 * 60_000, sign_in_code: 60_000 }

/** Sign-ins that one address may begin in 15 minutes: each leaves a row, and a whole office shares an address. */
export const SIGN_IN_STARTS_PER_ADDRESS = 300
/** A sign-in so recent stands in for the password where an account is changed. */
export const RECENT_SIGN_IN_MS = 10 * 60_000
