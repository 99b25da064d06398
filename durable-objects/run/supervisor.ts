import { Command } from '@langchain/langgraph'
import { AppError, toRefusal } from '../../workers/domain/error'
import { MAX_STEPS_PER_RUN, type Step } from '../../workers/domain/workflows'
import { compileSequence, type Sequence } from './compile'
import { Evaluation, type PureResult, pureTemplates } from './evaluation'
import { programId, stepKey } from './layout'
import { type Plan, planStep } from './planning'
import type { RunSaver } from './run-saver'
import { pathOf, type ScopeRow } from './scopes'
import type { RunState } from './state'
import { NO_OUTPUT, type StoredOutput } from './steps'
import { failScope, failStep, stepOf } from './transitions'

/** Node visits in one advance: a sequence has no loops, so this only bounds the widest workflow. */
const RECURSION_LIMIT = 25_000

export interface SupervisorDeps {
  state: RunState
  saver: RunSaver
  /** Runs `change` in one transaction and publishes what it emitted. */
  commit(change: () => void): void
}

/**
 * Drives the graphs of one run.
 *
 * 1. One sequence is one LangGraph thread; sequences advance one at a time, so nothing else changes between reading and commit.
 * 2. Checkpoint, step records, outbox, timers and events of an advance are one transaction: a crash before it changes nothing.
 * 3. What is ready is found in the rows, never in memory.
 */
export class Supervisor {
  private readonly sequences = new Map<string, Sequence>()
  private evaluation: Evaluation | undefined

  constructor(private readonly deps: SupervisorDeps) {}

  /** Advances until nothing is ready. */
  async drive(): Promise<void> {
    const { state } = this.deps
    while (state.isLive) {
      const scope = state.scopes.nextReady()
      const join = scope === undefined ? this.nextJoin() : undefined
      if (scope !== undefined) await this.advance(scope)
      else if (join !== undefined) await this.join(join)
      else return
    }
  }

  /** A parallel or forEach step whose sequences have all ended and which has not been joined. */
  private nextJoin(): string | undefined {
    const { steps, scopes } = this.deps.state
    return steps.runningContainers().find(({ key }) => !scopes.isOpen(key))?.key
  }

  private async advance(scope: ScopeRow): Promise<void> {
    try {
      await this.advanceTo(scope)
    } catch (thrown) {
      // What the graph came to was not recorded: it must not be resumed from.
      this.deps.saver.reload()
      throw thrown
    }
  }

  private async advanceTo(scope: ScopeRow): Promise<void> {
    const { state, saver } = this.deps
    const path = pathOf(scope)
    const thread = threadOf(scope)
    const resume = scope.answer === null ? undefined : await this.standingInterrupt(scope)
    const evaluation = await this.evaluate(scope)
    const result = await this.invoke(
      scope,
      resume === undefined || scope.answer === null ? { at: '' } : new Command({ resume: { [resume]: JSON.parse(scope.answer) } }),
    )
    const asked = askedOf(result)
    const pure = await this.storePure(evaluation.results)
    const end = asked === undefined ? await this.planEnd(scope, evaluation, result.at) : undefined
    const plan = asked === undefined ? end?.plan : await this.planAsked(scope, evaluation, asked.stepId)
    // The first question of a sequence can be asked again from the records; what comes later cannot.
    const keep = end?.isDone || (asked !== undefined && resume === undefined) ? undefined : await saver.keep(thread)
    this.deps.commit(() => {
      keep?.()
      for (const { result: step, stored } of pure) this.recordPure(scope, step, stored)
      if (asked !== undefined) state.scopes.suspend(scope.scope, asked.id, stepKey(path, asked.stepId))
      plan?.()
      if (end?.isDone) this.forgetThread(scope)
    })
  }

