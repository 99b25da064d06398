import type { LateTables } from './tables'

/** A run with more rows of a kind is wide, and asks SQLite for them. */
const MIRRORED_ROWS = 100

/** Which rows: once for SQLite and once for the mirror. Both must say the same. */
export interface Question<Row> {
  where: string
  bindings?: SqlStorageValue[]
  test(row: Row): boolean
}

interface Table<Row> {
  name: string
  key: keyof Row & string
  columns: readonly (keyof Row & string)[]
  /** Column that `select` and `first` order by. */
  order: keyof Row & string
  /** Given when the table is made on first writing. */
  late?: LateTables
}

/**
 * The rows of one table by their key, written through at once. While there are few they are mirrored in memory: a new object prepares
 * every statement anew, so those that are not asked are what makes a short run cheap. What counts is in the rows.
 */
export class Rows<Row extends Record<string, SqlStorageValue>> {
  private mirror: Map<string, Row> | 'too many' | undefined
  /** Single rows that a wide run has found. */
  private readonly found = new Map<string, Row | undefined>()
  private readonly statement: string

  constructor(
    private readonly sql: SqlStorage,
    private readonly table: Table<Row>,
  ) {
    const { name, columns } = table
    this.statement = `INSERT OR REPLACE INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
  }

  find(key: string): Row | undefined {
    const mirror = this.mirrored()
    if (mirror !== undefined) return mirror.get(key)
    if (this.found.has(key)) return this.found.get(key)
    const row = this.ask(`WHERE ${this.table.key} = ?`, [key])[0]
    if (this.found.size >= MIRRORED_ROWS) this.found.clear()
    this.found.set(key, row)
    return row
  }

  /** In order. */
  select({ where, bindings, test }: Question<Row>): Row[] {
    const mirror = this.mirrored()
    return mirror === undefined
      ? this.ask(`WHERE ${where} ORDER BY ${this.table.order}`, bindings)
      : this.sorted([...mirror.values()].filter(test))
  }

  /** The first in order. */
  first({ where, bindings, test }: Question<Row>): Row | undefined {
    const mirror = this.mirrored()
    return mirror === undefined
      ? this.ask(`WHERE ${where} ORDER BY ${this.table.order} LIMIT 1`, bindings)[0]
      : this.sorted([...mirror.values()].filter(test))[0]
  }

  /** One of them, whichever is found first. */
  any({ where, bindings, test }: Question<Row>): Row | undefined {
    const mirror = this.mirrored()
    if (mirror === undefined) return this.ask(`WHERE ${where} LIMIT 1`, bindings)[0]
    for (const row of mirror.values()) if (test(row)) return row
    return undefined
  }

  all(): Row[] {
    return this.select({ where: 'TRUE', test: () => true })
  }

  count(): number {
    return this.mirrored()?.size ?? this.countStored()
  }

  /** Inserts or replaces. */
  put(row: Row): void {
    const { key, columns, late } = this.table
    const mirror = this.mirrored()
    late?.ensure()
    this.sql.exec(this.statement, ...columns.map((column) => row[column]))
    const name = String(row[key])
    this.found.delete(name)
    mirror?.set(name, row)
    if (mirror !== undefined && mirror.size > MIRRORED_ROWS) this.mirror = 'too many'
  }

  /** Changes one row, and gives it as it is then; undefined when there is none. */
  change(key: string, change: Partial<Row>): Row | undefined {
    const row = this.find(key)
    if (row === undefined) return undefined
    const changed = { ...row, ...change }
    this.put(changed)
    return changed
  }

  /** The table was made just now. */
  begin(): void {
    this.mirror = new Map()
  }

  /** Forgets the mirror: after a rolled-back transaction. */
  reload(): void {
    this.mirror = undefined
    this.found.clear()
  }

  private mirrored(): Map<string, Row> | undefined {
    this.mirror ??= this.countStored() > MIRRORED_ROWS ? 'too many' : new Map(this.ask('').map((row) => [String(row[this.table.key]), row]))
    return this.mirror === 'too many' ? undefined : this.mirror
  }

  private countStored(): number {
    if (this.table.late?.exist === false) return 0
    return this.sql.exec<{ count: number }>(`SELECT COUNT(*) AS count FROM ${this.table.name}`).one().count
  }

  private ask(condition: string, bindings: SqlStorageValue[] = []): Row[] {
    if (this.table.late?.exist === false) return []
    return this.sql.exec<Row>(`SELECT * FROM ${this.table.name} ${condition}`, ...bindings).toArray()
  }

  private sorted(rows: Row[]): Row[] {
    const { order } = this.table
    return rows.sort((a, b) => compare(a[order], b[order]))
  }
}

/** Numbers and plain texts, as SQLite's binary collation orders them. */
function compare(a: SqlStorageValue | undefined, b: SqlStorageValue | undefined): number {
  if (a === b || a == null || b == null) return 0
  return a < b ? -1 : 1
}
