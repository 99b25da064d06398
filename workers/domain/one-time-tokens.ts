/** What a token that went out by mail lets its holder do. */
export const TOKEN_PURPOSES = ['invitation', 'password_reset', 'email_verification'] as const
export type TokenPurpose = (typeof TOKEN_PURPOSES)[number]

/** Long enough to find time for it. */
export const INVITATION_MS = 7 * 86_400_000
/** Short, because whoever reads the mail can take the account. */
export const ACCOUNT_TOKEN_MS = 30 * 60_000

/** A token that went out by mail: only its hash is kept. An invitation names a role, the others a user. */
export interface OneTimeToken {
  id: string
  tenantId: string
  purpose: TokenPurpose
  tokenHash: string
  email: string
  userId?: string
  role?: string
  createdBy?: string
  createdAt: string
  expiresAt: string
}

export interface OneTimeTokens {
  /** Enters a token; earlier ones of the same purpose for the same address become void. */
  insert(token: OneTimeToken): Promise<void>
  /** A token that could be taken. */
  find(purpose: TokenPurpose, tokenHash: string, at: string): Promise<OneTimeToken | undefined>
  /** Takes a token in one statement, so that of two who come at once only one gets it. Undefined: unknown, used, void or expired. */
  take(purpose: TokenPurpose, tokenHash: string, at: string): Promise<OneTimeToken | undefined>
  /** Those that can still be taken, the newest first. */
  list(tenantId: string, purpose: TokenPurpose, at: string): Promise<Omit<OneTimeToken, 'tokenHash'>[]>
  /** Makes a token void; false when the tenant has no such open one. */
  revoke(tenantId: string, purpose: TokenPurpose, id: string, at: string): Promise<boolean>
  deleteExpired(before: string): Promise<number>
}
