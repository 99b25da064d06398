import { ok, type Result, refuse } from '../../workers/domain/error'
import type { ForkRequest, ForkSource } from '../../workers/domain/run-control'
import { inputHash } from './effect-approval'
import { wantsAnother } from './four-eyes'
import { layoutOf } from './layout'
import type { StepRecord } from './records'
import type { RunState } from './state'
import type { StepRow } from './steps'

/** Kinds that ask for something: the others are computed again, which costs and changes nothing. */
const RECORDED = new Set(['agent', 'http', 'approval', 'wait', 'waitEvent'])

/**
 * What a fork takes over: every result before `fromStep` as it is; later ones only where the step would get the same input, so
 * that effects and model calls outside the change are served from the record. An approval was given for one run: it stands for
 * another one only where somebody forks who could give it again, or who may only start runs would have a payment made twice. Who forks
 * a run starts the fork, and could never give again what is for somebody else.
 */
export function forkSource(state: RunState, request: ForkRequest): Result<ForkSource> {
  const { run } = state
  const rows = state.steps.list()
  const from = rows.find((row) => row.key === request.fromStep)
  if (from === undefined) return refuse('not_found', `The run has no step '${request.fromStep}'; GET /runs/{id}/steps lists its keys.`)
  const isForAnother = wantingAnother(state, request)
  const refusal = overrideRefusal(rows, request.overrides ?? {}, isForAnother)
  if (refusal !== undefined) return refusal
  const taken = rows.filter(
    (row) =>
      row.status === 'completed' &&
      RECORDED.has(row.kind) &&
      row.key !== request.fromStep &&
      (row.kind !== 'approval' || (request.mayApprove === true && !isForAnother(row))),
  )
  const records = [
    ...taken.flatMap((row) => recordOf(row, row.position < from.position && request.input === undefined)),
    ...Object.entries(request.overrides ?? {}).map(overrideOf),
  ]
  const workflow = request.workflow ?? {
    name: run.workflow,
    version: run.workflow_version,
    source: '',
    definition: state.definition,
    createdAt: run.created_at,
    builtIn: false,
  }
  return ok({
    runId: run.id,
    fromStep: request.fromStep,
    workflow,
    input: request.input ?? JSON.parse(run.input),
    vars: JSON.parse(run.vars),
    records,
    ...(run.document_id !== null && { documentId: run.document_id }),
    ...(run.title !== null && { title: run.title }),
  })
}

/** Tells the approvals that are for somebody else than who starts the run, before the fork or after. */
function wantingAnother({ layout }: RunState, { workflow }: ForkRequest): (row: StepRow) => boolean {
  const layouts = [layout, ...(workflow === undefined ? [] : [layoutOf(workflow.definition)])]
  return ({ step_id }) => layouts.some((each) => wantsAnother(each, step_id))
}

function overrideRefusal(
  rows: readonly StepRow[],
  overrides: Record<string, unknown>,
  isForAnother: (row: StepRow) => boolean,
): Result<never> | undefined {
  for (const key of Object.keys(overrides)) {
    const row = rows.find((each) => each.key === key)
    if (row === undefined) return refuse('not_found', `The run has no step '${key}' to override; GET /runs/{id}/steps lists its keys.`)
    if (isForAnother(row))
      return refuse('forbidden', `'${key}' is an approval for somebody else than who forks the run; its output cannot be given.`, {
        reason: 'self_approval',
      })
  }
  return undefined
}

const overrideOf = ([stepKey, output]: [string, unknown]): StepRecord => ({
  stepKey,
  inputHash: null,
  status: 'completed',
  output: JSON.stringify(output),
  outputRef: null,
  isOverride: true,
})

function recordOf(row: StepRow, isBefore: boolean): StepRecord[] {
  const hash = row.input === null ? null : inputHash(row.input)
  if (!isBefore && hash === null) return []
  return [
    {
      stepKey: row.key,
      inputHash: isBefore ? null : hash,
      status: row.status,
      output: row.output,
      outputRef: row.output_ref,
      isOverride: false,
    },
  ]
}
