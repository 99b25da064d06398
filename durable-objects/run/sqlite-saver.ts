import type { RunnableConfig } from '@langchain/core/runnables'
import {
  BaseCheckpointSaver,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointTuple,
  copyCheckpoint,
  getCheckpointId,
  maxChannelVersion,
  type PendingWrite,
  TASKS,
  WRITES_IDX_MAP,
} from '@langchain/langgraph-checkpoint'
import { CHECKPOINT_TABLES, readParts, writeParts } from './checkpoint-tables'

type CheckpointRow = { thread: string; ns: string; id: string; parent_id: string | null; checkpoint: string; metadata: string }
type WriteRow = { task_id: string; channel: string; type: string; value: ArrayBuffer }
type Address = { thread: string; ns: string }

/**
 * LangGraph's checkpoints in a Durable Object's SQLite.
 *
 * 1. A channel value is stored once per version, in parts of at most 1 MB, so no row nears SQLite's 2 MB limit.
 * 2. Between `begin()` and `flush()` every write is held back; `flush()` is synchronous, so a caller can put checkpoints and
 *    its own rows into one transaction. Without `begin()` writes happen at once.
 */
export class SqliteSaver extends BaseCheckpointSaver {
  private held: (() => void)[] | undefined
  /** Threads that hold rows, while that is known: a new run starts with none. */
  private written: Set<string> | undefined

  constructor(private readonly sql: SqlStorage) {
    super()
    sql.exec(CHECKPOINT_TABLES)
  }

  /** The tables were made just now: threads without checkpoints need not be looked for. */
  beginEmpty(): void {
    this.written = new Set()
  }

  /** Holds writes back until `flush` or `discard`. */
  begin(): void {
    this.held = []
  }

  /** Performs the writes held since `begin`. Call it inside a transaction. */
  flush(): void {
    const held = this.held ?? []
    this.held = undefined
    for (const write of held) write()
  }

  discard(): void {
    this.held = undefined
  }

