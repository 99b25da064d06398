import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { PartHead } from '../domain/backups'
import { AppError } from '../domain/error'
import { isOfDirectory } from './d1-shards'
import * as schema from './schema'

/** Tables that no backup holds, and why. */
export const LEFT_OUT_OF_BACKUPS: Record<string, string> = {
  d1_migrations: 'Their names stand in the manifest.',
  restores: 'How far restores into this installation are.',
  still_objects: 'What restores into this installation have not awakened yet.',
  login_failures: 'A brake that counts for minutes.',
  sign_in_challenges: 'They live for minutes.',
}

/** Tables that stay where a tenant was, beside those that no backup holds. */
export const LEFT_OUT_OF_ARCHIVES: Record<string, string> = {
  signing_keys: 'They are the installation’s.',
  tenant_erasures: 'Certificates of tenants that are no more.',
  data_keys: 'They go in a part of their own, sealed with the archive key.',
  tenant_keys: 'Data keys from before versions: making the archive turns one into version 1.',
  sessions: 'Nobody is signed in where nobody signed in.',
  one_time_tokens: 'Their mails name the former installation.',
  idempotency_keys: 'A repetition goes to the installation that had the first request.',
  model_answers: 'A cache.',
  model_answer_documents: 'Which documents the cached answers are of.',
  embeddings: 'A cache.',
}

/** Opens its tenant: so it comes last, when all else of the tenant is there. */
export const LAST_TABLE = 'tenants'

interface BackedTable {
  name: string
  columns: { name: string; isBlob: boolean }[]
  hasTenant: boolean
}

const TABLES: readonly BackedTable[] = Object.values(schema)
  .map((table: SQLiteTable) => getTableConfig(table))
  .map(({ name, columns }) => ({
    name,
    columns: columns.map((column) => ({ name: column.name, isBlob: column.getSQLType() === 'blob' })),
    hasTenant: columns.some((column) => column.name === 'tenant_id'),
  }))
  .filter(({ name }) => LEFT_OUT_OF_BACKUPS[name] === undefined)
  .sort((a, b) => a.name.localeCompare(b.name))

/** Tables in the order in which a file has them, without the last one. */
export const tablesOf = (scope: 'installation' | 'tenant'): string[] =>
  TABLES.filter(
    ({ name, hasTenant }) => name !== LAST_TABLE && (scope === 'installation' || (hasTenant && !(name in LEFT_OUT_OF_ARCHIVES))),
  ).map(({ name }) => name)

const ROWS_PER_PART = 100
/** One bound value of D1 is at most 2 MB. */
const MAX_BOUND_CHARACTERS = 900_000

export interface RowPage {
  head: Extract<PartHead, { kind: 'rows' }>
  lines: string
  /** Where the next page begins; absent: this was the last. */
  after?: number
}

/** A page of a table after a row number, of one tenant or of all; undefined when nothing is left. */
export async function readRows(
  binding: D1Database,
  table: string,
  after: number,
  only: { tenantId?: string; createdBy?: string },
): Promise<RowPage | undefined> {
  const { columns } = tableOf(table)
  const conditions = ['rowid > ?', ...(only.tenantId === undefined ? [] : [`${table === LAST_TABLE ? 'id' : 'tenant_id'} = ?`])]
  if (only.createdBy !== undefined) conditions.push('created_at <= ?')
  const values = columns.map(({ name, isBlob }) => (isBlob ? `hex("${name}")` : `"${name}"`)).join(', ')
  const rows = await binding
    .prepare(`SELECT rowid, ${values} FROM "${table}" WHERE ${conditions.join(' AND ')} ORDER BY rowid LIMIT ${ROWS_PER_PART}`)
    .bind(after, ...[only.tenantId, only.createdBy].filter((value) => value !== undefined))
    .raw<[number, ...unknown[]]>()
  const last = rows.at(-1)?.[0]
  if (last === undefined) return undefined
  return {
    head: { kind: 'rows', table, columns: columns.map(({ name }) => name), rows: rows.length },
    lines: rows.map(([, ...row]) => `${JSON.stringify(row)}\n`).join(''),
    ...(rows.length === ROWS_PER_PART && { after: last }),
  }
}

/** Where rows are written: the directory, and the shard with the content of a tenant. */
export interface RowPlaces {
  directory: D1Database
  contentOf(tenantId: string): D1Database
}

