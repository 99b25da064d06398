import type { Result } from '../domain/error'
import { sealMarked } from '../domain/pii-fields'
import type { RunAnswer, RunControl } from '../domain/run-control'
import type { RunView } from '../domain/runs'
import { holdsSealed, openSealed, PII_MASK, refuseSealed, type SealedFields, sealAgain } from '../domain/sealed-fields'
import type { WorkflowVersion } from '../domain/workflows'

export interface SealedRunsDeps {
  runs: RunControl
  fields(): SealedFields
  findWorkflow(name: string, version: string): Promise<WorkflowVersion | undefined>
}

/**
 * Runs whose inputs are sealed, where the workflow's input schema marks personal data, before anything keeps them. Refuses `invalid`
 * what comes with a sealed value in it. Answers of people to what they saw opened are sealed again.
 */
export function createSealedRuns({ runs, fields, findWorkflow }: SealedRunsDeps): RunControl {
  return {
    ...runs,
    start: async (request) => {
      refuseSealed([request.input, request.vars, request.title], 'The order')
      return await runs.start({ ...request, input: await sealMarked(request.workflow.definition.input, request.input, fields()) })
    },
    continue: async (runId, answer) => await runs.continue(runId, await sealedAnswer(answer, () => runs.get(runId), fields)),
    fork: async (runId, newRunId, request) => {
      refuseSealed([request.input, request.overrides], 'The fork')
      if (request.input === undefined) return await runs.fork(runId, newRunId, request)
      const source = await runs.get(runId)
      if (!source.ok) return source
      const workflow = request.workflow ?? (await findWorkflow(source.value.workflow, source.value.workflowVersion))
      return await runs.fork(runId, newRunId, { ...request, input: await sealMarked(workflow?.definition.input, request.input, fields()) })
    },
  }
}

async function sealedAnswer(answer: RunAnswer, get: () => Promise<Result<RunView>>, fields: () => SealedFields): Promise<RunAnswer> {
  refuseSealed(answer, 'The answer')
  if (!('approvalId' in answer) || answer.editedDetails === undefined) return answer
  const run = await get()
  const shown = run.ok ? run.value.approvals.find(({ id }) => id === answer.approvalId)?.details : undefined
  if (!holdsSealed(shown)) return answer
  const { opened } = await openSealed(shown, fields())
  return { ...answer, editedDetails: sealAgain(unmasked(answer.editedDetails, shown), opened) }
}

/** What the reader saw as a mask, and left, stays what it was. */
function unmasked(edited: unknown, shown: unknown): unknown {
  if (typeof edited === 'string') return edited.includes(PII_MASK) && typeof shown === 'string' && holdsSealed(shown) ? shown : edited
  if (Array.isArray(edited)) return edited.map((item: unknown, at) => unmasked(item, Array.isArray(shown) ? shown[at] : undefined))
  if (typeof edited !== 'object' || edited === null) return edited
  const before = new Map(typeof shown === 'object' && shown !== null ? Object.entries(shown) : [])
  return Object.fromEntries(Object.entries(edited).map(([key, member]) => [key, unmasked(member, before.get(key))]))
}
