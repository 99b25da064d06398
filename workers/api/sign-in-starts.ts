import { networkOf } from '../domain/addresses'
import { LOGIN_WINDOW_MS } from '../domain/auth'
import { AppError } from '../domain/error'
import { CHALLENGE_MS, SIGN_IN_STARTS_PER_ADDRESS, type SignInChallenge } from '../domain/sign-in-challenges'
import type { ApiDeps } from './deps'

type Deps = Pick<ApiDeps, 'identity' | 'credentials' | 'clock' | 'signInChallenges'>

/** Counts a sign-in that somebody begins, known or not; refuses `rate_limited` above what one address may begin in a window. */
export async function countStart({ identity, credentials, clock }: Deps, address: string): Promise<void> {
  const now = clock.now()
  const since = new Date(now.getTime() - LOGIN_WINDOW_MS).toISOString()
  const begun = await identity.loginFailures.add(credentials.hash(`sign-in start\n${networkOf(address)}`), now.toISOString(), since)
  if (begun <= SIGN_IN_STARTS_PER_ADDRESS) return
  throw new AppError('rate_limited', 'Too many sign-ins were begun from this address; wait a quarter of an hour and try again.', {
    retryAfterMs: LOGIN_WINDOW_MS,
  })
}

/** Keeps a value that went out, by its hash, for as long as its kind may take. */
export async function putChallenge(
  { signInChallenges, credentials, clock }: Pick<Deps, 'signInChallenges' | 'credentials' | 'clock'>,
  value: string,
  challenge: Omit<SignInChallenge, 'hash' | 'expiresAt'>,
): Promise<void> {
  const expiresAt = new Date(clock.now().getTime() + CHALLENGE_MS[challenge.kind]).toISOString()
  await signInChallenges.put({ ...challenge, hash: credentials.hash(value), expiresAt })
}

/** Takes a value that came back, once. */
export async function takeChallenge(
  { signInChallenges, credentials, clock }: Pick<Deps, 'signInChallenges' | 'credentials' | 'clock'>,
  kind: SignInChallenge['kind'],
  value: string,
): Promise<SignInChallenge | undefined> {
  return await signInChallenges.take(kind, credentials.hash(value), clock.now().toISOString())
}
