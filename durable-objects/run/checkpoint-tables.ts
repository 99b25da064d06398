/** One row of SQLite holds at most 2 MB; a channel value is cut into parts well below that. */
const PART_BYTES = 1_000_000

export const CHECKPOINT_TABLES = `
CREATE TABLE IF NOT EXISTS checkpoints (
  thread TEXT NOT NULL, ns TEXT NOT NULL, id TEXT NOT NULL, parent_id TEXT, checkpoint TEXT NOT NULL, metadata TEXT NOT NULL,
  PRIMARY KEY (thread, ns, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checkpoint_values (
  thread TEXT NOT NULL, ns TEXT NOT NULL, channel TEXT NOT NULL, version TEXT NOT NULL, part INTEGER NOT NULL, type TEXT NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY (thread, ns, channel, version, part)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checkpoint_writes (
  thread TEXT NOT NULL, ns TEXT NOT NULL, id TEXT NOT NULL, task_id TEXT NOT NULL, position INTEGER NOT NULL,
  channel TEXT NOT NULL, type TEXT NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY (thread, ns, id, task_id, position)
) WITHOUT ROWID;`

export interface ValueAddress {
  thread: string
  ns: string
  channel: string
  version: string
}

/** Stores one version of a channel value, replacing what was there. */
export function writeParts(sql: SqlStorage, { thread, ns, channel, version }: ValueAddress, type: string, bytes: Uint8Array): void {
  sql.exec('DELETE FROM checkpoint_values WHERE thread = ? AND ns = ? AND channel = ? AND version = ?', thread, ns, channel, version)
  const parts = Math.max(1, Math.ceil(bytes.length / PART_BYTES))
  for (let part = 0; part < parts; part += 1) {
    const value = bytes.slice(part * PART_BYTES, (part + 1) * PART_BYTES)
    sql.exec('INSERT INTO checkpoint_values VALUES (?, ?, ?, ?, ?, ?, ?)', thread, ns, channel, version, part, type, value)
  }
}

/** One version of a channel value, or undefined when it was never written. */
export function readParts(
  sql: SqlStorage,
  { thread, ns, channel, version }: ValueAddress,
): { type: string; bytes: Uint8Array } | undefined {
  const rows = sql
    .exec<{ type: string; value: ArrayBuffer }>(
      'SELECT type, value FROM checkpoint_values WHERE thread = ? AND ns = ? AND channel = ? AND version = ? ORDER BY part',
      thread,
      ns,
      channel,
      version,
    )
    .toArray()
  const first = rows[0]
  if (first === undefined) return undefined
  if (rows.length === 1) return { type: first.type, bytes: new Uint8Array(first.value) }
  const bytes = new Uint8Array(rows.reduce((sum, row) => sum + row.value.byteLength, 0))
  let offset = 0
  for (const row of rows) {
    bytes.set(new Uint8Array(row.value), offset)
    offset += row.value.byteLength
  }
  return { type: first.type, bytes }
}
