import {
  type Checkpoint,
  type CheckpointMetadata,
  type CheckpointTuple,
  copyCheckpoint,
  WRITES_IDX_MAP,
} from '@langchain/langgraph-checkpoint'
import type { PlacedWrite } from './sqlite-saver'

/** The newest checkpoint of one thread, with the writes that were made after it. */
export interface RecentCheckpoint {
  checkpoint: Checkpoint
  metadata: CheckpointMetadata
  parentId: string | undefined
  writes: PlacedWrite[]
}

/**
 * The newest checkpoint of each thread, as LangGraph gave it: what a living object resumes from. Namespaces are those of subgraphs,
 * of which a run has none.
 */
export class RecentCheckpoints {
  private readonly threads = new Map<string, RecentCheckpoint>()
  /** Writes may come before the checkpoint that they follow. */
  private readonly early = new Map<string, PlacedWrite[]>()

  put(thread: string, checkpoint: Checkpoint, metadata: CheckpointMetadata, parentId: string | undefined): void {
    const writes = this.early.get(checkpoint.id) ?? []
    this.early.delete(checkpoint.id)
    this.threads.set(thread, { checkpoint: copyCheckpoint(checkpoint), metadata, parentId, writes })
  }

  putWrites(thread: string, checkpointId: string, writes: PlacedWrite[]): void {
    const recent = this.threads.get(thread)
    const isNewest = recent?.checkpoint.id === checkpointId
    const kept = isNewest ? recent.writes : (this.early.get(checkpointId) ?? [])
    if (!isNewest) this.early.set(checkpointId, kept)
    for (const write of writes) {
      const at = kept.findIndex(({ taskId, position }) => taskId === write.taskId && position === write.position)
      // Writes of a step are kept as first made; the special channels (errors, interrupts, resumes) are replaced.
      if (at < 0) kept.push(write)
      else if (write.position < 0) kept[at] = write
    }
  }

  /** Takes over a checkpoint that was stored. */
  adopt(thread: string, { checkpoint, metadata, parentConfig, pendingWrites = [] }: CheckpointTuple): void {
    this.put(thread, checkpoint, metadata ?? { source: 'loop', step: -1, parents: {} }, parentConfig?.configurable?.checkpoint_id)
    const orders = new Map<string, number>()
    for (const [taskId, channel, value] of pendingWrites) {
      const order = orders.get(taskId) ?? 0
      const position = WRITES_IDX_MAP[channel] ?? order
      if (position >= 0) orders.set(taskId, order + 1)
      this.putWrites(thread, checkpoint.id, [{ taskId, position, channel, value }])
    }
  }

  find(thread: string): RecentCheckpoint | undefined {
    return this.threads.get(thread)
  }

  /** As a reader of the saver expects it; undefined when the thread or the asked checkpoint is not here. */
  tuple(thread: string, id: string | undefined): CheckpointTuple | undefined {
    const recent = this.threads.get(thread)
    if (recent === undefined || (id !== undefined && id !== recent.checkpoint.id)) return undefined
    const address = { thread_id: thread, checkpoint_ns: '' }
    return {
      config: { configurable: { ...address, checkpoint_id: recent.checkpoint.id } },
      checkpoint: copyCheckpoint(recent.checkpoint),
      metadata: recent.metadata,
      pendingWrites: recent.writes.map(({ taskId, channel, value }) => [taskId, channel, value]),
      ...(recent.parentId !== undefined && { parentConfig: { configurable: { ...address, checkpoint_id: recent.parentId } } }),
    }
  }

  forget(thread: string): void {
    this.threads.delete(thread)
  }

  clear(): void {
    this.threads.clear()
    this.early.clear()
  }
}
