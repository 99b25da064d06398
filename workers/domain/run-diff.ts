import { canonicalJson } from './json'
import type { RunView, StepView } from './runs'

/** One side of a step in a comparison. */
export type StepSide = Pick<StepView, 'status' | 'attempt' | 'output' | 'outputRef' | 'error' | 'costMicroUsd' | 'provider'>

export interface StepDifference {
  stepKey: string
  kind: string
  change: 'same' | 'changed' | 'only_left' | 'only_right'
  /** What differs, for a step that both runs have. */
  differs: ('status' | 'output' | 'error')[]
  left?: StepSide
  right?: StepSide
}

export interface RunDiff {
  left: RunSide
  right: RunSide
  steps: StepDifference[]
  /** Whether the runs gave the same outputs. */
  sameOutputs: boolean
}

interface RunSide extends Pick<RunView, 'id' | 'workflow' | 'workflowVersion' | 'status' | 'costMicroUsd'> {
  /** From start to end; absent while it runs. */
  durationMs?: number
}

export interface Compared {
  run: RunView
  steps: StepView[]
}

/**
 * Two runs step by step, in the order of the left one and then of what only the right one has. Steps are matched by key. Cost and
 * attempts are shown and count as no difference. Outputs kept by reference must be put in as `output` to be compared by content;
 * without that, two references are the same only when they name the same file.
 */
export function diffRuns(left: Compared, right: Compared): RunDiff {
  const rights = new Map(right.steps.map((step) => [step.key, step]))
  const lefts = new Set(left.steps.map((step) => step.key))
  return {
    left: sideOfRun(left.run),
    right: sideOfRun(right.run),
    steps: [
      ...left.steps.map((step) => diffStep(step, rights.get(step.key))),
      ...right.steps.filter((step) => !lefts.has(step.key)).map((step) => diffStep(undefined, step)),
    ],
    sameOutputs: isSame(left.run.outputs, right.run.outputs),
  }
}

function diffStep(left: StepView | undefined, right: StepView | undefined): StepDifference {
  const { key: stepKey = '', kind = '' } = left ?? right ?? {}
  if (left === undefined || right === undefined) {
    const change = left === undefined ? 'only_right' : 'only_left'
    return { stepKey, kind, change, differs: [], ...(left && { left: sideOf(left) }), ...(right && { right: sideOf(right) }) }
  }
  const differs: StepDifference['differs'] = []
  if (left.status !== right.status) differs.push('status')
  if (!isSame(left.output, right.output) || (left.output === undefined && left.outputRef !== right.outputRef)) differs.push('output')
  if (!isSame(left.error, right.error)) differs.push('error')
  return { stepKey, kind, change: differs.length === 0 ? 'same' : 'changed', differs, left: sideOf(left), right: sideOf(right) }
}

function sideOf({ status, attempt, output, outputRef, error, costMicroUsd, provider }: StepView): StepSide {
  return {
    status,
    attempt,
    costMicroUsd,
    ...(output !== undefined && { output }),
    ...(outputRef !== undefined && { outputRef }),
    ...(error && { error }),
    ...(provider !== undefined && { provider }),
  }
}

function sideOfRun({ id, workflow, workflowVersion, status, costMicroUsd, createdAt, endedAt }: RunView): RunSide {
  const durationMs = endedAt === undefined ? undefined : Date.parse(endedAt) - Date.parse(createdAt)
  return { id, workflow, workflowVersion, status, costMicroUsd, ...(durationMs !== undefined && { durationMs }) }
}

const isSame = (left: unknown, right: unknown): boolean => canonicalJson(left ?? null) === canonicalJson(right ?? null)
