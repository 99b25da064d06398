/** An answer kept for the repetition of a request. */
export interface StoredAnswer {
  status: number
  mediaType: string
  body: string
}

export interface IdempotencyClaim {
  key: string
  /** Hash of what was asked: the same key for another request is a mistake of the caller. */
  fingerprint: string
  at: string
  expiresAt: string
  /** A claim without an answer made before this is of a process that died: it is taken over. */
  abandonedBefore: string
}

/** `mine`: do it, then `finish` or `release`; `busy`: another request with this key is under way. */
export type ClaimOutcome = { kind: 'mine' } | { kind: 'busy' } | { kind: 'mismatch' } | { kind: 'done'; answer: StoredAnswer }

/** Idempotency keys of one tenant. */
export interface Idempotency {
  /** One statement decides, so that of two who come at once only one gets `mine`. */
  claim(claim: IdempotencyClaim): Promise<ClaimOutcome>
  finish(key: string, answer: StoredAnswer): Promise<void>
  /** Gives the key back, because nothing was done. */
  release(key: string): Promise<void>
}

/** Answers are kept this long, as the API promises. */
export const IDEMPOTENCY_MS = 86_400_000
/** Longer than any request may take. */
export const ABANDONED_MS = 5 * 60_000
