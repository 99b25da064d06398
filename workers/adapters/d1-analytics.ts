import type { DayCount } from '../domain/analytics'

/** A year of a tenant with many workflows. */
const MAX_ROWS = 20_000

/** Runs of one tenant by day, workflow, class and status. */
export const createD1RunCounts =
  (binding: D1Database, tenantId: string) =>
  async ({ from, to }: { from: string; to: string }): Promise<DayCount[]> => {
    const { results } = await binding
      .prepare(
        `select substr(created_at, 1, 10) as day, workflow, coalesce(class, '') as class, status, count(*) as runs, sum(cost_micro_usd) as costMicroUsd
         from runs left join document_classes on document_classes.tenant_id = runs.tenant_id and document_classes.document_id = runs.document_id
         where runs.tenant_id = ? and created_at >= ? and created_at < ? group by 1, 2, 3, 4 order by 1 desc, 2, 3, 4 limit ?`,
      )
      .bind(tenantId, from, to, MAX_ROWS)
      .all<DayCount>()
    return results
  }
