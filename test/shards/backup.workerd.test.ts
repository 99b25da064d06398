import { beforeAll, expect, test } from 'vitest'
import { takeParts } from '../../workers/restore'
import { backup, env, type Member, migrate, other, restore, searched, seed, seen, streamOf } from '../tenancy/backup-stage'
import { CONTENT, directoryIn, fill, rowsIn } from './stage'

const [HERE, THERE] = [env, other].map(({ DB_EU }) => DB_EU as D1Database) as [D1Database, D1Database]
let acme: Member
let globex: Member
beforeAll(async () => {
  await migrate()
  acme = await seed('acme', 'eu')
  await fill(env, acme, 'acme')
  globex = await seed('globex')
  await fill(env, globex, 'globex')
}, 60_000)

test('a backup has the rows and objects of every shard, and a restore puts each row where its tenant is placed', async () => {
  const before = await Promise.all([acme, globex].map((member) => seen(env, member)))
  const file = await backup()
  // An installation that has no shard for a tenant says so, and goes on once it has.
  const { DB_EU: _, PLACEMENT: __, ...without } = other
  await expect(takeParts(without, {}, streamOf(file))).rejects.toThrow('has no D1 DB_EU')

  const done = await restore(file)
  expect(done).toMatchObject({ isFinished: true, counts: { rows: { documents: 2 }, objects: { Run: 4, Knowledge: 2, Tenant: 3 } } })
  expect(await rowsIn(THERE, CONTENT, acme.id)).toEqual(await rowsIn(HERE, CONTENT, acme.id))
  expect(await rowsIn(other.DB, CONTENT, globex.id)).toEqual(await rowsIn(env.DB, CONTENT, globex.id))
  expect(Object.keys(await rowsIn(THERE, CONTENT)).sort()).toEqual([...CONTENT].sort())
  expect(await rowsIn(other.DB, CONTENT, acme.id)).toEqual({})
  expect(await rowsIn(THERE, CONTENT, globex.id)).toEqual({})
  expect(await directoryIn(THERE)).toEqual({})
  expect(await Promise.all([acme, globex].map((member) => seen(other, member)))).toEqual(before)
  expect(await searched(other, acme)).toEqual(await searched(env, acme))
})

test('an installation with rows in a shard alone is not empty', async () => {
  await other.DB.batch(['tenants', ...CONTENT].map((table) => other.DB.prepare(`DELETE FROM ${table}`)))
  await expect(takeParts(other, {}, streamOf(await backup()))).rejects.toThrow(/not empty/)
})
