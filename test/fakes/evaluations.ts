import type { DatasetRecord, Datasets } from '../../workers/domain/datasets'
import type { EvaluationRecord, Evaluations } from '../../workers/domain/evaluations'
import type { WorkflowGate, WorkflowGates } from '../../workers/domain/workflow-gates'
import { newestFirst } from './newest-first'

/** Rows of datasets in memory; the last of a name is its newest. */
export function createFakeDatasets(): Datasets {
  let rows: DatasetRecord[] = []
  const versions = (name: string) => rows.filter((row) => row.name === name).reverse()
  return {
    save: async (dataset) => {
      const known = rows.find((row) => row.name === dataset.name && row.version === dataset.version)
      rows = [...rows.filter((row) => row !== known), known ?? { ...dataset }]
    },
    find: async (name, version) => versions(name).find((row) => version === undefined || row.version === version),
    versions: async (name) => versions(name),
    list: async (page) => {
      const newest = [...new Set(rows.map((row) => row.name))].flatMap((name) => versions(name)[0] ?? [])
      const { items, ...rest } = newestFirst(
        newest.map((row) => ({ ...row, id: row.name })),
        page,
      )
      return { items: items.map(({ id: _id, ...row }) => row), ...rest }
    },
    remove: async (name) => {
      rows = rows.filter((row) => row.name !== name)
    },
  }
}

/** Rows of evaluations in memory. */
export function createFakeEvaluations(): Evaluations {
  const rows = new Map<string, EvaluationRecord>()
  return {
    insert: async (evaluation) => void rows.set(evaluation.id, structuredClone(evaluation)),
    find: async (id) => structuredClone(rows.get(id)),
    finish: async (id, end) => {
      const row = rows.get(id)
      if (row !== undefined && row.endedAt === undefined) rows.set(id, structuredClone({ ...row, ...end }))
    },
    remove: async (id) => void rows.delete(id),
    list: async ({ dataset, workflow, workflowVersion, ended, ...page }) =>
      newestFirst(
        [...rows.values()].filter(
          ({ target, ...row }) =>
            (dataset === undefined || row.dataset === dataset) &&
            (workflow === undefined || ('workflow' in target && target.workflow === workflow)) &&
            (workflowVersion === undefined || ('workflow' in target && target.version === workflowVersion)) &&
            (ended === undefined || (row.endedAt !== undefined) === ended),
        ),
        page,
      ),
  }
}

/** Gates in memory. */
export function createFakeGates(): WorkflowGates {
  const rows = new Map<string, WorkflowGate>()
  return {
    find: async (workflow) => rows.get(workflow),
    put: async (gate) => void rows.set(gate.workflow, gate),
    remove: async (workflow) => void rows.delete(workflow),
    standingOn: async (dataset) =>
      [...rows.values()]
        .filter((gate) => gate.dataset === dataset)
        .map(({ workflow }) => workflow)
        .sort(),
  }
}
