import { type DumpPart, OTHER_OWNER, STARTS_ANEW } from '../workers/domain/dumps'
import { AppError, ok, type Result, refuse } from '../workers/domain/error'
import { decodeRow } from './dump-rows'
import { MARK_TABLE, quoted, readTables } from './dump-tables'

/** What a class knows of its own tables. */
export interface DumpedClass {
  /** Statements that make the tables and indexes, in groups that are made together. */
  scripts: readonly string[]
  /** Whether the object holds what a restore must not overwrite. */
  isEmpty(sql: SqlStorage): boolean
  /**
   * Whether no row says that the object is another's than its name does: what it does, it does as the tenant in its rows. Asked after
   * each page, when the rest may still be missing, and again with `isWhole`.
   */
  belongs(sql: SqlStorage, name: string, isWhole: boolean): boolean
  /** Rebuilds what was left out of the dump. Runs inside the transaction of the last page. */
  finish?(sql: SqlStorage): void
  /** Takes away what operators decide of tenants. Only for archives of tenants. */
  settle?(sql: SqlStorage): void
}

interface Mark extends Record<string, SqlStorageValue> {
  restore: string
  /** The page that comes next; null once all are there. */
  next: number | null
  /** 1 until the object may go on. */
  is_still: number
}

/** Whether a restore has not let the object go on yet: it must not wake, nor act by itself. */
export const isStill = (sql: SqlStorage): boolean => readMark(sql)?.is_still === 1

/** Lets the object go on, once it is whole. Gives whether it was still. */
export function endStillness(sql: SqlStorage): boolean {
  const mark = readMark(sql)
  if (mark?.is_still !== 1 || mark.next !== null) return false
  sql.exec(`UPDATE ${MARK_TABLE} SET is_still = 0`)
  return true
}

/** Ends this instance of the object once what it wrote is stored. */
export async function abortStored(ctx: DurableObjectState): Promise<never> {
  await ctx.storage.sync()
  ctx.abort(STARTS_ANEW)
  throw new Error(STARTS_ANEW)
}

/**
 * Takes one page of a dump: see `DumpedObject.takeDump`. Each page is one transaction, with the mark that it was taken. An object whose
 * rows name another than its own name does is refused (`invalid`), and nothing of the dump is left in it.
 */
export async function takePage(
  { id, storage }: Pick<DurableObjectState, 'id' | 'storage'>,
  kind: DumpedClass,
  part: DumpPart,
): Promise<Result<null>> {
  const { sql } = storage
  if (id.name === undefined) return refuse('internal', 'An object that does not know its own name takes no dump.')
  const { name } = id
  const mark = readMark(sql)
  const isMine = mark?.restore === part.restore
  if (isMine && mark.next === null && mark.is_still === 0) return ok(null)
  if (part.page === 0) {
    if (!isMine && part.replaces !== true && !kind.isEmpty(sql))
      return refuse('conflict', 'The object is not empty; restore into an installation that holds nothing.')
    await storage.deleteAlarm()
    await storage.deleteAll()
  } else if (!isMine || mark.next !== part.page) {
    if (isMine && (mark.next === null || mark.next > part.page)) return ok(null)
    return refuse('conflict', 'A page of the object is missing; send the file from the beginning.')
  }
  try {
    storage.transactionSync(() => {
      writePage(sql, kind, part)
      if (!kind.belongs(sql, name, part.isLast)) throw foreign(name)
    })
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    if (thrown.reason === OTHER_OWNER) await storage.deleteAll()
    return refuse(thrown.code, thrown.message, thrown.reason === undefined ? {} : { reason: thrown.reason })
  }
  return ok(null)
}

