import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { runStepsQuery, stepOutputQuery } from '../api/runs'
import type { StepStatus, StepView } from '../api/types'
import { withLive } from '../graph/progress'

/** The agent whose outputs the run page reads itself; others are fetched when a person opens the step. */
const READ_AGENT = 'analysis'
const NO_STEPS: StepView[] = []

/** A run's steps as they stand this moment, with the analysis' outputs even where these are too large for the list. */
export function useSteps(runId: string, live: Record<string, StepStatus>): StepView[] {
  const { data: steps = NO_STEPS } = useQuery(runStepsQuery(runId))
  const large = useMemo(() => steps.filter((step) => step.agent === READ_AGENT && step.outputRef !== undefined), [steps])
  const outputs = useQueries({
    queries: large.map((step) => stepOutputQuery(runId, step.key, step.attempt)),
    combine: (results) => results.map((result) => result.data),
  })
  return useMemo(() => {
    const byKey = new Map(large.map((step, index) => [step.key, outputs[index]]))
    return withLive(steps, live).map((step) => (byKey.has(step.key) ? { ...step, output: byKey.get(step.key) } : step))
  }, [steps, live, large, outputs])
}
