import { env, runInDurableObject } from 'cloudflare:test'
import { BaseCheckpointSaver, type CheckpointTuple } from '@langchain/langgraph-checkpoint'
import { deltaChannelHistoryTests, validate } from '@langchain/langgraph-checkpoint-validation'
import { SqliteSaver } from '../../../durable-objects/run/sqlite-saver'
import type { Env } from '../../fakes/run-env'

type Call<K extends 'getTuple' | 'put' | 'putWrites' | 'deleteThread'> = Parameters<SqliteSaver[K]>
let objects = 0

/** LangGraph's own suite, every call made inside a Durable Object on its real SQLite. */
class SaverInObject extends BaseCheckpointSaver {
  private readonly stub

  constructor() {
    super()
    objects += 1
    const { RUN } = env as unknown as Env
    this.stub = RUN.get(RUN.idFromName(`saver-${objects}`))
  }

  private inObject<T>(call: (saver: SqliteSaver) => Promise<T>): Promise<T> {
    return runInDurableObject(this.stub, async (_object, state) => await call(new SqliteSaver(state.storage.sql)))
  }

  getTuple = (...call: Call<'getTuple'>) => this.inObject((saver) => saver.getTuple(...call))
  put = (...call: Call<'put'>) => this.inObject((saver) => saver.put(...call))
  putWrites = (...call: Call<'putWrites'>) => this.inObject((saver) => saver.putWrites(...call))
  deleteThread = (...call: Call<'deleteThread'>) => this.inObject((saver) => saver.deleteThread(...call))

  override async *list(...call: Parameters<SqliteSaver['list']>): AsyncGenerator<CheckpointTuple> {
    yield* await this.inObject(async (saver) => {
      const tuples: CheckpointTuple[] = []
      for await (const tuple of saver.list(...call)) tuples.push(tuple)
      return tuples
    })
  }
}

const initializer = { checkpointerName: 'steward-sqlite', createCheckpointer: () => new SaverInObject() }
validate(initializer)
deltaChannelHistoryTests(initializer)
