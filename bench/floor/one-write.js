/**
 * The least that a durable start can cost here: Hono, a new Durable Object, one SQLite write. Served by the same process as Steward,
 * so that both are measured on the same machine at the same time.
 */
import { DurableObject } from 'cloudflare:workers'
import { Hono } from 'hono'

export class Row extends DurableObject {
  /** @param {string} body */
  write(body) {
    this.ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS rows (body TEXT NOT NULL)')
    this.ctx.storage.sql.exec('INSERT INTO rows VALUES (?)', body)
    return { written: 1 }
  }
}

const app = new Hono()
app.post('/', async (c) => c.json(await c.env.ROW.getByName(crypto.randomUUID()).write(await c.req.text()), 202))

export default app
