import { AppError } from '../../workers/domain/error'
import type { Json } from '../../workers/domain/json'
import { MAX_FOR_EACH_ITEMS, type Step } from '../../workers/domain/workflows'
import { askBeforeActing, inputHash, releaseOf } from './effect-approval'
import type { Evaluation } from './evaluation'
import type { RecordRow } from './records'
import type { ScopeRow } from './scopes'
import type { RunState } from './state'
import type { StepRow } from './steps'
import { WIDE_INDEXES } from './tables'
import { completeStep, dispatchStep, startHttp } from './transitions'

/** A change to commit; computed before, because resolving inputs may read the file store. */
export type Plan = () => void

/** SQLite's row limit is 2 MB; an input above this is a sign that bytes travel where a reference should. */
const MAX_INPUT_BYTES = 1_500_000

type StepOf<K extends Step['kind']> = Extract<Step, { kind: K }>
interface Context {
  state: RunState
  scope: ScopeRow
  evaluation: Evaluation
  key: string
  /** Number of this attempt: above 1 when a failed step is asked for again. */
  attempt: number
}

/** What a sequence that asks for `step` sets in motion. Refuses with `invalid` when an expression cannot be resolved. */
export async function planStep(state: RunState, scope: ScopeRow, evaluation: Evaluation, step: Step, key: string): Promise<Plan> {
  const attempt = (state.steps.find(key)?.attempt ?? 0) + 1
  const context = { state, scope, evaluation, key, attempt }
  switch (step.kind) {
    case 'agent':
      return await planAgent(context, step)
    case 'http':
      return await planHttp(context, step)
    case 'parallel':
      return planParallel(context, step)
    case 'forEach':
      return await planForEach(context, step)
    case 'approval':
      return await planApproval(context, step)
    case 'wait':
      return planWait(context, step)
    case 'waitEvent':
      return await planWaitEvent(context, step)
    default:
      throw new Error(`step ${step.id} of kind ${step.kind} is pure and asks for nothing`)
  }
}

async function resolve(context: Context, template: Json): Promise<Json> {
  await context.evaluation.load([template])
  return context.evaluation.resolve(template)
}

async function planAgent(context: Context, step: StepOf<'agent'>): Promise<Plan> {
  const { state, evaluation, key, attempt } = context
  const input = serialise(step.id, await resolve(context, step.input))
  const served = state.records.find(key, inputHash(input))
  if (served !== undefined) return planServed(context, step, served, input)
  const token = `${attempt}-${state.newId('message')}`
  const release = await releaseOf(state, evaluation.path, step, key, input)
  if (release.kind === 'ask')
    return () => {
      insertStep(context, step, { status: 'waiting', agent: step.agent, operation: step.operation, token, input, started_at: state.at() })
      askBeforeActing(state, key, release.effect)
    }
  return () => {
    insertStep(context, step, { status: 'pending', agent: step.agent, operation: step.operation, token, input: release.input })
    state.emit('step.scheduled', key, { agent: step.agent, operation: step.operation, attempt })
    dispatchStep(state, { key, agent: step.agent, token })
  }
}

async function planHttp(context: Context, step: StepOf<'http'>): Promise<Plan> {
  const { state, evaluation, key, attempt } = context
  const { method, url, headers, body } = step
  const input = serialise(step.id, await resolve(context, { method, url, headers, ...(body !== undefined && { body }) }))
  const served = state.records.find(key, inputHash(input))
  if (served !== undefined) return planServed(context, step, served, input)
  const token = `${attempt}-${state.newId('message')}`
  const release = await releaseOf(state, evaluation.path, step, key, input)
  if (release.kind === 'ask')
    return () => {
      insertStep(context, step, { status: 'waiting', token, input, started_at: state.at() })
      askBeforeActing(state, key, release.effect)
    }
  return () => {
    insertStep(context, step, { status: 'running', token, input: release.input, started_at: state.at() })
    startHttp(state, { key, token, attempt }, step.timeoutMs)
  }
}

function planParallel(context: Context, step: StepOf<'parallel'>): Plan {
  const { state, evaluation, key } = context
  return () => {
    insertStep(context, step, { status: 'running', started_at: state.at() })
    state.emit('step.started', key, { kind: 'parallel', branches: step.branches.map((branch) => branch.id) })
    for (const [index, branch] of step.branches.entries()) {
      state.scopes.insert([...evaluation.path, { stepId: step.id, branch: branch.id }], {
        parentKey: key,
        label: branch.id,
        index,
        ...inherited(context),
        status: 'ready',
      })
    }
  }
}

/** A branch inside a forEach item sees the item. */
function inherited({ scope }: Context): { item?: unknown } {
  return scope.item === null ? {} : { item: JSON.parse(scope.item) }
}

