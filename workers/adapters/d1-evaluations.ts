import { and, desc, eq, isNotNull, isNull, lt, or, type SQL } from 'drizzle-orm'
import type { EvaluationRecord, Evaluations } from '../domain/evaluations'
import { decodeCursor, pageOf } from '../domain/pages'
import { openD1, withoutNulls } from './d1'
import { evaluations } from './schema'

/** Rows of one tenant's evaluations in D1. */
export function createD1Evaluations(binding: D1Database, tenantId: string): Evaluations {
  const db = openD1(binding)
  const mine = eq(evaluations.tenantId, tenantId)
  const one = (id: string) => and(mine, eq(evaluations.id, id))
  return {
    insert: async (evaluation) => {
      const { target } = evaluation
      const of = 'workflow' in target ? { workflow: target.workflow, workflowVersion: target.version ?? null } : {}
      await db.insert(evaluations).values({ ...evaluation, ...of, tenantId })
    },
    find: async (id) => {
      const [row] = await db.select().from(evaluations).where(one(id)).limit(1)
      return row && toRecord(row)
    },
    finish: async (id, { summary, endedAt }) => {
      await db
        .update(evaluations)
        .set({ summary, endedAt })
        .where(and(one(id), isNull(evaluations.endedAt)))
    },
    remove: async (id) => {
      await db.delete(evaluations).where(one(id))
    },
    list: async ({ limit, cursor, dataset, workflow, workflowVersion, ended }) => {
      const rows = await db
        .select()
        .from(evaluations)
        .where(
          and(
            mine,
            cursor === undefined ? undefined : isAfter(cursor),
            dataset === undefined ? undefined : eq(evaluations.dataset, dataset),
            workflow === undefined ? undefined : eq(evaluations.workflow, workflow),
            workflowVersion === undefined ? undefined : eq(evaluations.workflowVersion, workflowVersion),
            ended === undefined ? undefined : ended ? isNotNull(evaluations.endedAt) : isNull(evaluations.endedAt),
          ),
        )
        .orderBy(desc(evaluations.createdAt), desc(evaluations.id))
        .limit(limit + 1)
      return pageOf(rows.map(toRecord), limit, ({ createdAt, id }) => ({ at: createdAt, id }))
    },
  }
}

/** Rows that come after the cursor in a list from the newest to the oldest. */
function isAfter(cursor: string): SQL | undefined {
  const { at, id } = decodeCursor(cursor)
  return or(lt(evaluations.createdAt, at), and(eq(evaluations.createdAt, at), lt(evaluations.id, id)))
}

function toRecord({
  tenantId: _tenant,
  workflow: _workflow,
  workflowVersion: _version,
  ...row
}: typeof evaluations.$inferSelect): EvaluationRecord {
  return withoutNulls(row)
}
