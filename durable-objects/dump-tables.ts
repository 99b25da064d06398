/** Beside the tables of the object: what a restore keeps in it. */
export const MARK_TABLE = 'restored_by'

/** One table as it is dumped. */
export interface DumpedTable {
  name: string
  /** With `rowid` first where rows have a number that no column holds. */
  columns: string[]
  /** Rows in order of their keys, all of them or those after a key. */
  query(isAfter: boolean): string
  /** The key of a row that `query` gave. */
  keyOf(row: readonly SqlStorageValue[]): SqlStorageValue[]
}

/** Tables with rows, names of all tables and indexes, and the highest numbers given out. What is made from other tables is left out. */
export function readTables(sql: SqlStorage): { stored: DumpedTable[]; names: string[]; sequences?: Record<string, number> } {
  const rows = sql
    .exec<{ type: string; name: string; text: string }>(
      "SELECT type, name, sql AS text FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL ORDER BY name",
    )
    .toArray()
  const virtual = rows.filter(({ text }) => /^CREATE VIRTUAL/i.test(text)).map(({ name }) => name)
  const isOwn = ({ name }: { name: string }) =>
    !/^(_cf_|sqlite_)/.test(name) && name !== MARK_TABLE && !virtual.some((each) => name === each || name.startsWith(`${each}_`))
  const own = rows.filter(isOwn)
  const tables = own.filter(({ type }) => type === 'table')
  const stored = tables.map(({ name, text }) => describe(sql, name, /WITHOUT\s+ROWID/i.test(text)))
  if (!rows.some(({ text }) => /AUTOINCREMENT/i.test(text))) return { stored, names: own.map(({ name }) => name) }
  return { stored, names: own.map(({ name }) => name), sequences: readSequences(sql) }
}

function describe(sql: SqlStorage, name: string, isKeyed: boolean): DumpedTable {
  const info = sql.exec<{ name: string; type: string; pk: number }>(`PRAGMA table_info(${quoted(name)})`).toArray()
  const keys = info.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
  const [only] = keys
  const isNumbered = !isKeyed && keys.length === 1 && only?.type.toUpperCase() === 'INTEGER'
  const columns = [...(isKeyed || isNumbered ? [] : ['rowid']), ...info.map((column) => column.name)]
  const key = isKeyed || isNumbered ? keys.map((column) => column.name) : ['rowid']
  const order = key.map(quoted).join(', ')
  const places = key.map((column) => columns.indexOf(column))
  return {
    name,
    columns,
    query: (isAfter) =>
      `SELECT ${columns.map(quoted).join(', ')} FROM ${quoted(name)}${isAfter ? ` WHERE (${order}) > (${key.map(() => '?').join(', ')})` : ''} ORDER BY ${order}`,
    keyOf: (row) => places.map((place) => row[place] ?? null),
  }
}

const readSequences = (sql: SqlStorage): Record<string, number> =>
  Object.fromEntries(
    sql
      .exec<{ name: string; seq: number }>('SELECT name, seq FROM sqlite_sequence')
      .toArray()
      .map(({ name, seq }) => [name, seq]),
  )

/** Whether one of the tables that are meant has a row. */
export const haveRows = (sql: SqlStorage, isMeant: (name: string) => boolean): boolean =>
  readTables(sql)
    .stored.filter(({ name }) => isMeant(name))
    .some(({ name }) => sql.exec(`SELECT 1 FROM ${quoted(name)} LIMIT 1`).toArray().length > 0)

export const isTable = (sql: SqlStorage, name: string): boolean =>
  sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", name).toArray().length > 0

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
