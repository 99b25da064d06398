import { and, asc, desc, eq, type SQL, sql } from 'drizzle-orm'
import { createRecent, type Recent } from '../domain/recent'
import { WORKFLOW_MEMORY_MS, type WorkflowStore } from '../domain/stores'
import type { WorkflowVersion } from '../domain/workflows'
import { openD1 } from './d1'
import { workflowVersions } from './schema'

type Row = typeof workflowVersions.$inferSelect

/** Definitions are mostly a few kilobytes. */
const MAX_REMEMBERED = 200
/** What was found for starts lately, of all tenants: adapters live for one request, an isolate for many. */
const memories = new WeakMap<D1Database, Memory>()
type Memory = Recent<{ tenantId: string; workflow: WorkflowVersion }>

function memoryOf(binding: D1Database): Memory {
  const known = memories.get(binding) ?? createRecent({ ttlMs: WORKFLOW_MEMORY_MS, capacity: MAX_REMEMBERED, now: Date.now })
  memories.set(binding, known)
  return known
}

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
  const memory = memoryOf(binding)
  const replace = async (version: WorkflowVersion, expected: string | null | undefined) => {
    const written = await db.run(insertNewest(tenantId, version, expected))
    memory.forget((found) => found.tenantId === tenantId && found.workflow.name === version.name)
    return written.meta.changes > 0
  }
  const find: WorkflowStore['find'] = async (name, version) => {
    const [row] = await select(
      and(eq(workflowVersions.name, name), version === undefined ? IS_NEWEST : eq(workflowVersions.version, version)),
    )
    return row ?? builtIn(name, version)
  }
  return {
    save: async (version) => {
      await replace(version, undefined)
    },
    replace,
    saveDraft: async (version) => {
      await db
        .insert(workflowVersions)
        .values({ ...rowOf(version), tenantId, position: DRAFT_POSITION })
        .onConflictDoNothing()
    },
    find,
    findForStart: async (name, version) => {
      const found = await memory.lookUp(`${tenantId} ${name} ${version ?? ''}`, async () => {
        const workflow = await find(name, version)
        return workflow && { tenantId, workflow }
      })
      return found?.workflow
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

/** Below every published version. */
const DRAFT_POSITION = 0

/** Of the published rows of a name, the one on top. */
const IS_NEWEST = sql`${workflowVersions.position} > ${DRAFT_POSITION} and ${workflowVersions.position} = (
  select max(newer.position) from workflow_versions newer
  where newer.tenant_id = workflow_versions.tenant_id and newer.name = workflow_versions.name)`

/** Puts the version on top, in one statement that also checks what was on top: `undefined` does not check. */
function insertNewest(tenantId: string, version: WorkflowVersion, expected: string | null | undefined): SQL {
  const top = sql`(select version from workflow_versions where tenant_id = ${tenantId} and name = ${version.name} and position > ${DRAFT_POSITION} order by position desc limit 1)`
  const guard = expected === undefined ? sql`true` : sql`${top} is ${expected}`
  return sql`
    insert into workflow_versions (tenant_id, name, version, source, definition, created_at, position)
    select ${tenantId}, ${version.name}, ${version.version}, ${version.source}, ${JSON.stringify(version.definition)}, ${version.createdAt},
      coalesce((select max(position) from workflow_versions where tenant_id = ${tenantId} and name = ${version.name}), 0) + 1
    where ${guard}
    on conflict (tenant_id, name, version) do update set position = excluded.position`
}

const rowOf = ({ name, version, source, definition, createdAt }: WorkflowVersion) => ({ name, version, source, definition, createdAt })

function toVersion({ tenantId: _tenant, position, ...row }: Row): WorkflowVersion {
  return { ...row, builtIn: false, ...(position === DRAFT_POSITION && { isDraft: true }) }
}
