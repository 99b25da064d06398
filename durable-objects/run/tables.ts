import { CHECKPOINT_TABLES } from './checkpoint-tables'

/**
 * Tables that every run has. Created when it starts, so that asking for a run that never was leaves nothing behind. A new database
 * pays for every b-tree, so keys are the tables themselves (WITHOUT ROWID) and what few runs need stands in RARE_TABLES.
 */
export const RUN_TABLES = `
CREATE TABLE IF NOT EXISTS run (
  position INTEGER PRIMARY KEY, id TEXT NOT NULL, tenant_id TEXT NOT NULL, workflow TEXT NOT NULL, workflow_version TEXT NOT NULL, definition TEXT NOT NULL,
  trigger TEXT NOT NULL, input TEXT NOT NULL, vars TEXT NOT NULL, status TEXT NOT NULL, outputs TEXT, outputs_ref TEXT, error TEXT,
  title TEXT, document_id TEXT, forked_from TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, ended_at TEXT,
  cost_micro_usd INTEGER NOT NULL DEFAULT 0, revision INTEGER NOT NULL DEFAULT 1, projected_revision INTEGER NOT NULL DEFAULT 0,
  drive_failures INTEGER NOT NULL DEFAULT 0, origin TEXT
);
CREATE TABLE IF NOT EXISTS steps (
  key TEXT PRIMARY KEY, position INTEGER NOT NULL, step_id TEXT NOT NULL, scope TEXT NOT NULL, kind TEXT NOT NULL,
  agent TEXT, operation TEXT, status TEXT NOT NULL, attempt INTEGER NOT NULL DEFAULT 1, token TEXT NOT NULL DEFAULT '',
  interrupt_id TEXT, input TEXT, output TEXT, output_ref TEXT, error TEXT, started_at TEXT, ended_at TEXT,
  cost_micro_usd INTEGER NOT NULL DEFAULT 0, provider TEXT, degraded INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS scopes (
  scope TEXT PRIMARY KEY, path TEXT NOT NULL, parent_key TEXT, label TEXT NOT NULL, idx INTEGER NOT NULL, item TEXT,
  status TEXT NOT NULL, interrupt_id TEXT, asked TEXT, answer TEXT, output TEXT, output_ref TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS timers (kind TEXT NOT NULL, step_key TEXT NOT NULL, token TEXT NOT NULL, wake_at INTEGER NOT NULL, PRIMARY KEY (kind, step_key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, type TEXT NOT NULL, step_key TEXT, body TEXT NOT NULL, hash TEXT NOT NULL, prev_hash TEXT NOT NULL
);
`

/** For runs that hold more than a handful of steps: made when a forEach step begins, because every new index costs a page. */
export const WIDE_INDEXES = `
CREATE INDEX IF NOT EXISTS steps_by_status ON steps (status);
CREATE INDEX IF NOT EXISTS scopes_by_parent ON scopes (parent_key, status, idx);
CREATE INDEX IF NOT EXISTS scopes_by_status ON scopes (status);
`

/** The table that a run gets when it first acts on the world. */
export const EFFECT_TABLES = `
CREATE TABLE IF NOT EXISTS effects (
  key TEXT PRIMARY KEY, id TEXT NOT NULL, step_key TEXT NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL, status TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, planned_at TEXT NOT NULL, settled_at TEXT, receipt TEXT, error TEXT
) WITHOUT ROWID;
`

/** The table that a run gets when it first has work for an agent. */
export const OUTBOX_TABLES = `
CREATE TABLE IF NOT EXISTS outbox (step_key TEXT PRIMARY KEY, agent TEXT NOT NULL, token TEXT NOT NULL, sends INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
`

/** Tables that a run gets when it first asks a person, waits for an event, or takes over records. */
export const RARE_TABLES = `
CREATE TABLE IF NOT EXISTS approvals (
  id TEXT PRIMARY KEY, step_key TEXT NOT NULL, title TEXT NOT NULL, details TEXT NOT NULL, status TEXT NOT NULL, requested_at TEXT NOT NULL,
  expires_at TEXT, decided_at TEXT, decided_by TEXT, comment TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mailbox (
  id INTEGER PRIMARY KEY, event TEXT NOT NULL, correlation TEXT NOT NULL, payload TEXT NOT NULL, received_at TEXT NOT NULL, taken_by TEXT
);
CREATE TABLE IF NOT EXISTS waits (step_key TEXT PRIMARY KEY, event TEXT NOT NULL, correlation TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
  step_key TEXT PRIMARY KEY, input_hash TEXT, status TEXT NOT NULL, output TEXT, output_ref TEXT, is_override INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
`

/** Tables that a run gets when its log outgrows its database. */
export const ARCHIVE_TABLES = `
CREATE TABLE IF NOT EXISTS spilled (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS segments (first_seq INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL, file_key TEXT NOT NULL);
`

/** Tables that are made on first writing. Reading before that finds nothing. */
export class LateTables {
  private known: boolean | undefined

  /** `last` is a table that stands only when all of them do. */
  constructor(
    private readonly sql: SqlStorage,
    private readonly definitions: string,
    private readonly last: string,
  ) {}

  get exist(): boolean {
    this.known ??= this.sql.exec('SELECT 1 FROM sqlite_master WHERE name = ?', this.last).toArray().length > 0
    return this.known
  }

  ensure(): void {
    if (this.exist) return
    this.sql.exec(this.definitions)
    this.known = true
  }

  /** The run was made just now, without them. */
  begin(): void {
    this.known = false
  }

  /** Forgets: after a rolled-back transaction they may be gone again. */
  reload(): void {
    this.known = undefined
  }
}

export const checkpointTables = (sql: SqlStorage): LateTables => new LateTables(sql, CHECKPOINT_TABLES, 'checkpoint_writes')
export const effectTables = (sql: SqlStorage): LateTables => new LateTables(sql, EFFECT_TABLES, 'effects')
export const outboxTables = (sql: SqlStorage): LateTables => new LateTables(sql, OUTBOX_TABLES, 'outbox')
export const rareTables = (sql: SqlStorage): LateTables => new LateTables(sql, RARE_TABLES, 'records')
export const archiveTables = (sql: SqlStorage): LateTables => new LateTables(sql, ARCHIVE_TABLES, 'segments')

/** Text in SQLite above this goes to the file store by reference. */
export const INLINE_BYTES = 64 * 1024
