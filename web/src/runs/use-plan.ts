import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { RunView, StepView } from '../api/types'
import { workflowQuery } from '../api/workflows'
import { bareStep } from '../graph/bare-step'
import { type Plan, planSteps } from '../graph/plan'

/** The plan of a run: from the workflow version that it is pinned to, else from the steps that it has shown so far. */
export function usePlan(run: RunView, steps: StepView[]): Plan | undefined {
  const workflow = useQuery({ ...workflowQuery(run.workflow, run.workflowVersion), retry: false, staleTime: Number.POSITIVE_INFINITY })
  const planned = workflow.data?.steps
  // Only the names count: the plan must not be made anew with every status.
  const names = JSON.stringify([
    ...new Map(steps.map((step) => [step.stepId, [step.stepId, step.agent ?? '', step.operation ?? '']])).values(),
  ])
  return useMemo(() => {
    if (planned !== undefined) return planSteps(planned)
    if (workflow.isPending) return undefined
    const known: [string, string, string][] = JSON.parse(names)
    return planSteps(known.map((step) => bareStep(...step)))
  }, [planned, workflow.isPending, names])
}
