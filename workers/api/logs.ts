import type { Context } from 'hono'
import * as z from 'zod'
import { unwrap } from '../domain/error'
import type { ApiEnv } from './deps'
import { RunEventSchema } from './run-schemas'

export const LogQuery = z.object({
  after: z.coerce.number().int().min(0).default(0).describe('Only events after this number.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
})
export const LogPage = z.object({
  items: z.array(RunEventSchema),
  nextAfter: z.int().optional().describe('Pass it as `after` to go on; absent when these are the newest.'),
})

/** A page of a run's event log. */
export async function answerLogs(c: Context<ApiEnv>, runId: string, { after, limit }: z.output<typeof LogQuery>) {
  const items = unwrap(await c.get('runs').events(runId, { after, limit }))
  const last = items.at(-1)
  return c.json({ items, ...(items.length === limit && last !== undefined && { nextAfter: last.seq }) })
}
