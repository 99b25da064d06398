import { ok, type Result, refuse } from '../../workers/domain/error'
import type { ForkRequest, ForkSource } from '../../workers/domain/run-control'
import { inputHash } from './effect-approval'
import type { StepRecord } from './records'
import type { RunState } from './state'
import type { StepRow } from './steps'

/** Kinds that ask for something: the others are computed again, which costs and changes nothing. */
const RECORDED = new Set(['agent', 'http', 'approval', 'wait', 'waitEvent'])

/**
 * What a fork takes over: every result before `fromStep` as it is; later ones only where the step would get the same input, so
 * that effects and model calls outside the change are served from the record. An approval was given for one run: it stands for
 * another one only where somebody forks who could give it again, or who may only start runs would have a payment made twice.
 */
export function forkSource(state: RunState, request: ForkRequest): Result<ForkSource> {
  const { run } = state
  const rows = state.steps.list()
  const from = rows.find((row) => row.key === request.fromStep)
  if (from === undefined) return refuse('not_found', `The run has no step '${request.fromStep}'; GET /runs/{id}/steps lists its keys.`)
  const overrides = Object.entries(request.overrides ?? {})
  const unknown = overrides.find(([key]) => rows.every((row) => row.key !== key))
  if (unknown !== undefined)
    return refuse('not_found', `The run has no step '${unknown[0]}' to override; GET /runs/{id}/steps lists its keys.`)
  const taken = rows.filter(
    (row) =>
      row.status === 'completed' &&
      RECORDED.has(row.kind) &&
      row.key !== request.fromStep &&
      (row.kind !== 'approval' || request.mayApprove === true),
  )
  const records = [
    ...taken.flatMap((row) => recordOf(row, row.position < from.position && request.input === undefined)),
    ...overrides.map(
      ([stepKey, output]): StepRecord => ({
        stepKey,
        inputHash: null,
        status: 'completed',
        output: JSON.stringify(output),
        outputRef: null,
        isOverride: true,
      }),
    ),
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
