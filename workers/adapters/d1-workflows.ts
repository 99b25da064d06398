import { and, asc, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { WorkflowStore } from '../domain/stores'
import type { WorkflowVersion } from '../domain/workflows'
import { openD1 } from './d1'
import { workflowVersions } from './schema'

type Row = typeof workflowVersions.$inferSelect

/**
 * Workflow versions of one tenant in D1. Built-in workflows answer where the tenant has none of that name; their versions can be
 * found by name and version all the same, because runs are pinned to them.
 */
export function createD1Workflows(binding: D1Database, tenantId: string, builtIns: readonly WorkflowVersion[]): WorkflowStore {
  const db = openD1(binding)
  const mine = eq(workflowVersions.tenantId, tenantId)
  const select = async (condition: SQL | undefined) => {
    const rows = await db
      .select()
      .from(workflowVersions)
      .where(and(mine, condition))
      .orderBy(asc(workflowVersions.name), desc(workflowVersions.position))
    return rows.map(toVersion)
  }
  const builtIn = (name: string, version?: string) =>
    builtIns.find((each) => each.name === name && (version === undefined || each.version === version))
  const replace = async (version: WorkflowVersion, expected: string | null | undefined) => {
    const written = await db.run(insertNewest(tenantId, version, expected))
    return written.meta.changes > 0
  }
  return {
    save: async (version) => {
      await replace(version, undefined)
    },
    replace,
    find: async (name, version) => {
      const [row] = await select(
        and(eq(workflowVersions.name, name), version === undefined ? IS_NEWEST : eq(workflowVersions.version, version)),
      )
      return row ?? builtIn(name, version)
    },
    list: async () => {
      const own = await select(IS_NEWEST)
      const names = new Set(own.map((each) => each.name))
      return [...own, ...builtIns.filter((each) => !names.has(each.name))].sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    versions: async (name) => {
      const own = await select(eq(workflowVersions.name, name))
      const base = builtIn(name)
      return base === undefined || own.some((each) => each.version === base.version) ? own : [...own, base]
    },
  }
}

/** Of the rows of a name, the one on top. */
const IS_NEWEST = sql`${workflowVersions.position} = (
  select max(newer.position) from workflow_versions newer
  where newer.tenant_id = workflow_versions.tenant_id and newer.name = workflow_versions.name)`

/** Puts the version on top, in one statement that also checks what was on top: `undefined` does not check. */
function insertNewest(tenantId: string, version: WorkflowVersion, expected: string | null | undefined): SQL {
  const top = sql`(select version from workflow_versions where tenant_id = ${tenantId} and name = ${version.name} order by position desc limit 1)`
  const guard = expected === undefined ? sql`true` : sql`${top} is ${expected}`
  return sql`
    insert into workflow_versions (tenant_id, name, version, source, definition, created_at, position)
    select ${tenantId}, ${version.name}, ${version.version}, ${version.source}, ${JSON.stringify(version.definition)}, ${version.createdAt},
      coalesce((select max(position) from workflow_versions where tenant_id = ${tenantId} and name = ${version.name}), 0) + 1
    where ${guard}
    on conflict (tenant_id, name, version) do update set position = excluded.position`
}

function toVersion({ tenantId: _tenant, position: _position, ...row }: Row): WorkflowVersion {
  return { ...row, builtIn: false }
}
