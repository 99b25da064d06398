import { describe, expect, test } from 'vitest'
import type { Classifiers, ClassifierVersion } from '../../workers/domain/classifiers'

let counter = 0
const tenant = () => {
  counter += 1
  return `ten_classifiers_${counter}`
}
const minute = (n: number) => new Date(Date.UTC(2026, 10, 21, 9, n)).toISOString()

export const classifierRow = (more: Partial<ClassifierVersion> = {}): ClassifierVersion => ({
  name: 'topics',
  version: '0000000000000001',
  status: 'ready',
  examples: 4,
  labels: 2,
  runId: 'run_1',
  createdAt: minute(0),
  ...more,
})

/** What every implementation of the port keeps to. `make` gives the store of the named tenant. */
export function describeClassifiers(title: string, make: (tenantId: string) => Classifiers): void {
  describe(title, () => {
    test('the newest version that is ready answers, while a newer one is trained or has failed', async () => {
      const store = make(tenant())
      const [old, current] = [classifierRow(), classifierRow({ version: '0000000000000002', createdAt: minute(1) })]
      const training = classifierRow({ version: '0000000000000003', createdAt: minute(2), status: 'training' })
      for (const row of [current, training, old]) await store.put(row)
      expect(await store.find('topics')).toEqual(current)
      expect(await store.find('topics', training.version)).toEqual(training)
      expect((await store.versions('topics')).map(({ version }) => version)).toEqual([training, current, old].map(({ version }) => version))
      expect(await store.find('topics', 'ffffffffffffffff')).toBeUndefined()
    })

    test('an old version that is ordered again is the newest', async () => {
      const store = make(tenant())
      await store.put(classifierRow())
      await store.put(classifierRow({ version: '0000000000000002', createdAt: minute(1) }))
      await store.put(classifierRow({ createdAt: minute(2) }))
      expect(await store.find('topics')).toEqual(classifierRow({ createdAt: minute(2) }))
      expect(await store.versions('topics')).toHaveLength(2)
    })

    test('a row that is put again loses what it no longer has', async () => {
      const store = make(tenant())
      const report = {
        ...{ examples: 4, folds: 5, accuracy: 1, macroF1: 1, refused: 0, labels: [], confusions: [] },
        ...{ encoder: null, terms: 3, modelBytes: 9 },
      }
      await store.put(classifierRow({ status: 'failed', failure: 'it broke', endedAt: minute(1), report }))
      expect(await store.find('topics', classifierRow().version)).toMatchObject({ failure: 'it broke', report })
      await store.put(classifierRow({ status: 'training' }))
      expect(await store.find('topics', classifierRow().version)).toEqual(classifierRow({ status: 'training' }))
    })

    test('a list holds the newest version of each name, of its tenant only', async () => {
      const [mine, theirs] = [make(tenant()), make(tenant())]
      for (const [name, version, at] of [
        ['b', '0000000000000001', 0],
        ['a', '0000000000000001', 1],
        ['b', '0000000000000002', 2],
      ] as const)
        await mine.put(classifierRow({ name, version, createdAt: minute(at) }))
      expect((await mine.list()).map(({ name, version }) => `${name} ${version}`)).toEqual(['a 0000000000000001', 'b 0000000000000002'])
      expect([await theirs.list(), await theirs.versions('a'), await theirs.find('a')]).toEqual([[], [], undefined])
      await theirs.remove('b')
      await mine.remove('b')
      expect((await mine.list()).map(({ name }) => name)).toEqual(['a'])
    })
  })
}
