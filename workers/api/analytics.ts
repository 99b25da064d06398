import { Hono } from 'hono'
import * as z from 'zod'
import { anonymised, DayCount, SMALLEST_GROUP } from '../domain/analytics'
import { AppError } from '../domain/error'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { privacyOf } from './privacy-of'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 30
const MAX_DAYS = 366

const Query = z.object({
  from: z.iso.date().optional().describe(`First day; ${DEFAULT_DAYS} days ago when left out.`),
  to: z.iso.date().optional().describe('First day that is not counted any more; tomorrow when left out.'),
})
const Answer = z.object({ from: z.iso.date(), to: z.iso.date(), smallestGroup: z.int(), items: z.array(DayCount) })

const READ = documented({
  tag: 'Privacy',
  summary: 'Anonymised counts of runs',
  description: `Runs and cost by day, workflow, class of the document and status: no ids, titles or other texts of people. Rows of fewer than ${SMALLEST_GROUP} runs are counted together, as the class and then the workflow \`others\`, or left out, with their cost.`,
  answers: { 200: { description: 'Counts, the newest day first.', body: { schema: Answer } } },
  refuses: ['invalid', 'unavailable'],
})

/** Counts that name nobody. */
export function analyticsRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().get('/', READ, guard(deps, 'usage:read'), check('query', Query), async (c) => {
    const now = deps.clock.now().getTime()
    const query = c.req.valid('query')
    const to = query.to ?? dayOf(now + DAY_MS)
    const from = query.from ?? dayOf(Date.parse(to) - DEFAULT_DAYS * DAY_MS)
    if (from >= to || Date.parse(to) - Date.parse(from) > MAX_DAYS * DAY_MS)
      throw new AppError('invalid', `\`from\` must be before \`to\`, by at most ${MAX_DAYS} days.`, {
        problems: [{ path: 'from', message: 'must be before `to`' }],
      })
    const counts = await privacyOf(deps, c).countRuns({ from, to })
    return c.json({ from, to, smallestGroup: SMALLEST_GROUP, items: anonymised(counts) })
  })
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10)
