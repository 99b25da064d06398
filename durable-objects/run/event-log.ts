import { createHash } from 'node:crypto'
import { fileKeys } from '../../workers/domain/documents'
import { canonicalJson } from '../../workers/domain/json'
import type { EventType, RunEvent } from '../../workers/domain/runs'
import type { LateTables } from './tables'

type EventRow = { seq: number; at: string; type: EventType; step_key: string | null; body: string; hash: string; prev_hash: string }

/** A longer body goes to the file store by reference. */
const MAX_BODY_CHARACTERS = 64 * 1024
/** On its way there it waits in a row, which SQLite ends at 2 MB. What is longer is known by its hash only. */
const MAX_SPILLED_CHARACTERS = 1_000_000

const EMPTY = { seq: 0, hash: '' }

/** A run's append-only, hash-chained log. Everything that shows a run reads it. */
export class EventLog {
  private last: { seq: number; hash: string } | undefined
  private first: number | undefined
  private maySpill = true

  constructor(
    private readonly sql: SqlStorage,
    private readonly tables: LateTables,
    private readonly runId: () => string,
  ) {}

  /** Adds one entry. Call it inside the transaction of the change it tells of. */
  append(at: string, type: EventType, stepKey: string | undefined, body: Record<string, unknown> = {}): void {
    const { seq: lastSeq, hash: prevHash } = this.tail()
    const seq = lastSeq + 1
    const text = canonicalJson(body)
    const stored = text.length > MAX_BODY_CHARACTERS ? this.spill(seq, text) : text
    const hash = eventHash(prevHash, { seq, at, type, stepKey, body: JSON.parse(stored) })
    this.sql.exec(
      'INSERT INTO events (seq, at, type, step_key, body, hash, prev_hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
      seq,
      at,
      type,
      stepKey ?? null,
      stored,
      hash,
      prevHash,
    )
    this.last = { seq, hash }
  }

  after(seq: number, limit: number): RunEvent[] {
    return this.sql.exec<EventRow>('SELECT * FROM events WHERE seq > ? ORDER BY seq LIMIT ?', seq, limit).toArray().map(toEvent)
  }

  /** How many events the database holds. */
  kept(): number {
    return this.lastSeq() - this.firstSeq() + 1
  }

  oldest(limit: number): RunEvent[] {
    return this.after(this.firstSeq() - 1, limit)
  }

  /** Forgets the events up to `seq`, which are kept elsewhere. */
  dropThrough(seq: number): void {
    this.sql.exec('DELETE FROM events WHERE seq <= ?', seq)
    this.first = undefined
  }

  /** Whether bodies wait to be taken to the file store. */
  get hasSpilled(): boolean {
    this.maySpill &&= this.tables.exist && this.sql.exec('SELECT 1 FROM spilled LIMIT 1').toArray().length > 0
    return this.maySpill
  }

  allSpilled(): { seq: number; text: string }[] {
    if (!this.hasSpilled) return []
    return this.sql.exec<{ seq: number; text: string }>('SELECT seq, body AS text FROM spilled ORDER BY seq').toArray()
  }

  spilled(seq: number): string | undefined {
    return this.tables.exist ? this.sql.exec<{ body: string }>('SELECT body FROM spilled WHERE seq = ?', seq).toArray()[0]?.body : undefined
  }

  forgetSpilled(seq: number): void {
    this.sql.exec('DELETE FROM spilled WHERE seq = ?', seq)
  }

  private spill(seq: number, text: string): string {
    const known = { characters: text.length, sha256: sha256(text) }
    if (text.length > MAX_SPILLED_CHARACTERS) return canonicalJson({ truncated: true, ...known })
    this.tables.ensure()
    this.sql.exec('INSERT OR REPLACE INTO spilled (seq, body) VALUES (?, ?)', seq, text)
    this.maySpill = true
    return canonicalJson({ ref: fileKeys.eventBody(this.runId(), seq), ...known })
  }

  private firstSeq(): number {
    this.first ??= this.sql.exec<{ seq: number }>('SELECT seq FROM events ORDER BY seq LIMIT 1').toArray()[0]?.seq ?? this.lastSeq() + 1
    return this.first
  }

  lastSeq(): number {
    return this.tail().seq
  }

  /** The log was made just now. */
  begin(): void {
    this.last = EMPTY
    this.first = 1
    this.maySpill = false
  }

  /** Forgets the cached tail: needed when a transaction was rolled back. */
  reload(): void {
    this.last = undefined
    this.first = undefined
    this.maySpill = true
  }

  private tail(): { seq: number; hash: string } {
    this.last ??=
      this.sql.exec<{ seq: number; hash: string }>('SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1').toArray()[0] ?? EMPTY
    return this.last
  }
}

/** `sha256(prevHash + canonicalJson(entry))`, lower-case hex. */
export const eventHash = (prevHash: string, entry: Pick<RunEvent, 'seq' | 'at' | 'type' | 'stepKey' | 'body'>): string =>
  sha256(prevHash + canonicalJson(entry))

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

function toEvent(row: EventRow): RunEvent {
  return {
    seq: row.seq,
    at: row.at,
    type: row.type,
    ...(row.step_key !== null && { stepKey: row.step_key }),
    body: JSON.parse(row.body),
    hash: row.hash,
    prevHash: row.prev_hash,
  }
}
