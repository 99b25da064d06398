import { networkOf } from '../domain/addresses'
import { ATTEMPT_LIMITS, LOGIN_WINDOW_MS } from '../domain/auth'
import { AppError } from '../domain/error'
import type { ApiDeps } from './deps'

type Deps = Pick<ApiDeps, 'identity' | 'credentials' | 'clock'>
export type LoginLimit = 'pair' | 'account' | 'address'

/** One attempt that has been counted as failed until it is known better. */
export interface CountedAttempt {
  /** The attempt was right: it does not count, and what failed before at this account is forgotten. */
  succeed(): Promise<void>
  /** The attempt was no guess: it does not count, and what failed before goes on counting. */
  takeBack(): Promise<void>
}

/**
 * Counts an attempt to open an account before it is looked at, so that many at once get no more tries than one after the other. The
 * same is done for accounts that do not exist. Refuses `rate_limited` above the limits of account, address, or both together.
 * `onFirstRefusal` hears once a window of each limit that is passed.
 */
export async function countAttempt(
  { identity: { loginFailures }, credentials, clock }: Deps,
  { purpose, tenant, email, address }: { purpose: keyof typeof ATTEMPT_LIMITS; tenant: string; email: string; address: string },
  onFirstRefusal: (limit: LoginLimit) => void,
): Promise<CountedAttempt> {
  const now = clock.now()
  const since = new Date(now.getTime() - LOGIN_WINDOW_MS).toISOString()
  const network = networkOf(address)
  // Hashed, so that no list of addresses that somebody tried lies in the store.
  const key = (...parts: string[]) => credentials.hash([purpose, ...parts].join('\n'))
  const keys: Record<LoginLimit, string> = {
    pair: key('pair', tenant, email, network),
    account: key('account', tenant, email),
    address: key('address', network),
  }
  const count = async (limit: LoginLimit) => {
    const attempts = await loginFailures.add(keys[limit], now.toISOString(), since)
    if (attempts <= ATTEMPT_LIMITS[purpose][limit]) return
    if (attempts === ATTEMPT_LIMITS[purpose][limit] + 1) onFirstRefusal(limit)
    throw new AppError('rate_limited', 'Too many attempts; wait a quarter of an hour and try again.', { retryAfterMs: LOGIN_WINDOW_MS })
  }
  await Promise.all([count('pair'), count('address')])
  // Not before: what one address does above its own limits must not keep everybody out of the account.
  await count('account')
  return {
    takeBack: async () => {
      await Promise.all(Object.values(keys).map((each) => loginFailures.takeBack(each)))
    },
    succeed: async () => {
      await Promise.all([loginFailures.clear(keys.pair), loginFailures.clear(keys.account), loginFailures.takeBack(keys.address)])
    },
  }
}
