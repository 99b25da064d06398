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
  /** The id that a run started by this request would get. */
  runId: string
  at: string
  expiresAt: string
  /** A claim without an answer that was not renewed since is of a process that died: the same request takes it over. */
  abandonedBefore: string
}

/**
 * `mine`: do it, then `finish`, `release` or `abandon`. A run that it starts has the id `runId`, which is the one of the first try: what
 * a process that died has started is found and not started again. `busy`: another request with this key is under way.
 */
export type ClaimOutcome =
  | { kind: 'mine'; runId: string }
  | { kind: 'busy' }
  | { kind: 'mismatch' }
  | { kind: 'done'; answer: StoredAnswer }

/** Idempotency keys of one tenant. */
export interface Idempotency {
  /** One statement decides, so that of two who come at once only one gets `mine`. */
  claim(claim: IdempotencyClaim): Promise<ClaimOutcome>
  /** Says that the request is still under way. */
  renew(key: string, at: string): Promise<void>
  finish(key: string, answer: StoredAnswer): Promise<void>
  /** Gives the key back, because nothing was done. */
  release(key: string): Promise<void>
  /** Nobody knows whether it was done: the same request may go on at once where this one ended. */
  abandon(key: string): Promise<void>
}

/** Answers are kept this long, as the API promises. */
export const IDEMPOTENCY_MS = 86_400_000
/** How long a request that died holds its key. */
export const ABANDONED_MS = 10_000
/** A request under way says so as often as this: three times within that. */
export const RENEW_MS = 3_000
