import type { RunIndex } from '../../workers/domain/ports'
import type { RunSummary } from '../../workers/domain/runs'

/** Rows of one D1 batch: below the 1,000 queries of an invocation, and short enough that nobody waits long behind it. */
const BATCH = 50

/** List rows of many runs, written together: while one batch is under way the next one gathers. */
export class Projection {
  private waiting: { row: RunSummary; done: () => void; failed: (thrown: unknown) => void }[] = []
  private isWriting = false

  constructor(private readonly runIndex: () => Pick<RunIndex, 'upsert'>) {}

  /** Resolves once the rows are stored; rejects when their batch failed. */
  async write(rows: readonly RunSummary[]): Promise<void> {
    const stored = Promise.all(rows.map((row) => new Promise<void>((done, failed) => this.waiting.push({ row, done, failed }))))
    void this.writeAll()
    await stored
  }

  /** The same of a run that waits for room: its own rows follow once it has started, and until then it can be read by its id. */
  async tryWrite(row: RunSummary): Promise<void> {
    try {
      await this.write([row])
    } catch (thrown) {
      console.warn(JSON.stringify({ message: 'the row of a pending run was not written', runId: row.id, error: String(thrown) }))
    }
  }

  private async writeAll(): Promise<void> {
    if (this.isWriting) return
    this.isWriting = true
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH)
      try {
        await this.runIndex().upsert(batch.map(({ row }) => row))
        for (const { done } of batch) done()
      } catch (thrown) {
        for (const { failed } of batch) failed(thrown)
      }
    }
    this.isWriting = false
  }
}
