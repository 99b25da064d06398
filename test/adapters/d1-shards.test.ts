import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { is } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { expect, test } from 'vitest'
import { DIRECTORY_TABLES, isOfDirectory } from '../../workers/adapters/d1-shards'
import * as schema from '../../workers/adapters/schema'

const folder = join(import.meta.dirname, '../../workers/adapters')
const tables = new Map<string, string>(
  Object.entries(schema).flatMap(([variable, table]) => (is(table, SQLiteTable) ? [[variable, getTableConfig(table).name]] : [])),
)

test('the directory names tables that there are, and content has a tenant by which it is placed', () => {
  expect(DIRECTORY_TABLES.filter((name) => ![...tables.values()].includes(name))).toEqual([])
  for (const table of Object.values(schema)) {
    const { name, columns } = getTableConfig(table)
    if (!isOfDirectory(name)) expect(columns.find((column) => column.name === 'tenant_id')?.notNull, name).toBe(true)
  }
})

/** Which kinds of tables an adapter asks, by what it imports of the schema. */
function kindsOf(file: string): Set<boolean> {
  const [, imported = ''] = /import (?:type )?\{([^}]*)\} from '\.\/schema'/.exec(readFileSync(join(folder, file), 'utf8')) ?? []
  return new Set(
    imported
      .split(',')
      .flatMap((variable) => tables.get(variable.trim()) ?? [])
      .map(isOfDirectory),
  )
}

test('an adapter asks the directory or content, so that no statement needs both', () => {
  const adapters = readdirSync(folder).filter((file) => file !== 'schema.ts')
  expect(adapters.filter((file) => kindsOf(file).size === 1).length).toBeGreaterThan(30)
  expect(adapters.filter((file) => kindsOf(file).size > 1)).toEqual([])
})

test('no adapter of content is made for the directory alone, and none of the directory for a shard', () => {
  const workers = join(folder, '..')
  const made = readdirSync(workers)
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const source = readFileSync(join(workers, file), 'utf8')
      return [...source.matchAll(/\b(\w+)\(\s*(env\.DB|content\(\)|databaseOf\(|binding|shards?(?:\.content)?)\b/g)].flatMap(
        ([, name = '', place = '']) => {
          const adapter = new RegExp(`import (?:type )?\\{[^}]*\\b${name}\\b[^}]*\\} from '\\./adapters/([\\w-]+)'`).exec(source)?.[1]
          return adapter === undefined ? [] : [{ file, name, isDirectory: place === 'env.DB', kinds: kindsOf(`${adapter}.ts`) }]
        },
      )
    })
  expect(made.length).toBeGreaterThan(40)
  expect(
    made.filter(({ isDirectory, kinds }) => kinds.size === 1 && !kinds.has(isDirectory)).map(({ file, name }) => `${file}: ${name}`),
  ).toEqual([
    // Asks one kind of rows by hand beside what it imports: the tenants that there are.
    'privacy.ts: listErasedTenantIds',
    'privacy.ts: listTenantIds',
  ])
})
