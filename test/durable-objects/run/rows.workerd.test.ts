import { env, runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { Rows } from '../../../durable-objects/run/rows'
import { LateTables } from '../../../durable-objects/run/tables'
import type { Env } from '../../fakes/run-env'

type Item = { key: string; place: number; colour: string | null }
const COLUMNS = ['key', 'place', 'colour'] as const
const TABLE = 'CREATE TABLE IF NOT EXISTS items (key TEXT PRIMARY KEY, place INTEGER NOT NULL, colour TEXT) WITHOUT ROWID;'
const red = { where: 'colour = ?', bindings: ['red'], test: (item: Item) => item.colour === 'red' }

let objects = 0
async function inObject(use: (sql: SqlStorage) => void): Promise<void> {
  objects += 1
  const { RUN } = env as unknown as Env
  await runInDurableObject(RUN.get(RUN.idFromName(`rows-${objects}`)), (_object, state) => use(state.storage.sql))
}
const items = (sql: SqlStorage) => new Rows<Item>(sql, { name: 'items', key: 'key', columns: COLUMNS, order: 'place' })

/** Everything that can be asked. */
const asked = (rows: Rows<Item>) => ({
  one: rows.find('k7'),
  none: rows.find('absent'),
  red: rows.select(red),
  first: rows.first(red),
  any: rows.any(red) !== undefined,
  all: rows.all(),
  count: rows.count(),
})

test.each([5, 99, 100, 101, 250])('%i rows are the same from memory and from SQLite', async (count) => {
  await inObject((sql) => {
    sql.exec(TABLE)
    const mirrored = items(sql)
    mirrored.begin()
    for (let at = 0; at < count; at += 1) mirrored.put({ key: `k${at}`, place: count - at, colour: at % 3 === 0 ? 'red' : null })
    mirrored.change('k3', { colour: 'blue' })
    mirrored.change('k4', { place: 1_000, colour: 'red' })
    expect(mirrored.change('absent', { colour: 'red' })).toBeUndefined()
    const fresh = items(sql)
    expect(asked(fresh)).toEqual(asked(mirrored))
    expect(sql.exec('SELECT COUNT(*) AS count FROM items').one()).toEqual({ count })
    expect(fresh.find('k4')).toEqual({ key: 'k4', place: 1_000, colour: 'red' })
  })
})

test('a mirror that was told to reload sees what the rows say', async () => {
  await inObject((sql) => {
    sql.exec(TABLE)
    const rows = items(sql)
    rows.put({ key: 'a', place: 1, colour: null })
    sql.exec("UPDATE items SET colour = 'red' WHERE key = 'a'")
    expect(rows.find('a')?.colour).toBeNull()
    rows.reload()
    expect(rows.find('a')?.colour).toBe('red')
  })
})

test('a table that is made on first writing is empty before', async () => {
  await inObject((sql) => {
    const late = new LateTables(sql, TABLE, 'items')
    const rows = new Rows<Item>(sql, { name: 'items', key: 'key', columns: COLUMNS, order: 'place', late })
    expect(asked(rows)).toMatchObject({ one: undefined, red: [], all: [], count: 0 })
    rows.put({ key: 'a', place: 1, colour: 'red' })
    expect(rows.all()).toEqual([{ key: 'a', place: 1, colour: 'red' }])
  })
})
