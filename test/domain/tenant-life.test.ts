import { expect, test } from 'vitest'
import { deletionAsked, deletionTakenBack, isOpen, reactivated, requireOpen, statusOf, suspended } from '../../workers/domain/tenant-life'

const at = (day: number) => new Date(Date.UTC(2026, 10, day))

test('a tenant is open until it is suspended or its deletion is asked for, and one that there is not never is', () => {
  expect(isOpen({})).toBe(true)
  expect(isOpen(undefined)).toBe(false)
  expect(isOpen(suspended({}, at(1)))).toBe(false)
  expect(isOpen(reactivated(suspended({}, at(1))))).toBe(true)
  expect(isOpen(deletionAsked({}, at(1)))).toBe(false)
})

test('asking for the deletion again does not change the time', () => {
  const asked = deletionAsked({}, at(1), 10)
  expect(asked.erasedFrom).toBe(at(11).toISOString())
  expect(deletionAsked(asked, at(2), 1)).toEqual(asked)
})

test('a deletion is taken back while its days last, and leaves a suspension as it was', () => {
  const asked = deletionAsked(suspended({}, at(1)), at(2), 3)
  expect(statusOf(asked)).toBe('deleting')
  expect(statusOf(deletionTakenBack(asked, at(4)))).toBe('suspended')
  expect(() => deletionTakenBack(asked, at(5))).toThrow('is being erased')
})

test('who belongs to a closed tenant is told why', () => {
  expect(() => requireOpen(suspended({}, at(1)))).toThrow(expect.objectContaining({ code: 'forbidden', reason: 'tenant_suspended' }))
  expect(() => requireOpen(deletionAsked({}, at(1)))).toThrow(expect.objectContaining({ reason: 'tenant_deleting' }))
})
