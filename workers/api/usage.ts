import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import { USAGE_GROUPS, type UsageGroup, type UsageSum, usageCsv } from '../domain/usage'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'

const MAX_GROUPS = 3
const MAX_ROWS = 10_000
const DEFAULT_DAYS = 30
const DAY_MS = 86_400_000

const groupList = z
  .string()
  .default('day')
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(z.enum(USAGE_GROUPS)).min(1).max(MAX_GROUPS))
const UsageQuery = z.object({
  groupBy: groupList.describe(`One to ${MAX_GROUPS} of ${USAGE_GROUPS.join(', ')}, separated by commas.`),
  from: z.iso.datetime().optional().describe(`Calls of this time or later; ${DEFAULT_DAYS} days ago when left out.`),
  to: z.iso.datetime().optional().describe('Calls before this time; now when left out.'),
  workflow: z.string().max(100).optional(),
  runId: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_ROWS).default(1_000).describe('Groups, the most costly first.'),
  format: z.enum(['json', 'csv']).default('json'),
})

const UsageSumSchema = z
  .object({
    group: z.partialRecord(z.enum(USAGE_GROUPS), z.string()).describe("Each dimension's value; empty where a call had none."),
    calls: z.int(),
    cachedCalls: z.int().describe('Answered from the cache.'),
    degradedCalls: z.int().describe('Answered by the embedded way in place of a configured model.'),
    inputTokens: z.int(),
    outputTokens: z.int(),
    costMicroUsd: z.int().describe('Millionths of a US dollar.'),
    latencyMs: z.int().describe('Sum over the calls.'),
  })
  .meta({ id: 'UsageSum' }) satisfies z.ZodType<UsageSum>
const UsageAnswer = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  items: z.array(UsageSumSchema),
  isComplete: z.boolean().describe('False when there are more groups than `limit`.'),
})

const READ = documented({
  tag: 'Budgets',
  summary: 'What was used',
  description: `Sums of calls to models and paid products: tokens, cost, time. \`format=csv\` gives the same as a file. Group by ${USAGE_GROUPS.join(', ')}.`,
  answers: { 200: { description: 'Sums, the most costly first.', body: { schema: UsageAnswer } } },
  refuses: ['invalid', 'unavailable'],
})

/** What was used and what it cost. */
export function usageRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().get('/', READ, guard(deps, 'usage:read'), check('query', UsageQuery), (c) =>
    answerUsage(deps, c, c.req.valid('query')),
  )
}

async function answerUsage(
  deps: ApiDeps,
  c: Context<ApiEnv>,
  { format, groupBy, limit, workflow, runId, ...query }: z.output<typeof UsageQuery>,
) {
  if (deps.money === undefined) throw new AppError('unavailable', 'This installation keeps no usage.')
  const now = deps.clock.now().getTime()
  const to = query.to ?? new Date(now).toISOString()
  const from = query.from ?? new Date(now - DEFAULT_DAYS * DAY_MS).toISOString()
  if (from >= to)
    throw new AppError('invalid', '`from` must be before `to`.', { problems: [{ path: 'from', message: 'must be before `to`' }] })
  const groups: UsageGroup[] = USAGE_GROUPS.filter((group) => groupBy.includes(group))
  const sums = await deps.money(c.get('principal').tenantId).usage({
    groupBy: groups,
    from,
    to,
    limit: limit + 1,
    ...(workflow !== undefined && { workflow }),
    ...(runId !== undefined && { runId }),
  })
  const items = sums.slice(0, limit)
  if (format === 'json') return c.json({ from, to, items, isComplete: sums.length <= limit })
  const name = `usage-${from.slice(0, 10)}-${to.slice(0, 10)}.csv`
  return c.body(usageCsv(groups, items), 200, {
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': `attachment; filename="${name}"`,
  })
}
