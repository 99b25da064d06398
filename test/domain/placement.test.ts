import { expect, test } from 'vitest'
import { placedObjects, placedTenantId, placementOf, RESIDENCIES, residencyOf } from '../../workers/domain/placement'

const HEX = '0123456789abcdef0123456789abcdef'

test.each(RESIDENCIES)('the id of a tenant of %s says so', (residency) => {
  expect(residencyOf(placedTenantId(`ten_${HEX}`, residency))).toBe(residency)
})

test.each(['', 'installation', 'ready', `ten_${HEX}`, `ten_mars_${HEX}`, 'ten_eu_', `usr_eu_${HEX}`])('%j has no residency', (id) => {
  expect(residencyOf(id)).toBe('none')
})

test('no two residencies share a bucket or a shard', () => {
  const placements = RESIDENCIES.map(placementOf)
  expect(new Set(placements.map(({ files }) => files)).size).toBe(RESIDENCIES.length)
  expect(new Set(placements.map(({ database }) => database)).size).toBe(RESIDENCIES.length)
})

const namespace = (within = 'anywhere') => ({
  getByName: (name: string, options?: { locationHint?: string }) => `${name} ${within} ${options?.locationHint ?? 'unhinted'}`,
  jurisdiction: (jurisdiction: string) => namespace(jurisdiction),
})

test.each([
  ['none', 'x anywhere unhinted'],
  ['eu', 'x eu unhinted'],
  ['fedramp', 'x fedramp unhinted'],
  ['us', 'x anywhere enam'],
  ['apac', 'x anywhere apac'],
] as const)('objects of a tenant of %s are addressed there', (residency, where) => {
  expect(placedObjects<string>(namespace(), placedTenantId(`ten_${HEX}`, residency)).getByName('x')).toBe(where)
})

test('where the platform knows no jurisdiction, none is passed over in silence', () => {
  const { getByName } = namespace()
  expect(() => placedObjects<string>({ getByName }, `ten_eu_${HEX}`)).toThrow("no jurisdiction 'eu'")
})
