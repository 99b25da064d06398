import { runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { start, status, step, stubOf } from './kit'

test('a purged run leaves nothing in its object, is not found any more, and may be purged again', async () => {
  const { id, stub } = await start([step({ id: 'one', kind: 'set', value: 'Canaria Vogelsang' })])
  await status(stub, 'completed')
  expect(await stub.purge()).toEqual({ ok: true, value: null })
  expect(await stub.get()).toMatchObject({ ok: false, error: { code: 'not_found' } })
  await runInDurableObject(stub, async (_object, state) => {
    const tables = state.storage.sql
      .exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'")
      .toArray()
    expect(tables).toEqual([])
    expect(await state.storage.getAlarm()).toBeNull()
  })
  expect(await stubOf(id).purge()).toEqual({ ok: true, value: null })
})