function writePage(sql: SqlStorage, kind: DumpedClass, part: DumpPart): void {
  if (part.page === 0) sql.exec(`CREATE TABLE ${MARK_TABLE} (restore TEXT NOT NULL, next INTEGER, is_still INTEGER NOT NULL)`)
  writeLines(sql, kind, part.lines)
  if (part.isLast) {
    for (const [table, seq] of Object.entries(part.sequences ?? {})) writeSequence(sql, table, seq)
    kind.finish?.(sql)
  }
  // After each page: an object that stays a half answers all the same.
  if (part.isArchive === true) kind.settle?.(sql)
  sql.exec(`DELETE FROM ${MARK_TABLE}`)
  sql.exec(`INSERT INTO ${MARK_TABLE} (restore, next, is_still) VALUES (?, ?, 1)`, part.restore, part.isLast ? null : part.page + 1)
}

function writeLines(sql: SqlStorage, kind: DumpedClass, lines: string): void {
  let insert: string | undefined
  for (const line of lines.split('\n')) {
    if (line === '') continue
    const value: unknown = JSON.parse(line)
    if (Array.isArray(value)) {
      if (insert === undefined) throw unreadable()
      sql.exec(insert, ...decodeRow(value))
    } else insert = readHead(sql, kind, value)
  }
}

/** `{names}` makes the tables; `{table, columns}` gives the statement for its rows. Nothing of the file is run as SQL. */
function readHead(sql: SqlStorage, kind: DumpedClass, head: unknown): string | undefined {
  if (typeof head !== 'object' || head === null) throw unreadable()
  if ('names' in head && isTexts(head.names)) {
    makeTables(sql, kind, head.names)
    return undefined
  }
  if (!('table' in head && typeof head.table === 'string' && 'columns' in head && isTexts(head.columns))) throw unreadable()
  const known = sql.exec<{ name: string }>(`PRAGMA table_info(${quoted(head.table)})`).toArray()
  const names = new Set(['rowid', ...known.map(({ name }) => name)])
  const strange = head.columns.filter((column) => !names.has(column))
  if (known.length === 0 || strange.length > 0) throw newer(`${head.table}.${strange[0] ?? '*'}`)
  const columns = head.columns.map(quoted).join(', ')
  return `INSERT OR REPLACE INTO ${quoted(head.table)} (${columns}) VALUES (${head.columns.map(() => '?').join(', ')})`
}

function makeTables(sql: SqlStorage, kind: DumpedClass, names: readonly string[]): void {
  const wanted = new Set(names)
  for (const script of kind.scripts) if (namesIn(script).some((name) => wanted.has(name))) sql.exec(script)
  const made = new Set(readTables(sql).names)
  const unknown = names.find((name) => !made.has(name))
  if (unknown !== undefined) throw newer(unknown)
  // Rows that making the tables puts in come from the dump.
  for (const { name } of readTables(sql).stored) sql.exec(`DELETE FROM ${quoted(name)}`)
}

/** Names of the tables and indexes that a script makes. */
export const namesIn = (script: string): string[] =>
  [...script.matchAll(/CREATE (?:UNIQUE )?(?:TABLE|INDEX) (?:IF NOT EXISTS )?(\w+)/gi)].flatMap(([, name]) => name ?? [])

function writeSequence(sql: SqlStorage, table: string, seq: number): void {
  sql.exec('DELETE FROM sqlite_sequence WHERE name = ?', table)
  sql.exec('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)', table, seq)
}

function readMark(sql: SqlStorage): Mark | undefined {
  const isThere = sql.exec('SELECT 1 FROM sqlite_master WHERE name = ?', MARK_TABLE).toArray().length > 0
  return isThere ? sql.exec<Mark>(`SELECT restore, next, is_still FROM ${MARK_TABLE}`).toArray()[0] : undefined
}

const foreign = (name: string) =>
  new AppError('invalid', `The rows of the object '${name}' are of another tenant or object: the file was tampered with.`, {
    reason: OTHER_OWNER,
  })
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((each) => typeof each === 'string')
const unreadable = () => new AppError('invalid', 'The dump of an object cannot be read; make the backup anew.')
const newer = (name: string) =>
  new AppError('invalid', `The dump holds '${name}', which this version does not know; restore with the version that made the backup.`)
