import { fileKeys } from '../../workers/domain/documents'
import { AppError } from '../../workers/domain/error'
import type { Files } from '../../workers/domain/ports'
import type { RunEvent } from '../../workers/domain/runs'
import type { EventLog } from './event-log'
import type { LateTables } from './tables'

/** Events of one segment; a run holds at most about two segments of them in its own database. */
export const SEGMENT_EVENTS = 5_000

type SegmentRow = { first_seq: number; last_seq: number; file_key: string }

export interface EventArchiveDeps {
  sql: SqlStorage
  tables: LateTables
  log: EventLog
  files(): Pick<Files, 'put' | 'read'>
  runId(): string
  commit(change: () => void): void
}

/**
 * The part of a run's log that has left its database for the file store: long bodies, and whole segments as NDJSON.
 *
 * 1. What is in the file store is written before its row goes: a crash between the two only writes the same file again.
 * 2. The hash chain stays whole: an entry has the same hash wherever it is, and the newest entry never leaves, because the next one
 *    is chained to it.
 */
export class EventArchive {
  private moving = false
  private segments: SegmentRow[] | undefined

  constructor(private readonly deps: EventArchiveDeps) {}

  get isDue(): boolean {
    return !this.moving && (this.deps.log.hasSpilled || this.deps.log.kept() > SEGMENT_EVENTS)
  }

  /** Moves what is due. Safe to repeat. */
  async move(): Promise<void> {
    if (this.moving) return
    this.moving = true
    try {
      await this.moveBodies()
      while (this.deps.log.kept() > SEGMENT_EVENTS) await this.moveSegment()
    } finally {
      this.moving = false
    }
  }

  /** Events after `seq`, from the file store as far as they are there. */
  async after(seq: number, limit: number): Promise<RunEvent[]> {
    const { log } = this.deps
    const events: RunEvent[] = []
    for (const segment of this.list()) {
      if (segment.last_seq <= seq || events.length >= limit) continue
      const archived = await this.read(segment.file_key)
      events.push(...archived.filter((event) => event.seq > seq).slice(0, limit - events.length))
    }
    return events.length >= limit ? events : [...events, ...log.after(Math.max(seq, events.at(-1)?.seq ?? 0), limit - events.length)]
  }

  /** Whether events after `seq` are in the file store. */
  holds(seq: number): boolean {
    return this.list().some((segment) => segment.last_seq > seq)
  }

  /** One event with its whole body, wherever that is. */
  async whole(seq: number): Promise<RunEvent | undefined> {
    if (!Number.isSafeInteger(seq) || seq < 1) return undefined
    const [event] = await this.after(seq - 1, 1)
    if (event?.seq !== seq) return undefined
    const { body } = event
    if (typeof body !== 'object' || body === null || !('ref' in body) || typeof body.ref !== 'string') return event
    const text = this.deps.log.spilled(seq) ?? (await this.readText(body.ref))
    return { ...event, body: JSON.parse(text) }
  }

  /** Forgets what it knew of its rows: after a rolled-back transaction. */
  reload(): void {
    this.segments = undefined
  }

  private list(): SegmentRow[] {
    const { sql, tables } = this.deps
    if (!tables.exist) return []
    this.segments ??= sql.exec<SegmentRow>('SELECT first_seq, last_seq, file_key FROM segments ORDER BY first_seq').toArray()
    return this.segments
  }

  private async moveBodies(): Promise<void> {
    const { log, files, runId, commit } = this.deps
    for (const { seq, text } of log.allSpilled()) {
      await files().put(fileKeys.eventBody(runId(), seq), text, 'application/json')
      commit(() => log.forgetSpilled(seq))
    }
  }

  private async moveSegment(): Promise<void> {
    const { sql, tables, log, files, runId, commit } = this.deps
    const events = log.oldest(SEGMENT_EVENTS)
    const [first, last] = [events[0]?.seq ?? 0, events.at(-1)?.seq ?? 0]
    const key = fileKeys.eventSegment(runId(), first, last)
    await files().put(key, events.map((event) => `${JSON.stringify(event)}\n`).join(''), 'application/x-ndjson')
    commit(() => {
      tables.ensure()
      sql.exec('INSERT OR REPLACE INTO segments (first_seq, last_seq, file_key) VALUES (?, ?, ?)', first, last, key)
      log.dropThrough(last)
    })
    this.segments = undefined
  }

  private async read(key: string): Promise<RunEvent[]> {
    const text = await this.readText(key)
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as RunEvent)
  }

  private async readText(key: string): Promise<string> {
    const bytes = await this.deps.files().read(key)
    if (bytes === undefined) throw new AppError('internal', 'A part of this log is missing from the file store; report the id of the run.')
    return new TextDecoder().decode(bytes)
  }
}