  async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    if (config.configurable?.thread_id === undefined) return undefined
    const { thread, ns } = addressOf(config)
    if (this.written?.has(thread) === false) return undefined
    const id = getCheckpointId(config)
    const cursor = id
      ? this.sql.exec<CheckpointRow>('SELECT * FROM checkpoints WHERE thread = ? AND ns = ? AND id = ?', thread, ns, id)
      : this.sql.exec<CheckpointRow>('SELECT * FROM checkpoints WHERE thread = ? AND ns = ? ORDER BY id DESC LIMIT 1', thread, ns)
    const row = cursor.toArray()[0]
    return row && (await this.toTuple(row))
  }

  async *list(config: RunnableConfig, options: CheckpointListOptions = {}): AsyncGenerator<CheckpointTuple> {
    const { thread_id: thread, checkpoint_ns: ns } = config.configurable ?? {}
    const before = options.before?.configurable?.checkpoint_id
    const conditions: string[] = []
    const bindings: string[] = []
    for (const [condition, value] of [
      ['thread = ?', thread],
      ['ns = ?', ns],
      ['id < ?', before],
    ] as const) {
      if (value === undefined) continue
      conditions.push(condition)
      bindings.push(value)
    }
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
    const rows = this.sql.exec<CheckpointRow>(`SELECT * FROM checkpoints ${where} ORDER BY id DESC`, ...bindings).toArray()
    let left = options.limit ?? Number.POSITIVE_INFINITY
    for (const row of rows) {
      if (left <= 0) return
      if (!matches(JSON.parse(row.metadata), options.filter)) continue
      left -= 1
      yield await this.toTuple(row)
    }
  }

  async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    const { thread, ns } = addressOf(config)
    const parent = config.configurable?.checkpoint_id ?? null
    const { channel_values: values, ...rest } = copyCheckpoint(checkpoint)
    const changed: { channel: string; version: string; type: string; bytes: Uint8Array }[] = []
    for (const [channel, version] of Object.entries(newVersions)) {
      if (!(channel in values)) continue
      const [type, bytes] = await this.serde.dumpsTyped(values[channel])
      changed.push({ channel, version: String(version), type, bytes })
    }
    this.write(() => {
      for (const { channel, version, type, bytes } of changed) writeParts(this.sql, { thread, ns, channel, version }, type, bytes)
      this.sql.exec(
        'INSERT OR REPLACE INTO checkpoints (thread, ns, id, parent_id, checkpoint, metadata) VALUES (?, ?, ?, ?, ?, ?)',
        thread,
        ns,
        checkpoint.id,
        parent,
        JSON.stringify(rest),
        JSON.stringify(metadata),
      )
    })
    return { configurable: { thread_id: thread, checkpoint_ns: ns, checkpoint_id: checkpoint.id } }
  }

  async putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string): Promise<void> {
    const { thread, ns } = addressOf(config)
    const id = config.configurable?.checkpoint_id
    if (id === undefined) throw new Error('putWrites needs configurable.checkpoint_id')
    const rows: { position: number; channel: string; type: string; bytes: Uint8Array }[] = []
    for (const [order, [channel, value]] of writes.entries()) {
      const [type, bytes] = await this.serde.dumpsTyped(value)
      rows.push({ position: WRITES_IDX_MAP[channel] ?? order, channel, type, bytes })
    }
    this.write(() => {
      for (const { position, channel, type, bytes } of rows) {
        // Writes of a step are kept as first made; the special channels (errors, interrupts, resumes) are replaced.
        const conflict = position < 0 ? 'REPLACE' : 'IGNORE'
        this.sql.exec(
          `INSERT OR ${conflict} INTO checkpoint_writes (thread, ns, id, task_id, position, channel, type, value) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          thread,
          ns,
          id,
          taskId,
          position,
          channel,
          type,
          bytes,
        )
      }
    })
  }

  async deleteThread(thread: string): Promise<void> {
    if (this.written?.has(thread) === false) return
    this.write(() => {
      for (const table of ['checkpoints', 'checkpoint_values', 'checkpoint_writes'])
        this.sql.exec(`DELETE FROM ${table} WHERE thread = ?`, thread)
    })
  }

  /** Forgets every checkpoint of a thread but its newest: the run's own records carry the history. Call it after `flush`. */
  prune(thread: string): void {
    if (this.written?.has(thread) === false) {
      this.written.add(thread)
      return
    }
    const newest = this.sql
      .exec<{ id: string; checkpoint: string }>('SELECT id, checkpoint FROM checkpoints WHERE thread = ? ORDER BY id DESC LIMIT 1', thread)
      .toArray()[0]
    if (newest === undefined) return
    this.sql.exec('DELETE FROM checkpoints WHERE thread = ? AND id <> ?', thread, newest.id)
    this.sql.exec('DELETE FROM checkpoint_writes WHERE thread = ? AND id <> ?', thread, newest.id)
    const versions = JSON.stringify((JSON.parse(newest.checkpoint) as Checkpoint).channel_versions)
    this.sql.exec(
      'DELETE FROM checkpoint_values WHERE thread = ? AND NOT EXISTS (SELECT 1 FROM json_each(?) AS kept WHERE kept.key = channel AND CAST(kept.value AS TEXT) = version)',
      thread,
      versions,
    )
  }

  private write(write: () => void): void {
    if (this.held === undefined) write()
    else this.held.push(write)
  }

  private async toTuple(row: CheckpointRow): Promise<CheckpointTuple> {
    const { thread, ns, id } = row
    const stored = JSON.parse(row.checkpoint) as Omit<Checkpoint, 'channel_values'>
    const values: Record<string, unknown> = {}
    for (const [channel, version] of Object.entries(stored.channel_versions)) {
      const found = readParts(this.sql, { thread, ns, channel, version: String(version) })
      if (found !== undefined) values[channel] = await this.serde.loadsTyped(found.type, found.bytes)
    }
    const checkpoint: Checkpoint = { ...stored, channel_values: values }
    if (checkpoint.v < 4 && row.parent_id !== null) await this.adoptPendingSends(checkpoint, { thread, ns }, row.parent_id)
    return {
      config: { configurable: { thread_id: thread, checkpoint_ns: ns, checkpoint_id: id } },
      checkpoint,
      metadata: JSON.parse(row.metadata) as CheckpointMetadata,
      pendingWrites: await this.pendingWrites({ thread, ns }, id),
      ...(row.parent_id !== null && {
        parentConfig: { configurable: { thread_id: thread, checkpoint_ns: ns, checkpoint_id: row.parent_id } },
      }),
    }
  }

  private async pendingWrites({ thread, ns }: Address, id: string): Promise<[string, string, unknown][]> {
    const rows = this.sql
      .exec<WriteRow>(
        'SELECT task_id, channel, type, value FROM checkpoint_writes WHERE thread = ? AND ns = ? AND id = ? ORDER BY task_id, position',
        thread,
        ns,
        id,
      )
      .toArray()
    return await Promise.all(
      rows.map(
        async (row): Promise<[string, string, unknown]> => [
          row.task_id,
          row.channel,
          await this.serde.loadsTyped(row.type, new Uint8Array(row.value)),
        ],
      ),
    )
  }

  /** Checkpoints before format 4 kept sends as writes of the parent; readers expect them in the TASKS channel. */
  private async adoptPendingSends(checkpoint: Checkpoint, address: Address, parentId: string): Promise<void> {
    const sends = (await this.pendingWrites(address, parentId)).filter(([, channel]) => channel === TASKS).map(([, , value]) => value)
    checkpoint.channel_values[TASKS] = sends
    const versions = Object.values(checkpoint.channel_versions)
    checkpoint.channel_versions[TASKS] = versions.length > 0 ? maxChannelVersion(...versions) : this.getNextVersion(undefined)
  }
}

function addressOf(config: RunnableConfig): Address {
  const thread = config.configurable?.thread_id
  if (typeof thread !== 'string' || thread === '') throw new Error('a checkpoint needs configurable.thread_id')
  return { thread, ns: config.configurable?.checkpoint_ns ?? '' }
}

function matches(metadata: Record<string, unknown>, filter: Record<string, unknown> | undefined): boolean {
  return Object.entries(filter ?? {}).every(([key, value]) => metadata[key] === value)
}
