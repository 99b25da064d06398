import { describe, expect, test } from 'vitest'
import type { SecondFactors } from '../../workers/domain/second-factors'
import { at, fresh } from './identity'

/** What every store of second factors keeps to. */
export function describeSecondFactors(title: string, make: () => SecondFactors): void {
  describe(title, () => {
    const who = () => [fresh('ten'), fresh('usr')] as const

    test('a secret is replaced until it is proven, and then stays', async () => {
      const factors = make()
      const [tenantId, userId] = who()
      expect(await factors.begin(tenantId, userId, 'ONE', at(0))).toBe(true)
      expect(await factors.begin(tenantId, userId, 'TWO', at(1))).toBe(true)
      expect(await factors.find(tenantId, userId)).toEqual({ secret: 'TWO' })
      await factors.confirm(tenantId, userId, ['hash'], at(2))
      expect(await factors.begin(tenantId, userId, 'THREE', at(3))).toBe(false)
      expect(await factors.find(tenantId, userId)).toEqual({ secret: 'TWO', confirmedAt: at(2) })
      expect(await factors.find(fresh('ten'), userId)).toBeUndefined()
    })

    test('a time step is taken once, and none before it afterwards', async () => {
      const factors = make()
      const [tenantId, userId] = who()
      expect(await factors.takeStep(tenantId, userId, 7)).toBe(false)
      await factors.begin(tenantId, userId, 'ONE', at(0))
      const taken = await Promise.all([factors.takeStep(tenantId, userId, 7), factors.takeStep(tenantId, userId, 7)])
      expect(taken.sort()).toEqual([false, true])
      expect(await factors.takeStep(tenantId, userId, 6)).toBe(false)
      expect(await factors.takeStep(tenantId, userId, 8)).toBe(true)
    })

    test('a recovery code is taken once and by its user only, and goes with the factor', async () => {
      const factors = make()
      const [tenantId, userId] = who()
      await factors.begin(tenantId, userId, 'ONE', at(0))
      await factors.confirm(tenantId, userId, ['a', 'b'], at(0))
      expect(await factors.takeRecoveryCode(tenantId, fresh('usr'), 'a')).toBe(false)
      expect(await factors.takeRecoveryCode(tenantId, userId, 'a')).toBe(true)
      expect(await factors.takeRecoveryCode(tenantId, userId, 'a')).toBe(false)
      expect(await factors.remove(tenantId, userId)).toBe(true)
      expect(await factors.remove(tenantId, userId)).toBe(false)
      expect(await factors.takeRecoveryCode(tenantId, userId, 'b')).toBe(false)
      expect(await factors.find(tenantId, userId)).toBeUndefined()
    })
  })
}
