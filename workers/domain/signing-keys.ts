import { ACCESS_TOKEN_MS, SIGNING_KEY_LEAD_MS } from './auth'

/** Clocks of those who verify may differ by so much. */
const SKEW_MS = 5 * 60_000

/** A key of the set, by when it was made. */
export interface DatedKey {
  createdAt: string
}

/**
 * Which of the keys signs at a time: the newest that has been published long enough for everybody to know it, or the oldest when none
 * has. Undefined for no keys.
 */
export function signerAt<K extends DatedKey>(keys: readonly K[], now: number): K | undefined {
  const byAge = [...keys].sort(oldestFirst)
  return byAge.findLast((key) => signsFrom(key) <= now) ?? byAge[0]
}

/** The keys that still verify at a time: the signer, those that will sign, and those whose last tokens have not yet expired. */
export function verifiersAt<K extends DatedKey>(keys: readonly K[], now: number): K[] {
  const byAge = [...keys].sort(oldestFirst)
  return byAge.filter((_, index) => {
    const successor = byAge[index + 1]
    return successor === undefined || signsFrom(successor) + ACCESS_TOKEN_MS + SKEW_MS > now
  })
}

const signsFrom = ({ createdAt }: DatedKey): number => Date.parse(createdAt) + SIGNING_KEY_LEAD_MS
const oldestFirst = (a: DatedKey, b: DatedKey): number => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0)
