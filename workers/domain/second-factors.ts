/** One-time codes of an authenticator app (RFC 6238). */
export interface OneTimeCodes {
  /** A random secret in base32. */
  newSecret(): string
  /** What an authenticator app reads as a QR code. */
  uri(secret: string, account: string, issuer: string): string
  /** The time step whose code this is, around the time; undefined for a wrong code. */
  stepOf(secret: string, code: string, at: Date): number | undefined
}

export interface SecondFactor {
  secret: string
  /** Absent until a first code has proven that the app has the secret: until then nobody is asked for one. */
  confirmedAt?: string
}

export interface SecondFactors {
  /** Keeps a secret, in place of one that was never proven; false when a proven one is there. */
  begin(tenantId: string, userId: string, secret: string, at: string): Promise<boolean>
  find(tenantId: string, userId: string): Promise<SecondFactor | undefined>
  /** Takes a time step in one statement; false when it or a later one was taken: a code is good once. */
  takeStep(tenantId: string, userId: string, step: number): Promise<boolean>
  /** From now on a code is asked for. The hashes of recovery codes take the place of earlier ones. */
  confirm(tenantId: string, userId: string, recoveryHashes: string[], at: string): Promise<void>
  /** Takes a recovery code, once. */
  takeRecoveryCode(tenantId: string, userId: string, hash: string): Promise<boolean>
  /** False when there was none. */
  remove(tenantId: string, userId: string): Promise<boolean>
}
