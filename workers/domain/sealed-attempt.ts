import { AppError } from './error'
import { marksPii, sealExtraction } from './pii-fields'
import type { Ports } from './ports'
import type { AttemptObject } from './run-control'
import type { ClaimedStep, StepOutcome } from './runs'
import { holdsSealed, openSealed, type SealedFields, sealAgain } from './sealed-fields'

/** A step in the hands of an agent: its input opened, and the run behind a veil that seals again whatever is told to it. */
export interface OpenedStep {
  step: ClaimedStep
  run: AttemptObject
  /** The value as it may be kept or logged. */
  hide<T>(value: T): T
}

/**
 * Opens the sealed values of a step's input. What the agent reports, plans, logs or says meanwhile is sealed again, and fields of an
 * extraction that its schema marks are sealed for the first time. A step without either is left as it is.
 */
export async function openStep(run: AttemptObject, step: ClaimedStep, fields: SealedFields | undefined): Promise<OpenedStep> {
  const schema = markingSchema(step.input)
  if (schema === undefined && !holdsSealed(step.input)) return { step, run, hide: (value) => value }
  if (fields === undefined)
    throw new AppError('unavailable', 'Personal data cannot be sealed here: the installation has no master key configured.')
  const { value: input, opened } = await openSealed(step.input, fields)
  const known = new Map(opened)
  const hide = <T>(value: T): T => sealAgain(value, known)
  const veil: Veil = {
    hide,
    open: async (value) => (await openSealed(value, fields)).value,
    seal: async (output) => {
      if (schema === undefined) return hide(output)
      const { output: sealedOutput, sealed } = await sealExtraction(schema, output, fields)
      for (const [token, plain] of sealed) known.set(token, plain)
      return hide(sealedOutput)
    },
  }
  return { step: { ...step, input }, run: veiled(run, veil), hide }
}

/** Reports whose titles are kept as they may be. */
export const hidingTitles = (reports: Ports['reports'], { hide }: Pick<OpenedStep, 'hide'>): Ports['reports'] => ({
  ...reports,
  insert: async (report) => await reports.insert({ ...report, title: hide(report.title) }),
})

function markingSchema(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || !('schema' in input)) return undefined
  return marksPii(input.schema) ? input.schema : undefined
}

interface Veil {
  hide<T>(value: T): T
  open(value: unknown): Promise<unknown>
  seal(output: unknown): Promise<unknown>
}

function veiled(run: AttemptObject, { hide, open, seal }: Veil): AttemptObject {
  const hidden = async (outcome: StepOutcome): Promise<StepOutcome> => {
    if (outcome.status === 'failed') return { ...outcome, error: hide(outcome.error) }
    // Before the notes: what an extraction has found is known only then.
    const output = await seal(outcome.output)
    return { ...outcome, output, ...(outcome.notes && { notes: hide(outcome.notes) }) }
  }
  return {
    claim: async (...claim) => await run.claim(...claim),
    report: async (stepKey, token, outcome) => await run.report(stepKey, token, await hidden(outcome)),
    progress: async (stepKey, token, message, share) => await run.progress(stepKey, token, hide(message), share),
    beginEffect: async (stepKey, token, effect) => {
      const decided = await run.beginEffect(stepKey, token, hide(effect))
      return decided.ok && decided.value.decision === 'settled'
        ? { ok: true, value: { decision: 'settled', receipt: await open(decided.value.receipt) } }
        : decided
    },
    settleEffect: async (key, receipt) => await run.settleEffect(key, hide(receipt)),
    failEffect: async (key, error) => await run.failEffect(key, hide(error)),
    unknownEffect: async (key, reason) => await run.unknownEffect(key, hide(reason)),
  }
}

/** Opened values of an input that no agent takes: an http step of the run itself. */
export async function openInput<T>(input: T, fields: SealedFields | undefined): Promise<{ input: T; hide<V>(value: V): V }> {
  if (!holdsSealed(input)) return { input, hide: (value) => value }
  if (fields === undefined) throw new AppError('unavailable', 'Sealed values cannot be opened here: no master key is configured.')
  const { value, opened } = await openSealed(input, fields)
  return { input: value, hide: <V>(kept: V): V => sealAgain(kept, opened) }
}
