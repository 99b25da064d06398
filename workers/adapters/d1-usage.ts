import { and, desc, eq, gt, gte, lt, type SQL, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { USAGE_GROUPS, type Usage, type UsageGroup, type UsageQuery, type UsageSum } from '../domain/usage'
import { openD1 } from './d1'
import { usage } from './schema'

const COLUMN_OF = {
  day: sql<string>`substr(${usage.at}, 1, 10)`,
  workflow: sql<string>`coalesce(${usage.workflow}, '')`,
  run: sql<string>`coalesce(${usage.runId}, '')`,
  step: sql<string>`coalesce(${usage.stepKey}, '')`,
  agent: sql<string>`coalesce(${usage.agent}, '')`,
  feature: sql<string>`${usage.feature}`,
  provider: sql<string>`${usage.provider}`,
  model: sql<string>`${usage.model}`,
} satisfies Record<UsageGroup, SQL<string>>

const SUMS = {
  calls: sql<number>`count(*)`,
  cachedCalls: sql<number>`coalesce(sum(${usage.cached}), 0)`,
  degradedCalls: sql<number>`coalesce(sum(${usage.degraded}), 0)`,
  inputTokens: sql<number>`coalesce(sum(${usage.inputTokens}), 0)`,
  outputTokens: sql<number>`coalesce(sum(${usage.outputTokens}), 0)`,
  costMicroUsd: sql<number>`coalesce(sum(${usage.costMicroUsd}), 0)`,
  latencyMs: sql<number>`coalesce(sum(${usage.latencyMs}), 0)`,
} satisfies Record<keyof Omit<UsageSum, 'group'>, SQL<number>>

/** Settled calls of one tenant in D1. */
export function createD1Usage(binding: D1Database, tenantId: string): Usage {
  const db = openD1(binding)
  return {
    insert: async (rows) => {
      const [first, ...rest] = rows.map(
        ({ actualMicroUsd, ...row }): BatchItem<'sqlite'> =>
          db
            .insert(usage)
            .values({ ...row, costMicroUsd: actualMicroUsd, degraded: row.degraded ?? false, tenantId })
            .onConflictDoNothing(),
      )
      if (first !== undefined) await db.batch([first, ...rest])
    },
    sum: async ({ groupBy, limit, ...query }) => {
      const groups = USAGE_GROUPS.filter((group) => groupBy.includes(group))
      const columns = groups.map((group) => COLUMN_OF[group])
      // The values of a group travel as one JSON list: a selection of columns that varies has no type.
      const key = sql<string>`json_array(${sql.join(columns, sql`, `)})`
      const rows = await db
        .select({ key, ...SUMS })
        .from(usage)
        .where(and(eq(usage.tenantId, tenantId), isWanted(query)))
        .groupBy(...columns)
        .having(gt(SUMS.calls, 0))
        .orderBy(desc(SUMS.costMicroUsd), desc(SUMS.calls), key)
        .limit(limit)
      return rows.map(({ key: values, ...sums }) => ({ group: groupOf(groups, values), ...sums }))
    },
  }
}

function isWanted({ from, to, workflow, runId }: Omit<UsageQuery, 'groupBy' | 'limit'>): SQL | undefined {
  return and(
    gte(usage.at, from),
    lt(usage.at, to),
    workflow === undefined ? undefined : eq(usage.workflow, workflow),
    runId === undefined ? undefined : eq(usage.runId, runId),
  )
}

function groupOf(groups: readonly UsageGroup[], values: string): UsageSum['group'] {
  const list = JSON.parse(values) as string[]
  return Object.fromEntries(groups.map((group, index) => [group, list[index] ?? '']))
}
