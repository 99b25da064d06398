import { createHash } from 'node:crypto'
import {
  type AuditAct,
  type AuditCheckpoint,
  AuditEntry,
  type AuditLine,
  type AuditQuery,
  actToSeal,
  type CheckpointClaim,
  sealText,
} from '../../workers/domain/audit'
import { canonicalJson } from '../../workers/domain/json'
import { decodePlace, pageOf } from '../../workers/domain/pages'
import type { PageOf } from '../../workers/domain/ports'

export const AUDIT_TABLES = `
CREATE TABLE IF NOT EXISTS audit (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, kind TEXT,
  resource_kind TEXT, resource_id TEXT, entry TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS audit_by_actor ON audit (actor, seq);
CREATE INDEX IF NOT EXISTS audit_by_action ON audit (action, seq);
CREATE INDEX IF NOT EXISTS audit_by_resource ON audit (resource_id, seq) WHERE resource_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS audit_by_kind ON audit (kind, seq) WHERE kind IS NOT NULL;
CREATE INDEX IF NOT EXISTS audit_by_time ON audit (at);
CREATE TABLE IF NOT EXISTS audit_begun (id TEXT PRIMARY KEY, act TEXT NOT NULL, begun_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS audit_checkpoints (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, line TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS audit_alerts (kind TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
`

type Row = { seq: number; at: string; entry: string }
type Begun = { id: string; act: string }

/** An act that did not say how it ended within this time was done by a process that is gone: no request takes so long. */
export const ABANDONED_MS = 15 * 60_000
/** Entries after which a checkpoint is due. */
const CHECKPOINT_ENTRIES = 200
/** The oldest unsigned entry waits no longer than this for one. */
const CHECKPOINT_MS = 3_600_000

/**
 * The tenant's audit: append-only, hash-chained.
 *
 * 1. Number, chain link and row of an entry are written in one synchronous piece: run `append` inside a transaction.
 * 2. An entry with an id that is there is not written again, so whoever is unsure may tell it twice.
 * 3. There is no way to change or remove an entry.
 */
export class AuditLog {
  private last: { seq: number; hash: string; at: string } | undefined

  constructor(
    private readonly sql: SqlStorage,
    private readonly tenantId: () => string,
  ) {}

  append(acts: readonly AuditAct[], now: Date): void {
    for (const act of acts) if (!this.has(act.id)) this.add(actToSeal(act, sha256), now)
  }

  begin(act: Omit<AuditAct, 'outcome'>, now: Date): void {
    const sealed = actToSeal({ ...act, outcome: 'unknown' }, sha256)
    this.sql.exec('INSERT OR REPLACE INTO audit_begun (id, act, begun_at) VALUES (?, ?, ?)', act.id, canonicalJson(sealed), now.getTime())
  }

  end(id: string, act: AuditAct | undefined, now: Date): void {
    this.sql.exec('DELETE FROM audit_begun WHERE id = ?', id)
    if (act !== undefined) this.append([act], now)
  }

  /** Enters what was begun and never ended, as far as known. */
  closeAbandoned(now: Date): void {
    const before = now.getTime() - ABANDONED_MS
    const rows = this.sql.exec<Begun>('SELECT id, act FROM audit_begun WHERE begun_at < ? ORDER BY begun_at LIMIT 100', before).toArray()
    for (const { id, act } of rows) this.end(id, JSON.parse(act) as AuditAct, now)
  }

  /** When `closeAbandoned` has something to do next. */
  nextAbandoned(): number | undefined {
    const begun = this.sql.exec<{ first: number | null }>('SELECT min(begun_at) AS first FROM audit_begun').one().first
    return begun === null ? undefined : begun + ABANDONED_MS + 1
  }

