/** Work of a collection that goes on behind its requests, part by part, and survives eviction because what is to be done is read from its tables. */
export interface UpkeepTask {
  name: string
  isPending(): boolean
  /** Does one part; gives whether the next can follow at once. A throw is remembered and tried again later. */
  run(): Promise<boolean>
}

/** One alarm stays far below the time an alarm may take, so that requests get their turn and little is lost when the object dies. */
const TURN_MS = 15_000
/** For a task that waits for something outside, such as a store that shows writes after seconds. */
const WAIT_MS = 5_000
const FIRST_RETRY_MS = 2_000
const LONGEST_RETRY_MS = 5 * 60_000
const MAX_ERROR_CHARACTERS = 500

export interface UpkeepClock {
  now(): number
}

/** Runs the tasks that are due, and gives when the alarm is wanted next; undefined when nothing is pending. */
export async function runUpkeep(sql: SqlStorage, tasks: readonly UpkeepTask[], clock: UpkeepClock): Promise<number | undefined> {
  const endsAt = clock.now() + TURN_MS
  for (const task of tasks) {
    if (!task.isPending() || dueAt(sql, task) > clock.now()) continue
    await runTask(sql, task, clock, endsAt)
  }
  return nextUpkeep(sql, tasks, clock)
}

async function runTask(sql: SqlStorage, task: UpkeepTask, clock: UpkeepClock, endsAt: number): Promise<void> {
  try {
    let isMore = true
    while (isMore && task.isPending() && clock.now() < endsAt) isMore = await task.run()
    note(sql, task.name, { failures: 0, lastError: null, dueAt: isMore ? clock.now() : clock.now() + WAIT_MS })
  } catch (thrown) {
    const failures = failuresOf(sql, task.name) + 1
    const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1))
    const lastError = (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, MAX_ERROR_CHARACTERS)
    note(sql, task.name, { failures, lastError, dueAt: clock.now() + wait })
  }
}

/** When the alarm is wanted for what is pending now. */
export function nextUpkeep(sql: SqlStorage, tasks: readonly UpkeepTask[], clock: UpkeepClock): number | undefined {
  const due = tasks.filter((task) => task.isPending()).map((task) => Math.max(clock.now(), dueAt(sql, task)))
  return due.length === 0 ? undefined : Math.min(...due)
}

/** Why a task's last try failed; undefined once it went on. */
export function lastErrorOf(sql: SqlStorage, name: string): string | undefined {
  const [row] = sql.exec<{ last_error: string | null }>('SELECT last_error FROM upkeep WHERE task = ?', name).toArray()
  return row?.last_error ?? undefined
}

const dueAt = (sql: SqlStorage, { name }: UpkeepTask): number =>
  sql.exec<{ due_at: number }>('SELECT due_at FROM upkeep WHERE task = ?', name).toArray()[0]?.due_at ?? 0

const failuresOf = (sql: SqlStorage, name: string): number =>
  sql.exec<{ failures: number }>('SELECT failures FROM upkeep WHERE task = ?', name).toArray()[0]?.failures ?? 0

function note(sql: SqlStorage, name: string, row: { failures: number; lastError: string | null; dueAt: number }): void {
  sql.exec(
    'INSERT OR REPLACE INTO upkeep (task, failures, last_error, due_at) VALUES (?, ?, ?, ?)',
    name,
    row.failures,
    row.lastError,
    row.dueAt,
  )
}