  /** The id of the interrupt that the scope's answer is for. A first question that was not kept is asked again from the records. */
  private async standingInterrupt(scope: ScopeRow): Promise<string | undefined> {
    if (scope.interrupt_id === null || (await this.deps.saver.holds(threadOf(scope)))) return scope.interrupt_id ?? undefined
    await this.evaluate(scope, { isReplay: true })
    const asked = askedOf(await this.invoke(scope, { at: '' }))
    if (asked === undefined || stepKey(pathOf(scope), asked.stepId) !== scope.asked)
      throw new Error(
        `sequence '${scope.scope}' asked for ${asked?.stepId ?? 'nothing'} where it had asked for ${scope.asked ?? 'nothing'}`,
      )
    return asked.id
  }

  private async evaluate(scope: ScopeRow, options?: { isReplay: boolean }): Promise<Evaluation> {
    const evaluation = await Evaluation.of(this.deps.state, scope, pureTemplates(this.programOf(scope).steps), options)
    this.evaluation = evaluation
    return evaluation
  }

  private async invoke(scope: ScopeRow, input: { at: string } | Command) {
    const { id, steps } = this.programOf(scope)
    return await this.sequence(id, steps).invoke(input, {
      configurable: { thread_id: threadOf(scope) },
      durability: 'exit',
      recursionLimit: RECURSION_LIMIT,
    })
  }

  private programOf(scope: ScopeRow) {
    const program = this.deps.state.layout.programs.get(programId(pathOf(scope)))
    if (program === undefined) throw new Error(`no program for scope ${scope.scope}`)
    return program
  }

  /** A sequence that ended well is never resumed. The top one's checkpoint stays as it was, because the run ends with it. */
  private forgetThread(scope: ScopeRow): void {
    if (scope.scope === '') this.deps.saver.release(threadOf(scope))
    else this.deps.saver.forget(threadOf(scope))
  }

  private sequence(id: string, steps: Step[]): Sequence {
    const known = this.sequences.get(id)
    if (known !== undefined) return known
    const compiled = compileSequence(steps, (step) => this.decide(step), this.deps.saver)
    this.sequences.set(id, compiled)
    return compiled
  }

  private decide(step: Step) {
    if (this.evaluation === undefined) throw new Error('a graph ran outside an advance')
    return this.evaluation.decide(step)
  }

  private async storePure(results: PureResult[]): Promise<{ result: PureResult; stored: StoredOutput }[]> {
    const stored: { result: PureResult; stored: StoredOutput }[] = []
    for (const result of results) {
      stored.push({
        result,
        stored: result.output === undefined ? NO_OUTPUT : await this.deps.state.outputs.store(result.key, 1, result.output),
      })
    }
    return stored
  }

  private recordPure(scope: ScopeRow, { key, step, status, error, handled }: PureResult, stored: StoredOutput): void {
    const { state } = this.deps
    const at = state.at()
    state.steps.insert({
      key,
      step_id: step.id,
      scope: scope.scope,
      kind: step.kind,
      status,
      started_at: at,
      ended_at: at,
      output: stored.output,
      output_ref: stored.outputRef,
      error: error === undefined ? null : JSON.stringify(error),
    })
    if (status === 'skipped') state.emit('step.skipped', key)
    else if (status === 'completed') state.emit('step.completed', key, { kind: step.kind, ...(error && { defaulted: true, error }) })
    else state.emit('step.failed', key, { kind: step.kind, error, ...(handled && { handled }) })
  }

  private async planAsked(scope: ScopeRow, evaluation: Evaluation, stepId: string): Promise<Plan> {
    const { state } = this.deps
    const step = stepOf(state, { step_id: stepId })
    const key = stepKey(evaluation.path, stepId)
    const failedPure = evaluation.results.find((result) => result.key === key && result.status === 'failed')
    if (failedPure?.error !== undefined) {
      const { error } = failedPure
      return () => failScope(state, scope.scope, key, error)
    }
    try {
      if (state.steps.count() >= MAX_STEPS_PER_RUN)
        throw new AppError('too_large', `A run holds at most ${MAX_STEPS_PER_RUN} steps; split the work into several runs.`)
      return await planStep(state, scope, evaluation, step, key)
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown
      const error = toRefusal(thrown)
      return () => {
        state.steps.insert({ key, step_id: step.id, scope: scope.scope, kind: step.kind, status: 'running', started_at: state.at() })
        const row = state.steps.find(key)
        if (row !== undefined) failStep(state, row, error)
      }
    }
  }

