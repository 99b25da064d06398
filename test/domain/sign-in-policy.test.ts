import { describe, expect, test } from 'vitest'
import { PERMISSIONS } from '../../workers/domain/auth'
import { endOf, isUseDue, lackOf, type SavedSignInPolicy, SHIPPED_SIGN_IN_POLICY, type SignIn } from '../../workers/domain/sign-in-policy'
import { ROLES } from '../../workers/domain/tenants'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 9, minute)).toISOString()
const policy = (more: Partial<SavedSignInPolicy>): SavedSignInPolicy => ({ ...SHIPPED_SIGN_IN_POLICY, restLimitedSince: at(0), ...more })
const used = (minute: number, more: Partial<SignIn> = {}): SignIn => ({ startedAt: at(0), lastUsedAt: at(minute), ...more })

describe('the end of a sign-in', () => {
  test.each([
    ['no policy', undefined, 5, undefined],
    ['the shipped one', {}, 5, undefined],
    ['rest', { idleMinutes: 30 }, 5, at(35)],
    ['rest that was limited after the last use', { idleMinutes: 30, restLimitedSince: at(20) }, 5, at(50)],
    ['age', { absoluteHours: 1 }, 5, at(60)],
    ['both, rest being first', { idleMinutes: 30, absoluteHours: 1 }, 5, at(35)],
    ['both, age being first', { idleMinutes: 30, absoluteHours: 1 }, 45, at(60)],
  ] as const)('by %s', (_, asked, minute, end) => {
    expect(endOf(used(minute), asked && policy(asked))).toBe(end)
  })

  test('a use is noted after a minute, and only where rest is limited', () => {
    const limited = policy({ idleMinutes: 5 })
    expect([isUseDue(used(3), limited, at(3)), isUseDue(used(3), limited, at(4))]).toEqual([false, true])
    expect([isUseDue(used(3), policy({ absoluteHours: 1 }), at(9)), isUseDue(used(3), undefined, at(9))]).toEqual([false, false])
  })
})

describe('what a sign-in lacks', () => {
  const who = (role: string, permissions?: readonly string[]) => ({ role, hasFactor: false, ...(permissions && { permissions }) })
  const administrators = policy({ requireSecondFactor: 'administrators' })

  test('is nothing unless the policy asks, or once more than a password opened it', () => {
    expect(lackOf(who('admin'), used(1), undefined)).toBeUndefined()
    expect(lackOf(who('admin'), used(1), policy({}))).toBeUndefined()
    expect(lackOf(who('admin'), used(1, { isStrong: true }), policy({ requireSecondFactor: 'everyone' }))).toBeUndefined()
  })

  test('depends on whether there is a factor that it could have used', () => {
    expect(lackOf(who('client'), used(1), policy({ requireSecondFactor: 'everyone' }))).toBe('to_enrol')
    expect(lackOf({ ...who('client'), hasFactor: true }, used(1), policy({ requireSecondFactor: 'everyone' }))).toBe('to_prove')
  })

  test('as an administrator is decided by what one may do and not by the name of the role', () => {
    expect(ROLES.filter((role) => lackOf(who(role), used(1), administrators) !== undefined)).toEqual(['admin'])
    for (const [permission, roles] of Object.entries<readonly string[]>(PERMISSIONS))
      expect(lackOf(who('custom', ['runs:read', permission]), used(1), administrators), permission).toBe(
        roles.join() === 'admin' ? 'to_enrol' : undefined,
      )
    expect(lackOf(who('custom', []), used(1), administrators)).toBeUndefined()
  })
})
