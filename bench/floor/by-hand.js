/**
 * json-relay as somebody would write it for this one purpose, without an engine: the door checks and transforms, one of a few Durable
 * Objects stores the order, a queue consumer passes it on and records the answer. An order is stored before it is acknowledged, and an
 * alarm queues again what was lost; there are no versions, no log, no retries by step, no effects ledger.
 */
import { DurableObject } from 'cloudflare:workers'
import { Hono } from 'hono'
import { isWorthIt, problemOf, relayed } from './order.js'

const SHARDS = 16
const LOST_MS = 30_000

export class Shard extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env)
    this.sql = ctx.storage.sql
    this.sql.exec('CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, url TEXT, body TEXT, answer TEXT, at INTEGER, ended_at INTEGER)')
  }

  /** @param {{ id: string, url: string, body: string, isWorthIt: boolean }} order */
  async accept({ id, url, body, isWorthIt }) {
    const now = Date.now()
    this.sql.exec('INSERT INTO orders VALUES (?, ?, ?, NULL, ?, ?)', id, url, body, now, isWorthIt ? null : now)
    if (isWorthIt && !this.isArmed) {
      this.isArmed = true
      await this.ctx.storage.setAlarm(now + LOST_MS)
    }
  }

  /** @param {string} id */
  async find(id) {
    return this.sql.exec('SELECT * FROM orders WHERE id = ?', id).toArray()[0] ?? null
  }

  /** @param {string} id @param {string} answer */
  async record(id, answer) {
    this.sql.exec('UPDATE orders SET answer = ?, ended_at = ? WHERE id = ? AND ended_at IS NULL', answer, Date.now(), id)
  }

  async alarm() {
    this.isArmed = false
    const open = this.sql.exec('SELECT id, url, body, at FROM orders WHERE ended_at IS NULL').toArray()
    for (const { id, url, body, at } of open) if (at < Date.now() - LOST_MS) await this.env.RELAY.send({ id, url, body })
    if (open.length > 0) await this.ctx.storage.setAlarm(Date.now() + LOST_MS)
  }
}

/** @param {string} id */
const shardOf = (env, id) =>
  env.SHARD.getByName(String([...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7) % SHARDS))

const app = new Hono()
app.post('/', async (c) => {
  const input = await c.req.json()
  const problem = problemOf(input)
  if (problem !== undefined) return c.json({ problem }, 400)
  const body = JSON.stringify(relayed(input))
  const order = { id: crypto.randomUUID(), url: input.url, body, isWorthIt: isWorthIt(input) }
  await shardOf(c.env, order.id).accept(order)
  if (order.isWorthIt) c.executionCtx.waitUntil(c.env.RELAY.send({ id: order.id, url: order.url, body }))
  return c.json({ id: order.id }, 202)
})
app.get('/:id', async (c) => {
  const order = await shardOf(c.env, c.req.param('id')).find(c.req.param('id'))
  if (order === null) return c.json({ problem: 'unknown' }, 404)
  const endedAt = order.ended_at === null ? undefined : new Date(order.ended_at).toISOString()
  return c.json({ id: order.id, status: endedAt === undefined ? 'running' : 'completed', endedAt, answer: order.answer })
})

export default {
  fetch: app.fetch,
  async queue(batch, env) {
    await Promise.all(
      batch.messages.map(async (message) => {
        const { id, url, body } = message.body
        try {
          const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', 'idempotency-key': id } })
          await shardOf(env, id).record(id, JSON.stringify({ status: answer.status, body: await answer.json() }))
          message.ack()
        } catch {
          message.retry()
        }
      }),
    )
  },
}
