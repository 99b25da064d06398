import type { DumpPage } from '../workers/domain/dumps'
import { ok, type Result, refuse } from '../workers/domain/error'
import { encodeRow } from './dump-rows'
import { type DumpedTable, readTables } from './dump-tables'

/** Characters of a page: with a row of 2 MB on top it stays far below the 32 MB of one RPC call. */
const PAGE_CHARACTERS = 6_000_000

/** Where the next page begins: the table, and the key of the last row that was given. */
interface Place {
  table: string
  after: SqlStorageValue[]
}

const epochs = new WeakMap<DurableObjectStorage, string>()

/** A page of all tables of an object, in order of their names and keys; `''` begins. Doing it again gives the same. */
export async function dumpPage(storage: DurableObjectStorage, after: string): Promise<Result<DumpPage>> {
  const alarmAt = await storage.getAlarm()
  const place = after === '' ? undefined : (JSON.parse(after) as Place)
  const tables = readTables(storage.sql)
  const from = place === undefined ? 0 : tables.stored.findIndex(({ name }) => name === place.table)
  if (from < 0) return refuse('conflict', 'The object has changed; dump it from the beginning.')
  const page = createPage()
  if (place === undefined) page.add(JSON.stringify({ names: tables.names }))
  let next: Place | undefined
  for (const table of tables.stored.slice(from)) {
    next = dumpTable(storage.sql, table, place?.table === table.name ? place.after : undefined, page)
    if (next !== undefined) break
  }
  return ok({
    stamp: stampOf(storage),
    ...page.end(),
    ...(next && { next: JSON.stringify(next) }),
    ...(alarmAt !== null && { alarmAt }),
    ...(tables.sequences && { sequences: tables.sequences }),
  })
}

/** Gives the place to go on from when the page is full. */
function dumpTable(sql: SqlStorage, table: DumpedTable, after: SqlStorageValue[] | undefined, page: Page): Place | undefined {
  page.add(JSON.stringify({ table: table.name, columns: table.columns }))
  for (const row of sql.exec(table.query(after !== undefined), ...(after ?? [])).raw()) {
    page.addRow(encodeRow(row))
    if (page.isFull()) return { table: table.name, after: table.keyOf(row) }
  }
  return undefined
}

type Page = ReturnType<typeof createPage>

function createPage() {
  const lines: string[] = []
  let [rows, characters] = [0, 0]
  const add = (line: string) => {
    lines.push(line)
    characters += line.length
  }
  return {
    add,
    addRow: (line: string) => {
      add(line)
      rows += 1
    },
    isFull: () => characters >= PAGE_CHARACTERS,
    end: () => ({ lines: `${lines.join('\n')}\n`, rows }),
  }
}

/** Every write counts, also one that was rolled back; another instance of the object counts from its own beginning. */
function stampOf(storage: DurableObjectStorage): string {
  const epoch = epochs.get(storage) ?? crypto.randomUUID()
  epochs.set(storage, epoch)
  return `${epoch}/${storage.sql.exec<{ changes: number }>('SELECT total_changes() AS changes').one().changes}`
}
