import { and, desc, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { Workflows } from '../domain/ports'
import type { WorkflowDefinition, WorkflowVersion } from '../domain/workflows'
import { workflows } from './schema'

/** Workflow versions of one tenant in D1, with the built-in ones beside them; a tenant's own of the same name comes first. */
export function createD1Workflows(db: D1Database, tenantId: string, builtIn: () => Promise<WorkflowVersion[]>): Workflows {
  const orm = drizzle(db)
  const own = eq(workflows.tenantId, tenantId)
  return {
    async save(version) {
      const { name, source, createdAt } = version
      await orm.insert(workflows).values({ tenantId, name, version: version.version, source, definition: JSON.stringify(version.definition), createdAt }).onConflictDoUpdate({ target: [workflows.tenantId, workflows.name, workflows.version], set: { createdAt } })
    },
    async find(name, version) {
      const conditions = [own, eq(workflows.name, name), ...(version === undefined ? [] : [eq(workflows.version, version)])]
      const rows = await orm.select().from(workflows).where(and(...conditions)).orderBy(desc(workflows.createdAt)).limit(1)
      if (rows[0] !== undefined) return toVersion(rows[0])
      return (await builtIn()).find((candidate) => candidate.name === name && (version === undefined || candidate.version === version))
    },
    async list() {
      const rows = await orm.select().from(workflows).where(own).orderBy(desc(workflows.createdAt))
      const newest = new Map<string, WorkflowVersion>()
      for (const row of rows) if (!newest.has(row.name)) newest.set(row.name, toVersion(row))
      const shipped = (await builtIn()).filter((candidate) => !newest.has(candidate.name))
      return [...newest.values(), ...shipped].sort((a, b) => a.name.localeCompare(b.name))
    },
  }
}

const toVersion = (row: typeof workflows.$inferSelect): WorkflowVersion => ({
  name: row.name,
  version: row.version,
  source: row.source,
  definition: JSON.parse(row.definition) as WorkflowDefinition,
  createdAt: row.createdAt,
  builtIn: false,
})
