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

/** One write of a task, with its place among the writes of that task. */
export interface PlacedWrite {
  taskId: string
  position: number
  channel: string
  value: unknown
}

/**
 * LangGraph's checkpoints in a Durable Object's SQLite, normalised: a channel value is stored once per version, in parts of at most
 * 1 MB, so no row nears SQLite's 2 MB limit.
 */
export class SqliteSaver extends BaseCheckpointSaver {
  constructor(private readonly sql: SqlStorage) {
    super()
    sql.exec(CHECKPOINT_TABLES)
  }

  async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    if (config.configurable?.thread_id === undefined) return undefined
    const { thread, ns } = addressOf(config)
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
    const write = await this.preparePut(config, checkpoint, metadata, newVersions)
    write()
    return { configurable: { thread_id: thread, checkpoint_ns: ns, checkpoint_id: checkpoint.id } }
  }

  /** `put` in two parts: the write that is returned is synchronous, so a caller can make it part of a transaction. */
  async preparePut(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<() => void> {
    const { thread, ns } = addressOf(config)
    const parent = config.configurable?.checkpoint_id ?? null
    const { channel_values: values, ...rest } = copyCheckpoint(checkpoint)
    const changed: { channel: string; version: string; type: string; bytes: Uint8Array }[] = []
    for (const [channel, version] of Object.entries(newVersions)) {
      if (!(channel in values)) continue
      const [type, bytes] = await this.serde.dumpsTyped(values[channel])
      changed.push({ channel, version: String(version), type, bytes })
    }
    return () => {
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
    }
  }

  async putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string): Promise<void> {
    const write = await this.prepareWrites(
      config,
      writes.map(([channel, value], order) => ({ taskId, position: WRITES_IDX_MAP[channel] ?? order, channel, value })),
    )
    write()
  }

  /** `putWrites` in two parts, of any tasks of one checkpoint. */
  async prepareWrites(config: RunnableConfig, writes: PlacedWrite[]): Promise<() => void> {
    const { thread, ns } = addressOf(config)
    const id = config.configurable?.checkpoint_id
    if (id === undefined) throw new Error('putWrites needs configurable.checkpoint_id')
    const rows: (PlacedWrite & { type: string; bytes: Uint8Array })[] = []
    for (const write of writes) {
      const [type, bytes] = await this.serde.dumpsTyped(write.value)
      rows.push({ ...write, type, bytes })
    }
    return () => {
      for (const { taskId, position, channel, type, bytes } of rows) {
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
    }
  }

  async deleteThread(thread: string): Promise<void> {
    this.forgetThread(thread)
  }

  /** `deleteThread`, at once. */
  forgetThread(thread: string): void {
    for (const table of ['checkpoints', 'checkpoint_values', 'checkpoint_writes'])
      this.sql.exec(`DELETE FROM ${table} WHERE thread = ?`, thread)
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