async function planForEach(context: Context, step: StepOf<'forEach'>): Promise<Plan> {
  const { state, evaluation, key } = context
  const items = await resolve(context, step.items)
  if (!Array.isArray(items))
    throw new AppError(
      'invalid',
      `Step '${step.id}': forEach needs a list; its expression gave ${items === null ? 'nothing' : `a ${typeof items}`}.`,
    )
  if (items.length > MAX_FOR_EACH_ITEMS)
    throw new AppError('too_large', `Step '${step.id}': ${items.length} items; forEach takes at most ${MAX_FOR_EACH_ITEMS}.`)
  return () => {
    state.sql.exec(WIDE_INDEXES)
    insertStep(context, step, { status: 'running', started_at: state.at() })
    state.emit('step.started', key, { kind: 'forEach', items: items.length, concurrency: step.concurrency })
    for (const [index, item] of items.entries()) {
      state.scopes.insert([...evaluation.path, { stepId: step.id, index }], {
        parentKey: key,
        label: String(index),
        index,
        item,
        status: index < step.concurrency ? 'ready' : 'queued',
      })
    }
  }
}

async function planApproval(context: Context, step: StepOf<'approval'>): Promise<Plan> {
  const { state, key } = context
  const { title, details } = (await resolve(context, { title: step.title, details: step.details })) as { title: Json; details: Json }
  const served = state.records.find(key, '')
  if (served !== undefined) return planServed(context, step, served)
  const expiresAt = step.expiresAfterMs === undefined ? undefined : new Date(state.now().getTime() + step.expiresAfterMs)
  return () => {
    const id = state.newId('approval')
    insertStep(context, step, { status: 'waiting', started_at: state.at() })
    state.approvals.request({
      id,
      step_key: key,
      title: String(title),
      details,
      requested_at: state.at(),
      expires_at: expiresAt?.toISOString() ?? null,
    })
    if (expiresAt !== undefined) state.timers.set('approval_expiry', key, expiresAt.getTime(), id)
    state.emit('approval.requested', key, { approvalId: id, title, ...(expiresAt && { expiresAt: expiresAt.toISOString() }) })
    state.update({})
  }
}

function planWait(context: Context, step: StepOf<'wait'>): Plan {
  const { state, key } = context
  const served = state.records.find(key, '')
  if (served !== undefined) return planServed(context, step, served)
  return () => {
    const wakeAt = state.now().getTime() + step.durationMs
    insertStep(context, step, { status: 'waiting', started_at: state.at() })
    state.timers.set('wait', key, wakeAt)
    state.emit('wait.started', key, { kind: 'duration', wakeAt: new Date(wakeAt).toISOString() })
  }
}

async function planWaitEvent(context: Context, step: StepOf<'waitEvent'>): Promise<Plan> {
  const { state, key } = context
  const correlation = String(await resolve(context, step.correlation))
  const served = state.records.find(key, '')
  if (served !== undefined) return planServed(context, step, served)
  return () => {
    insertStep(context, step, { status: 'waiting', started_at: state.at() })
    state.emit('wait.started', key, { kind: 'event', event: step.event, correlation })
    const taken = state.mailbox.take(key, step.event, correlation)
    const row = state.steps.find(key)
    if (taken !== undefined && row !== undefined) {
      completeStep(state, row, { output: JSON.stringify(taken), outputRef: null }, { event: step.event })
      return
    }
    state.mailbox.wait(key, step.event, correlation)
    if (step.timeoutMs !== undefined) state.timers.set('event_timeout', key, state.now().getTime() + step.timeoutMs)
  }
}

/** A forked run takes this step's result over from the record instead of doing it again. */
function planServed(context: Context, step: Step, record: RecordRow, input?: string): Plan {
  const { state, key } = context
  return () => {
    insertStep(context, step, { status: 'running', input: input ?? null, started_at: state.at() })
    const row = state.steps.find(key)
    if (row === undefined) return
    completeStep(
      state,
      row,
      { output: record.output, outputRef: record.output_ref },
      { served: record.is_override === 1 ? 'override' : 'record' },
    )
  }
}

function insertStep({ state, scope, key, attempt }: Context, step: Step, row: Partial<StepRow> & Pick<StepRow, 'status'>): void {
  state.steps.insert({ key, step_id: step.id, scope: scope.scope, kind: step.kind, attempt, ...row })
}

function serialise(stepId: string, input: Json): string {
  const text = JSON.stringify(input)
  if (text.length <= MAX_INPUT_BYTES) return text
  throw new AppError(
    'too_large',
    `Step '${stepId}': its input has ${text.length} characters; pass a reference (document or report id) instead of the content.`,
  )
}
