import { queryOptions } from '@tanstack/react-query'
import { api } from './client'
import type { Step, WorkflowSummary } from './types'

export interface WorkflowDetail extends WorkflowSummary {
  /** The YAML text. */
  source: string
  steps: Step[]
}

export const workflowsQuery = () =>
  queryOptions({
    queryKey: ['workflows'],
    queryFn: async ({ signal }) => (await (await api.workflows.$get(undefined, { init: { signal } })).json()).items,
  })

/** One workflow; with `version` the very text that a run is pinned to. */
export const workflowQuery = (name: string, version?: string) =>
  queryOptions({
    queryKey: ['workflow', name, version ?? 'newest'],
    queryFn: async ({ signal }): Promise<WorkflowDetail> => {
      const query = version === undefined ? {} : { version }
      const { definition, ...workflow } = await (await api.workflows[':name'].$get({ param: { name }, query }, { init: { signal } })).json()
      return { ...workflow, steps: isSteps(definition.steps) ? definition.steps : [] }
    },
  })

/** The API types the step tree loosely, because it is recursive. */
const isSteps = (value: unknown): value is Step[] =>
  Array.isArray(value) && value.every((step) => typeof step === 'object' && step !== null && 'id' in step && 'kind' in step)
