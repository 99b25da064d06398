import { createHash } from 'node:crypto'
import { Arguments, EditedArguments, UntrustedEffect } from '../../workers/domain/approvals'
import { ok, type Result, refuse } from '../../workers/domain/error'
import { canonicalJson } from '../../workers/domain/json'
import type { Step } from '../../workers/domain/workflows'
import { actsOutside } from '../../workers/workflows/descent'
import type { ScopePath } from './layout'
import type { ApprovalRow } from './people'
import type { RunState } from './state'
import type { StepRow } from './steps'
import { dispatchStep, startHttp, stepOf } from './transitions'
import { untrustedArguments } from './untrusted'

// An effect whose arguments descend from untrusted text waits for a person before its step is given out, so that no agent can act first.

/** Arguments above this are not shown as a whole; those in question are, shortened. */
const MAX_SHOWN = 64 * 1024

type Acting = Extract<Step, { kind: 'agent' | 'http' }>
export type Release = { kind: 'go'; input: string } | { kind: 'ask'; effect: UntrustedEffect }

/** Whether a step may go, with which input, or what a person is to be asked first. What was approved is not asked again. */
export async function releaseOf(state: RunState, path: ScopePath, step: Acting, key: string, input: string): Promise<Release> {
  if (!actsOutside(step)) return { kind: 'go', input }
  const args: unknown = JSON.parse(input)
  const untrusted = await untrustedArguments(state, path, step, args)
  if (untrusted.length === 0) return { kind: 'go', input }
  const hash = inputHash(input)
  const approved = UntrustedEffect.safeParse(JSON.parse(state.approvals.approvedOf(key)?.details ?? 'null'))
  if (approved.success && approved.data.inputHash === hash) return { kind: 'go', input: merged(input, approved.data.arguments) }
  const shown = step.kind === 'http' ? withoutHeaders(args) : asRecord(args)
  return {
    kind: 'ask',
    effect: {
      reason: 'untrusted_arguments',
      action: actionOf(step, args),
      arguments: input.length <= MAX_SHOWN ? shown : {},
      untrusted,
      inputHash: hash,
    },
  }
}

/** Asks a person. Inside the transaction that records the step as waiting. */
export function askBeforeActing(state: RunState, key: string, effect: UntrustedEffect): void {
  const id = state.newId('approval')
  const labels = [...new Set(effect.untrusted.flatMap(({ origins }) => origins.map(({ label, id: origin }) => label ?? origin)))]
  const from = labels.length === 0 ? 'untrusted text' : `${labels.slice(0, 2).join(', ')}${labels.length > 2 ? ', …' : ''}`
  const title = `${effect.action} with ${effect.untrusted
    .map(({ path }) => path)
    .slice(0, 3)
    .join(', ')} from ${from}?`
  state.approvals.request({ id, step_key: key, title, details: effect, requested_at: state.at(), expires_at: null })
  const untrusted = effect.untrusted.map(({ value: _value, ...where }) => where)
  state.emit('approval.requested', key, { approvalId: id, title, reason: effect.reason, action: effect.action, untrusted })
  state.update({})
}

/** The input as a person changed it; undefined when nothing was. Refuses arguments that the step does not have. */
export function editedInput(row: StepRow, approval: ApprovalRow, details: unknown): Result<string | undefined> {
  if (details === undefined) return ok(undefined)
  const edited = EditedArguments.safeParse(details)
  if (!edited.success) return refuse('invalid', 'Write editedDetails as {arguments: {…}} with the arguments to change.')
  const shown = UntrustedEffect.parse(JSON.parse(approval.details)).arguments
  const stray = Object.keys(edited.data.arguments).find((key) => !Object.hasOwn(shown, key) || (row.kind === 'http' && key === 'method'))
  if (stray !== undefined)
    return refuse('invalid', `'${stray}' is not among the arguments that can be changed: ${Object.keys(shown).join(', ')}.`)
  return ok(merged(row.input ?? '{}', edited.data.arguments))
}

/** Gives the step out as it was approved. */
export function actAsApproved(state: RunState, row: StepRow, approval: ApprovalRow, input: string | undefined): void {
  if (input !== undefined) {
    const effect = UntrustedEffect.parse(JSON.parse(approval.details))
    const changed = Object.fromEntries(Object.entries(asRecord(JSON.parse(input))).filter(([key]) => Object.hasOwn(effect.arguments, key)))
    state.approvals.amend(approval.id, { ...effect, arguments: changed })
    state.steps.changeInput(row.key, input)
  }
  if (row.kind === 'http') {
    state.steps.setStatus(row.key, 'running')
    const step = stepOf(state, row)
    startHttp(state, row, step.timeoutMs)
    return
  }
  state.steps.setStatus(row.key, 'pending')
  state.emit('step.scheduled', row.key, { agent: row.agent, operation: row.operation, attempt: row.attempt, approvalId: approval.id })
  dispatchStep(state, row)
}

/** SHA-256 of an input whatever the order of its members. */
export const inputHash = (input: string): string =>
  createHash('sha256')
    .update(canonicalJson(JSON.parse(input)))
    .digest('hex')

const merged = (input: string, changes: Record<string, unknown>): string => JSON.stringify({ ...asRecord(JSON.parse(input)), ...changes })

const asRecord = (value: unknown): Record<string, unknown> => Arguments.parse(value)

/** Headers may hold keys of the author's own. */
const withoutHeaders = (args: unknown): Record<string, unknown> => {
  const { headers: _headers, ...rest } = asRecord(args)
  return rest
}

function actionOf(step: Acting, args: unknown): string {
  if (step.kind === 'agent') return `${step.agent}.${step.operation}`
  const { url } = asRecord(args)
  return `${step.method} ${typeof url === 'string' && URL.canParse(url) ? new URL(url).origin : String(url)}`
}