  list({ limit, cursor, ...wanted }: AuditQuery): PageOf<AuditEntry> {
    const conditions = conditionsOf(wanted)
    if (cursor !== undefined) conditions.push(['seq < ?', decodePlace(cursor)])
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(([text]) => text).join(' AND ')}`
    const values = conditions.flatMap(([, ...rest]) => rest)
    const rows = this.sql.exec<Row>(`SELECT seq, at, entry FROM audit ${where} ORDER BY seq DESC LIMIT ?`, ...values, limit + 1).toArray()
    return pageOf(rows.map(toEntry), limit, ({ at, seq }) => ({ at, id: String(seq) }))
  }

  /** Up to `limit` entries after `after`, each followed by the checkpoint about it, if there is one. */
  lines(after: number, limit: number): AuditLine[] {
    const entries = this.sql.exec<Row>('SELECT seq, at, entry FROM audit WHERE seq > ? ORDER BY seq LIMIT ?', after, limit).toArray()
    const last = entries.at(-1)?.seq ?? after
    const signed = new Map(
      this.sql
        .exec<{ seq: number; line: string }>('SELECT seq, line FROM audit_checkpoints WHERE seq > ? AND seq <= ?', after, last)
        .toArray()
        .map(({ seq, line }) => [seq, JSON.parse(line) as AuditCheckpoint]),
    )
    return entries.map(toEntry).flatMap((entry): AuditLine[] => {
      const checkpoint = signed.get(entry.seq)
      return checkpoint === undefined ? [entry] : [entry, checkpoint]
    })
  }

  /** What is to be signed: the end of the chain; undefined when nothing is there. */
  claim(now: Date): CheckpointClaim | undefined {
    const { seq, hash } = this.tail()
    if (seq === 0) return undefined
    return { purpose: 'steward-audit-checkpoint', tenantId: this.tenantId(), seq, hash, at: now.toISOString() }
  }

  saveCheckpoint(checkpoint: AuditCheckpoint): void {
    const { seq, at } = checkpoint
    this.sql.exec('INSERT OR IGNORE INTO audit_checkpoints (seq, at, line) VALUES (?, ?, ?)', seq, at, canonicalJson(checkpoint))
  }

  checkpointAt(seq: number): AuditCheckpoint | undefined {
    const row = this.sql.exec<{ line: string }>('SELECT line FROM audit_checkpoints WHERE seq = ?', seq).toArray()[0]
    return row && (JSON.parse(row.line) as AuditCheckpoint)
  }

  /** When the next checkpoint is due; undefined while all is signed. */
  nextCheckpoint(now: number): number | undefined {
    const signed = this.sql.exec<{ seq: number | null }>('SELECT max(seq) AS seq FROM audit_checkpoints').one().seq ?? 0
    const { seq } = this.tail()
    if (seq <= signed) return undefined
    if (seq - signed >= CHECKPOINT_ENTRIES) return now
    const first = this.sql.exec<{ at: string }>('SELECT at FROM audit WHERE seq > ? ORDER BY seq LIMIT 1', signed).toArray()[0]
    return first === undefined ? undefined : Date.parse(first.at) + CHECKPOINT_MS
  }

  claimAlert(kind: string, windowMs: number, now: number): boolean {
    return (
      this.sql
        .exec(
          'INSERT INTO audit_alerts (kind, at) VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET at = excluded.at WHERE audit_alerts.at <= ? RETURNING kind',
          kind,
          now,
          now - windowMs,
        )
        .toArray().length > 0
    )
  }

  /** Forgets the end of the chain that it knew: after a rolled-back transaction. */
  reload(): void {
    this.last = undefined
  }

  private add(act: AuditAct, now: Date): void {
    const { seq: lastSeq, hash: prevHash, at: lastAt } = this.tail()
    // Times rise with the numbers, also when a clock was set back.
    const at = [now.toISOString(), lastAt].sort().at(-1) ?? lastAt
    const content = { ...act, type: 'entry' as const, tenantId: this.tenantId(), seq: lastSeq + 1, at, prevHash }
    const hash = sha256(sealText(content))
    const entry: AuditEntry = { ...content, hash }
    this.sql.exec(
      'INSERT INTO audit (seq, id, at, actor, action, kind, resource_kind, resource_id, entry) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      entry.seq,
      entry.id,
      at,
      entry.actor.id,
      entry.action,
      entry.kind ?? null,
      entry.resource?.kind ?? null,
      entry.resource?.id ?? null,
      canonicalJson(entry),
    )
    this.last = { seq: entry.seq, hash, at }
  }

  private has(id: string): boolean {
    return this.sql.exec('SELECT 1 FROM audit WHERE id = ?', id).toArray().length > 0
  }

  private tail(): { seq: number; hash: string; at: string } {
    if (this.last !== undefined) return this.last
    const row = this.sql.exec<Row>('SELECT seq, at, entry FROM audit ORDER BY seq DESC LIMIT 1').toArray()[0]
    this.last = row === undefined ? { seq: 0, hash: '', at: '' } : { seq: row.seq, hash: toEntry(row).hash, at: row.at }
    return this.last
  }
}

type Condition = [string, ...(string | number)[]]

const conditionsOf = (wanted: Omit<AuditQuery, 'limit' | 'cursor'>): Condition[] => [
  ...(wanted.isSecurity === true ? [['kind IS NOT NULL'] satisfies Condition] : []),
  ...(wanted.kind === undefined ? [] : [['kind = ?', wanted.kind] satisfies Condition]),
  ...(wanted.actor === undefined ? [] : [['actor = ?', wanted.actor] satisfies Condition]),
  ...(wanted.action === undefined ? [] : [['action = ?', wanted.action] satisfies Condition]),
  ...(wanted.resourceId === undefined ? [] : [['resource_id = ?', wanted.resourceId] satisfies Condition]),
  ...(wanted.resourceKind === undefined ? [] : [['resource_kind = ?', wanted.resourceKind] satisfies Condition]),
  ...(wanted.createdFrom === undefined ? [] : [['at >= ?', wanted.createdFrom] satisfies Condition]),
  ...(wanted.createdTo === undefined ? [] : [['at < ?', wanted.createdTo] satisfies Condition]),
]

const toEntry = ({ entry }: Row): AuditEntry => AuditEntry.parse(JSON.parse(entry))

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
