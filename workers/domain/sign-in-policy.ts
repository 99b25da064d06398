import * as z from 'zod'
import { PERMISSIONS, type Permission } from './auth'
import type { SecondFactorLack } from './second-factor-demand'

/** For as long as a refresh token lives: nobody's sign-in outlasts more rest than this, whatever a tenant says. */
const LONGEST_REST_MINUTES = 7 * 24 * 60
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
/** A use is noted to the minute: often enough for the shortest rest of five, seldom enough to cost nothing. */
const NOTED_MS = MINUTE_MS

/** Whom a tenant asks for a second factor, and for how long a sign-in of its people lasts. */
export const SignInPolicy = z.object({
  requireSecondFactor: z
    .enum(['none', 'administrators', 'everyone'])
    .default('none')
    .describe('`administrators`: whoever may do something that of the built-in roles only `admin` may.'),
  idleMinutes: z
    .int()
    .min(5)
    .max(LONGEST_REST_MINUTES)
    .default(LONGEST_REST_MINUTES)
    .describe('A sign-in ends after so long without a request.'),
  absoluteHours: z
    .int()
    .min(1)
    .max(8_760)
    .nullable()
    .default(null)
    .describe('A sign-in ends so long after it began, however much it is used; null: never for that.'),
})
export type SignInPolicy = z.infer<typeof SignInPolicy>

/**
 * As it is kept. Rest counts from when it was first limited at the earliest: uses were not noted before, so it would else end who is at
 * work. Another limit changes nothing of that: what the earlier one ended stays ended.
 */
export type SavedSignInPolicy = SignInPolicy & { restLimitedSince: string }

/** What stands until a tenant says otherwise. */
export const SHIPPED_SIGN_IN_POLICY: SignInPolicy = SignInPolicy.parse({})

/** How long a sign-in has lasted, and whether more than a password opened it. */
export interface SignIn {
  startedAt: string
  /** To the minute where rest is limited, else when it was last renewed. */
  lastUsedAt: string
  /** A code or a passkey was used too, or an identity provider vouched for the person. */
  isStrong?: true
}

/** When a sign-in ends by the policy unless it is used before; undefined where the policy ends none. */
export function endOf({ startedAt, lastUsedAt }: SignIn, policy: SavedSignInPolicy | undefined): string | undefined {
  if (policy === undefined) return undefined
  const ends: string[] = []
  if (limitsRest(policy)) {
    const restsFrom = lastUsedAt > policy.restLimitedSince ? lastUsedAt : policy.restLimitedSince
    ends.push(after(restsFrom, policy.idleMinutes * MINUTE_MS))
  }
  if (policy.absoluteHours !== null) ends.push(after(startedAt, policy.absoluteHours * HOUR_MS))
  return ends.sort()[0]
}

/** Whether a use at the time has to be noted, so that rest is counted from it. */
export const isUseDue = ({ lastUsedAt }: SignIn, policy: SavedSignInPolicy | undefined, at: string): boolean =>
  policy !== undefined && limitsRest(policy) && after(lastUsedAt, NOTED_MS) <= at

export const limitsRest = ({ idleMinutes }: SignInPolicy): boolean => idleMinutes < LONGEST_REST_MINUTES
const after = (from: string, ms: number): string => new Date(Date.parse(from) + ms).toISOString()

/** Who somebody is for the policy. */
export interface PolicySubject {
  role: string
  permissions?: readonly string[]
  /** A proven authenticator app, or a passkey. */
  hasFactor: boolean
}

/** What a sign-in lacks of what the policy demands; undefined: nothing. */
export function lackOf(subject: PolicySubject, signIn: SignIn, policy: SavedSignInPolicy | undefined): SecondFactorLack | undefined {
  if (policy === undefined || policy.requireSecondFactor === 'none' || signIn.isStrong) return undefined
  if (policy.requireSecondFactor === 'administrators' && !isAdministrator(subject)) return undefined
  return subject.hasFactor ? 'to_prove' : 'to_enrol'
}

const ADMINISTRATIVE = Object.entries(PERMISSIONS).flatMap(([permission, roles]: [string, readonly string[]]) =>
  roles.length === 1 && roles[0] === 'admin' ? [permission as Permission] : [],
)

/** Whether somebody may do anything that of the built-in roles only `admin` may: a role of the tenant can be an administrator by another name. */
function isAdministrator({ role, permissions }: PolicySubject): boolean {
  return permissions === undefined ? role === 'admin' : permissions.some((permission) => (ADMINISTRATIVE as string[]).includes(permission))
}
