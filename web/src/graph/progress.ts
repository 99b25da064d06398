import type { StepStatus, StepView } from '../api/types'
import type { Plan } from './plan'

/** How a step of the plan stands, all its items and scopes taken together. */
export interface StepProgress {
  status: StepStatus
  done: number
  total: number
  /** Keys of the steps of the run behind it. */
  keys: string[]
}

/** What a person wants to see first when the items of one step differ. */
const URGENCY: readonly StepStatus[] = ['failed', 'waiting', 'retrying', 'running', 'pending', 'cancelled', 'completed', 'skipped']
const ENDED: readonly StepStatus[] = ['completed', 'failed', 'skipped', 'cancelled']

/** Statuses that events tell are newer than those last read, except where reading has already seen the end. */
export function withLive(steps: StepView[], live: Record<string, StepStatus>): StepView[] {
  return steps.map((step) => {
    const status = live[step.key]
    return status === undefined || ENDED.includes(step.status) ? step : { ...step, status }
  })
}

/**
 * The steps of a run, gathered by the step of the plan that they come from. With the plan of a run that is completed, what
 * it never came to (the branch not taken) counts as skipped.
 */
export function progressByStep(steps: StepView[], completed?: Plan): Map<string, StepProgress> {
  const unreached = (completed?.nodes ?? []).map((node): [string, StepProgress] => [
    node.id,
    { status: 'skipped', done: 0, total: 0, keys: [] },
  ])
  const groups = Map.groupBy(steps, (step) => step.stepId)
  return new Map([...unreached, ...[...groups].map(([stepId, views]): [string, StepProgress] => [stepId, gather(views)])])
}

function gather(views: StepView[]): StepProgress {
  const statuses = new Set(views.map((view) => view.status))
  return {
    status: URGENCY.find((status) => statuses.has(status)) ?? 'pending',
    done: views.filter((view) => ENDED.includes(view.status)).length,
    total: views.length,
    keys: views.map((view) => view.key),
  }
}

/** How many steps have ended, of those known so far. */
export const countDone = (steps: StepView[]): { done: number; total: number } => ({
  done: steps.filter((step) => ENDED.includes(step.status)).length,
  total: steps.length,
})