/**
 * Writes rows of a part, content into the shard of its tenant; those that are there stay. Refuses `invalid` what this version does not
 * know, or what is another tenant's.
 */
export async function writeRows(places: RowPlaces, head: RowPage['head'], lines: string, tenantId: string | undefined): Promise<void> {
  const { columns } = tableOf(head.table)
  if (tenantId !== undefined && head.table !== LAST_TABLE && !tablesOf('tenant').includes(head.table))
    throw new AppError('invalid', `No archive has rows of ${head.table}.`)
  if (new Set(head.columns).size < head.columns.length) throw new AppError('invalid', `A column of ${head.table} is there twice.`)
  const known = head.columns.map((name) => {
    const column = columns.find((each) => each.name === name)
    if (column === undefined) throw newer(`${head.table}.${name}`)
    return column
  })
  const rows = lines.split('\n').filter((line) => line !== '')
  const owner = head.columns.indexOf(head.table === LAST_TABLE ? 'id' : 'tenant_id')
  const shards = Map.groupBy(rows, (line) => {
    const row: unknown = JSON.parse(line)
    if (!Array.isArray(row) || row.length !== known.length) throw new AppError('invalid', `A row of ${head.table} cannot be read.`)
    if (tenantId !== undefined && row[owner] !== tenantId) throw new AppError('invalid', `A row of ${head.table} is of another tenant.`)
    return isOfDirectory(head.table) ? places.directory : places.contentOf(String(row[owner]))
  })
  for (const [shard, some] of shards) await shard.batch(batches(some).map((batch) => insertOf(shard, head.table, known, batch)))
}

function batches(rows: readonly string[]): string[][] {
  const all: string[][] = []
  let room = 0
  for (const row of rows) {
    if (row.length > room) {
      all.push([])
      room = MAX_BOUND_CHARACTERS
    }
    all.at(-1)?.push(row)
    room -= row.length + 1
  }
  return all
}

/** Many rows by one value; a long row by its own values. */
function insertOf(binding: D1Database, table: string, columns: BackedTable['columns'], rows: readonly string[]): D1PreparedStatement {
  const names = columns.map(({ name }) => `"${name}"`).join(', ')
  const insert = `INSERT INTO "${table}" (${names})`
  const [only] = rows
  if (rows.length === 1 && only !== undefined) {
    const values = JSON.parse(only) as (string | number | null)[]
    return binding
      .prepare(`${insert} VALUES (${columns.map(({ isBlob }) => (isBlob ? 'unhex(?)' : '?')).join(', ')}) ON CONFLICT DO NOTHING`)
      .bind(...values)
  }
  const values = columns.map(({ isBlob }, at) => (isBlob ? `unhex(json_extract(value, '$[${at}]'))` : `json_extract(value, '$[${at}]')`))
  return binding
    .prepare(`${insert} SELECT ${values.join(', ')} FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`)
    .bind(`[${rows.join(',')}]`)
}

/** How many rows each table has in all shards together, of one tenant or of all. */
export async function countRows(
  shards: readonly D1Database[],
  tables: readonly string[],
  tenantId?: string,
): Promise<Record<string, number>> {
  const counted = await Promise.all(
    shards.map((shard) =>
      shard.batch<{ rows: number }>(
        tables.map((table) => {
          const { name } = tableOf(table)
          if (tenantId === undefined) return shard.prepare(`SELECT count(*) AS rows FROM "${name}"`)
          return shard
            .prepare(`SELECT count(*) AS rows FROM "${name}" WHERE "${name === LAST_TABLE ? 'id' : 'tenant_id'}" = ?`)
            .bind(tenantId)
        }),
      ),
    ),
  )
  return Object.fromEntries(
    tables.map((table, at) => [table, counted.reduce((sum, results) => sum + (results[at]?.results[0]?.rows ?? 0), 0)]),
  )
}

/** Migrations that were applied, in their order. */
export async function readMigrations(binding: D1Database): Promise<string[]> {
  const { results } = await binding.prepare('SELECT name FROM d1_migrations ORDER BY id').all<{ name: string }>()
  return results.map(({ name }) => name)
}

function tableOf(name: string): BackedTable {
  const table = TABLES.find((each) => each.name === name)
  if (table === undefined) throw newer(name)
  return table
}

const newer = (name: string) =>
  new AppError('invalid', `The file holds '${name}', which this version does not know; restore with the version that made it.`)
