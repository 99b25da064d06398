import { and, eq } from 'drizzle-orm'
import type { WorkflowGates } from '../domain/workflow-gates'
import { openD1 } from './d1'
import { workflowGates } from './schema'

/** Rows of one tenant's gates in D1. */
export function createD1WorkflowGates(binding: D1Database, tenantId: string): WorkflowGates {
  const db = openD1(binding)
  const of = (workflow: string) => and(eq(workflowGates.tenantId, tenantId), eq(workflowGates.workflow, workflow))
  return {
    find: async (workflow) => {
      const [row] = await db.select().from(workflowGates).where(of(workflow)).limit(1)
      if (row === undefined) return undefined
      const { tenantId: _tenant, ...gate } = row
      return gate
    },
    put: async (gate) => {
      const { workflow: _workflow, ...changed } = gate
      await db
        .insert(workflowGates)
        .values({ ...gate, tenantId })
        .onConflictDoUpdate({ target: [workflowGates.tenantId, workflowGates.workflow], set: changed })
    },
    remove: async (workflow) => {
      await db.delete(workflowGates).where(of(workflow))
    },
    standingOn: async (dataset) => {
      const rows = await db
        .select({ workflow: workflowGates.workflow })
        .from(workflowGates)
        .where(and(eq(workflowGates.tenantId, tenantId), eq(workflowGates.dataset, dataset)))
        .orderBy(workflowGates.workflow)
      return rows.map(({ workflow }) => workflow)
    },
  }
}
