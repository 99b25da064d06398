import { createHash } from 'node:crypto'
import { canonicalJson } from '../../workers/domain/json'
import type { EventType, RunEvent } from '../../workers/domain/runs'

type EventRow = { seq: number; at: string; type: EventType; step_key: string | null; body: string; hash: string; prev_hash: string }

/** Bodies are for reading along; anything longer is in the step's record. */
const MAX_BODY_CHARACTERS = 64 * 1024

const EMPTY = { seq: 0, hash: '' }

/** A run's append-only, hash-chained log. Everything that shows a run reads it. */
export class EventLog {
  private last: { seq: number; hash: string } | undefined

  constructor(private readonly sql: SqlStorage) {}

  /** Adds one entry. Call it inside the transaction of the change it tells of. */
  append(at: string, type: EventType, stepKey: string | undefined, body: Record<string, unknown> = {}): void {
    const { seq: lastSeq, hash: prevHash } = this.tail()
    const text = canonicalJson(body)
    const stored =
      text.length > MAX_BODY_CHARACTERS ? canonicalJson({ truncated: true, characters: text.length, sha256: sha256(text) }) : text
    const seq = lastSeq + 1
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

  lastSeq(): number {
    return this.tail().seq
  }

  /** The log was made just now. */
  begin(): void {
    this.last = EMPTY
  }

  /** Forgets the cached tail: needed when a transaction was rolled back. */
  reload(): void {
    this.last = undefined
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
