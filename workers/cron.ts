import { type Audit, INSTALLATION } from './domain/audit'
import { LOGIN_WINDOW_MS } from './domain/auth'
import type { Identity } from './domain/identity'
import type { NewId } from './domain/ids'
import type { RunControl } from './domain/run-control'
import type { StaleRuns } from './domain/stores'

export interface CronDeps {
  staleRuns: StaleRuns
  runs(tenantId: string): Pick<RunControl, 'wake'>
  /** Gives how many it removed. */
  deleteExpiredIdempotencyKeys(before: string): Promise<number>
  /** Challenges of sign-ins that nobody came back with; absent: none are kept. */
  deleteExpiredSignInChallenges?(before: string): Promise<number>
  /** Answers of models whose time is over; absent: none are kept. */
  deleteExpiredModelAnswers?(before: string): Promise<number>
  /** Goes on with deletions of documents that broke off; absent: there are none. */
  tendDeletions?(now: Date): Promise<{ finished: number; failed: number }>
  /** Removes what retention lets go, and goes on with requests of data subjects; absent: there are none. */
  tendPrivacy?(): Promise<Record<string, number>>
  identity: Pick<Identity, 'sessions' | 'loginFailures' | 'oneTimeTokens'>
  /** Goes on with the erasure of tenants whose period is over; absent: none are erased. */
  eraseTenants?(now: Date): Promise<{ finished: number; failed: number }>
  /** Makes and deletes signing keys as they age; absent: they are configured. */
  tendSigningKeys?(): Promise<{ made: number; deleted: number }>
  /** Seals anew what rotated keys have sealed. */
  tendKeys?(): Promise<object>
  /** Where what the sweep has deleted and made is entered. */
  audit(tenantId: string): Pick<Audit, 'record'>
  newId: NewId
  clock: { now(): Date }
}

/** A live run shows itself in its list row at least this often while it works; one that does not is looked after. */
const UNCHANGED_MS = 5 * 60_000
/** A run that waits for days is asked no more often than this. */
const TAKEN_AGAIN_MS = 15 * 60_000
/** Within the 1,000 subrequests of one invocation, with room for the rest. */
const MAX_RUNS = 400
/** Open connections of one invocation. */
const AT_ONCE = 6

/**
 * The platform's upkeep: wakes runs whose rows have not moved for long (an alarm can be lost), and removes what has expired. A run
 * that cannot be woken does not keep the others from it.
 */
export function createCronHandler(deps: CronDeps): () => Promise<void> {
  return async () => {
    const now = deps.clock.now().getTime()
    const ago = (ms: number) => new Date(now - ms).toISOString()
    const stale = await deps.staleRuns.take({
      unchangedSince: ago(UNCHANGED_MS),
      takenBefore: ago(TAKEN_AGAIN_MS),
      at: ago(0),
      limit: MAX_RUNS,
    })
    const failed = await wakeAll(deps, stale)
    const idempotencyKeys = await deps.deleteExpiredIdempotencyKeys(ago(0))
    const sessions = await deps.identity.sessions.deleteExpired(ago(0))
    const loginFailures = await deps.identity.loginFailures.deleteBefore(ago(LOGIN_WINDOW_MS))
    const oneTimeTokens = await deps.identity.oneTimeTokens.deleteExpired(ago(0))
    const signInChallenges = await deps.deleteExpiredSignInChallenges?.(ago(0))
    const modelAnswers = await deps.deleteExpiredModelAnswers?.(ago(0))
    const deletions = await deps.tendDeletions?.(deps.clock.now())
    const tenants = await deps.eraseTenants?.(deps.clock.now())
    const signingKeys = await deps.tendSigningKeys?.()
    const privacy = await deps.tendPrivacy?.()
    const keys = await deps.tendKeys?.()
    await enterSwept(deps, {
      idempotencyKeys,
      sessions,
      oneTimeTokens,
      signInChallenges,
      modelAnswers,
      deletions,
      privacy,
      tenants,
      signingKeys,
      keys,
    })
    console.info(
      JSON.stringify({
        message: 'swept',
        woken: stale.length - failed,
        failed,
        idempotencyKeys,
        sessions,
        loginFailures,
        oneTimeTokens,
        signInChallenges,
        modelAnswers,
        deletions,
        privacy,
        tenants,
        signingKeys,
        keys,
      }),
    )
  }
}

/** An entry for a sweep that did something: most find nothing. */
async function enterSwept({ audit, newId }: CronDeps, swept: Record<string, unknown>): Promise<void> {
  if (!/[1-9]/.test(JSON.stringify(swept))) return
  await audit(INSTALLATION).record([
    {
      id: newId('auditEntry'),
      action: 'swept',
      outcome: 'done',
      actor: { kind: 'system', id: 'cron' },
      address: '',
      requestId: '',
      after: swept,
    },
  ])
}

/** Gives how many could not be woken. */
async function wakeAll(deps: CronDeps, stale: { tenantId: string; runId: string }[]): Promise<number> {
  let failed = 0
  const queue = stale.values()
  const work = async () => {
    for (const { tenantId, runId } of queue) {
      try {
        const woken = await deps.runs(tenantId).wake(runId)
        if (woken.ok) continue
        console.warn(JSON.stringify({ message: 'a stale run was not woken', tenantId, runId, error: woken.error }))
      } catch (thrown) {
        console.error(JSON.stringify({ message: 'a stale run was not woken', tenantId, runId, error: String(thrown) }))
      }
      failed += 1
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return failed
}
