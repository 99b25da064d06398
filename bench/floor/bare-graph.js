/**
 * json-relay with one Durable Object and one LangGraph graph a run, as Steward has them, and nothing else of Steward: no tenants, identity,
 * versions, admission, event log, step records, effects ledger or list. An order and its alarm are one commit before it is acknowledged,
 * the answer and the end of the alarm another. So it shows what this construction costs by itself.
 */
import { DurableObject } from 'cloudflare:workers'
import { AsyncLocalStorage } from 'node:async_hooks'
import { AsyncLocalStorageProviderSingleton } from '@langchain/core/singletons'
import { Annotation, Command, END, interrupt, MemorySaver, START, StateGraph } from '@langchain/langgraph'
import { Hono } from 'hono'
import { isWorthIt, problemOf, relayed } from './order.js'

AsyncLocalStorageProviderSingleton.initializeGlobalInstance(new AsyncLocalStorage())

const LOST_MS = 60_000
const State = Annotation.Root({ input: Annotation, answer: Annotation })

/** Validate, transform, branch and ask in one node: each node that is entered costs. */
const relay = ({ input }) => {
  const problem = problemOf(input)
  if (problem !== undefined) throw new Error(problem)
  return { answer: isWorthIt(input) ? interrupt({ url: input.url, body: relayed(input) }) : null }
}

export class GraphRun extends DurableObject {
  /** @param {string} id @param {unknown} input */
  async start(id, input) {
    const { sql } = this.ctx.storage
    sql.exec('CREATE TABLE IF NOT EXISTS run (id TEXT PRIMARY KEY, input TEXT NOT NULL, answer TEXT, ended_at INTEGER) WITHOUT ROWID')
    sql.exec('INSERT INTO run VALUES (?, ?, NULL, NULL)', id, JSON.stringify(input))
    void this.ctx.storage.setAlarm(Date.now() + LOST_MS)
    this.ctx.waitUntil(this.drive(id, input))
  }

  async find() {
    return this.ctx.storage.sql.exec('SELECT * FROM run').toArray()[0] ?? null
  }

  async alarm() {
    const run = await this.find()
    if (run !== null && run.ended_at === null) await this.drive(run.id, JSON.parse(run.input))
  }

  /** @param {string} id @param {unknown} input */
  async drive(id, input) {
    const graph = new StateGraph(State)
      .addNode('relay', relay)
      .addEdge(START, 'relay')
      .addEdge('relay', END)
      .compile({ checkpointer: new MemorySaver() })
    const config = { configurable: { thread_id: 'root' }, durability: 'exit' }
    const asked = await graph.invoke({ input }, config)
    const question = asked.__interrupt__?.[0]
    let answer = null
    if (question !== undefined) {
      const { url, body } = question.value
      const headers = { 'content-type': 'application/json', 'idempotency-key': id }
      const response = await fetch(url, { method: 'POST', body: JSON.stringify(body), headers })
      const resume = { [question.id]: { status: response.status, body: await response.json() } }
      answer = (await graph.invoke(new Command({ resume }), config)).answer
    }
    this.ctx.storage.sql.exec('UPDATE run SET answer = ?, ended_at = ?', JSON.stringify(answer), Date.now())
    void this.ctx.storage.deleteAlarm()
  }
}

const app = new Hono()
app.post('/', async (c) => {
  const id = crypto.randomUUID()
  await c.env.GRAPH_RUN.getByName(id).start(id, await c.req.json())
  return c.json({ id }, 202)
})
app.get('/:id', async (c) => {
  const run = await c.env.GRAPH_RUN.getByName(c.req.param('id')).find()
  const endedAt = run?.ended_at == null ? undefined : new Date(run.ended_at).toISOString()
  return c.json({ id: c.req.param('id'), status: endedAt === undefined ? 'running' : 'completed', endedAt, answer: run?.answer })
})

export default app