  /** The sequence ran to its end: at the top that ends the run, elsewhere it waits to be joined. */
  private async planEnd(scope: ScopeRow, evaluation: Evaluation, lastStepId: string): Promise<{ plan: Plan; isDone: boolean }> {
    const { state } = this.deps
    const parent = scope.parent_key === null ? undefined : state.steps.find(scope.parent_key)
    const container = parent === undefined ? undefined : stepOf(state, parent)
    const template = parent === undefined ? state.definition.outputs : container?.kind === 'forEach' ? container.output : undefined
    try {
      await evaluation.load([template ?? null])
      const own = template === undefined ? await this.lastOutput(evaluation, lastStepId) : evaluation.resolve(template)
      const stored = await state.outputs.store(scope.scope === '' ? 'outputs' : `${scope.scope}.output`, 1, own)
      return { plan: () => this.endScope(scope, stored), isDone: true }
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown
      const error = toRefusal(thrown)
      return { plan: () => failScope(state, scope.scope, scope.parent_key ?? 'outputs', error), isDone: false }
    }
  }

  private endScope(scope: ScopeRow, stored: StoredOutput): void {
    const { state } = this.deps
    state.scopes.complete(scope.scope, stored)
    if (scope.parent_key !== null) {
      state.scopes.promote(scope.parent_key)
      return
    }
    state.end('completed', { outputs: stored.output, outputs_ref: stored.outputRef })
    state.emit('run.completed', undefined, {})
  }

  private async lastOutput(evaluation: Evaluation, stepId: string): Promise<unknown> {
    const key = stepId === '' ? undefined : stepKey(evaluation.path, stepId)
    // What was computed in this advance has no row yet.
    const pure = evaluation.results.findLast((result) => result.key === key)
    if (pure !== undefined) return pure.output ?? null
    const row = key === undefined ? undefined : this.deps.state.steps.find(key)
    return row === undefined ? null : ((await this.deps.state.outputs.load({ output: row.output, outputRef: row.output_ref })) ?? null)
  }

  /** All sequences of a parallel or forEach step have ended: gather their outputs, or fail with what failed. */
  private async join(key: string): Promise<void> {
    const { state } = this.deps
    const row = state.steps.find(key)
    if (row === undefined) return
    const children = state.scopes.childrenOf(key)
    const failed = children.filter((child) => child.status === 'failed')
    if (failed.length > 0) {
      const first = state.steps.find(failed[0]?.asked ?? '')?.error
      const cause = first == null ? undefined : (JSON.parse(first) as { code: AppError['code']; message: string })
      const message = `${failed.length} of ${children.length} ${row.kind === 'forEach' ? 'items' : 'branches'} failed. First: ${cause?.message ?? 'see its step'}`
      this.deps.commit(() => failStep(state, row, { code: cause?.code ?? 'internal', message, reason: 'children_failed' }))
      return
    }
    const outputs: unknown[] = []
    for (const child of children) outputs.push((await state.outputs.load({ output: child.output, outputRef: child.output_ref })) ?? null)
    const value = row.kind === 'forEach' ? outputs : Object.fromEntries(children.map((child, index) => [child.label, outputs[index]]))
    const stored = await state.outputs.store(key, row.attempt, value)
    this.deps.commit(() => {
      state.steps.complete(key, stored, state.at())
      state.emit('step.completed', key, { kind: row.kind, count: children.length })
      state.scopes.answer(row.scope, {})
    })
  }
}

const threadOf = ({ scope }: ScopeRow): string => (scope === '' ? 'root' : scope)

function askedOf(result: object): { id: string; stepId: string } | undefined {
  if (!('__interrupt__' in result) || !Array.isArray(result.__interrupt__)) return undefined
  const first: unknown = result.__interrupt__[0]
  if (typeof first !== 'object' || first === null || !('id' in first) || !('value' in first)) return undefined
  const { id, value } = first as { id: string; value: { stepId: string } }
  return { id, stepId: value.stepId }
}
