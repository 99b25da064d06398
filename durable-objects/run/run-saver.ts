import type { RunnableConfig } from '@langchain/core/runnables'
import {
  BaseCheckpointSaver,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointTuple,
  getCheckpointId,
  type PendingWrite,
  WRITES_IDX_MAP,
} from '@langchain/langgraph-checkpoint'
import { RecentCheckpoints } from './recent-checkpoints'
import { SqliteSaver } from './sqlite-saver'
import { checkpointTables, type LateTables } from './tables'

/**
 * The checkpoints of a run: the newest of each thread in memory, and in SQLite where the run asks for it.
 *
 * 1. LangGraph writes to memory. `keep` gives a synchronous write of what it wrote, for the transaction of the run's own rows.
 * 2. A thread has one checkpoint in SQLite: the run's own records carry the history.
 */
export class RunSaver extends BaseCheckpointSaver {
  private readonly recent = new RecentCheckpoints()
  private readonly tables: LateTables
  private made: SqliteSaver | undefined

  constructor(private readonly sql: SqlStorage) {
    super()
    this.tables = checkpointTables(sql)
  }

  /** Whether the thread can be resumed from here. */
  async holds(thread: string): Promise<boolean> {
    return (await this.getTuple({ configurable: { thread_id: thread } })) !== undefined
  }

  /** Prepares the newest checkpoint of a thread to be stored in place of the one that is. Call what it gives inside a transaction. */
  async keep(thread: string): Promise<() => void> {
    const recent = this.recent.find(thread)
    if (recent === undefined) return () => undefined
    const { checkpoint, metadata, parentId, writes } = recent
    const address = { thread_id: thread, checkpoint_ns: '' }
    const stored = this.stored()
    const put = await stored.preparePut(
      { configurable: { ...address, ...(parentId !== undefined && { checkpoint_id: parentId }) } },
      checkpoint,
      metadata,
      checkpoint.channel_versions,
    )
    const putWrites = await stored.prepareWrites({ configurable: { ...address, checkpoint_id: checkpoint.id } }, writes)
    return () => {
      stored.forgetThread(thread)
      put()
      putWrites()
    }
  }

  /** The thread is never resumed. Its rows go too, if it has any. */
  forget(thread: string): void {
    this.recent.forget(thread)
    if (this.tables.exist) this.stored().forgetThread(thread)
  }

  /** Drops the newest of a thread from memory; what is stored stays. */
  release(thread: string): void {
    this.recent.forget(thread)
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const thread = threadOf(config)
    const id = getCheckpointId(config)
    const known = this.recent.tuple(thread, id === '' ? undefined : id)
    if (known !== undefined || !this.tables.exist) return known
    const stored = await this.stored().getTuple(config)
    if (stored === undefined || id) return stored
    this.recent.adopt(thread, stored)
    return this.recent.tuple(thread, undefined)
  }

  override async *list(config: RunnableConfig, options?: CheckpointListOptions): AsyncGenerator<CheckpointTuple> {
    if (this.tables.exist) yield* this.stored().list(config, options)
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    _newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    const thread = threadOf(config)
    this.recent.put(thread, checkpoint, metadata, config.configurable?.checkpoint_id)
    return { configurable: { thread_id: thread, checkpoint_ns: '', checkpoint_id: checkpoint.id } }
  }

  override async putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string): Promise<void> {
    const id = config.configurable?.checkpoint_id
    if (id === undefined) throw new Error('putWrites needs configurable.checkpoint_id')
    const placed = writes.map(([channel, value], order) => ({ taskId, position: WRITES_IDX_MAP[channel] ?? order, channel, value }))
    this.recent.putWrites(threadOf(config), id, placed)
  }

  override async deleteThread(thread: string): Promise<void> {
    this.forget(thread)
  }

  /** The run was made just now, without checkpoints. */
  begin(): void {
    this.tables.begin()
  }

  /** Forgets what SQLite may not have: after a rolled-back transaction, or an advance that broke off. */
  reload(): void {
    this.recent.clear()
    this.tables.reload()
  }

  private stored(): SqliteSaver {
    this.tables.ensure()
    this.made ??= new SqliteSaver(this.sql)
    return this.made
  }
}

/** Namespaces are those of subgraphs, of which a run has none. */
function threadOf({ configurable }: RunnableConfig): string {
  const thread = configurable?.thread_id
  if (typeof thread !== 'string' || thread === '') throw new Error('a checkpoint needs configurable.thread_id')
  if (configurable?.checkpoint_ns) throw new Error(`a run has no subgraphs, and '${configurable.checkpoint_ns}' is one`)
  return thread
}
