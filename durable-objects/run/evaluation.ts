import { AppError, type Refusal, toRefusal } from '../../workers/domain/error'
import type { Json } from '../../workers/domain/json'
import type { ExpressionScope, Step } from '../../workers/domain/workflows'
import { evaluateCondition, referencedSteps, resolveTemplate } from '../../workers/workflows/expressions'
import { checkAgainstSchema } from '../../workers/workflows/json-schema'
import type { Decision } from './compile'
import { type ScopePath, stepKey, visibleKey } from './layout'
import { pathOf, type ScopeRow } from './scopes'
import type { RunState } from './state'
import type { StepRow } from './steps'

/** What a pure step came to, to be recorded with the checkpoint. */
export interface PureResult {
  key: string
  step: Step
  status: 'completed' | 'skipped' | 'failed'
  output?: unknown
  error?: Refusal
  /** The failure ends nothing: `onError` says where to go on. */
  handled?: boolean
}
type Known = ExpressionScope['steps'][string]

/**
 * Evaluates the pure parts of one sequence (`when`, `set`, `validate`, `if`) for one advance of its graph.
 * Results are remembered here, so a node that LangGraph runs twice gets the same decision, and recorded only with the checkpoint.
 */
export class Evaluation {
  readonly results: PureResult[] = []
  readonly path: ScopePath
  private readonly decisions = new Map<string, Decision>()

  private constructor(
    private readonly state: RunState,
    private readonly scope: ScopeRow,
    private readonly known: Map<string, Known>,
    private readonly isReplay: boolean,
  ) {
    this.path = pathOf(scope)
  }

  /** Loads what the expressions of `steps` refer to, from the rows or the file store. A replay decides as the records say. */
  static async of(state: RunState, scope: ScopeRow, templates: unknown[], { isReplay = false } = {}): Promise<Evaluation> {
    const evaluation = new Evaluation(state, scope, new Map(), isReplay)
    await evaluation.load(templates)
    return evaluation
  }

  async load(templates: unknown[]): Promise<void> {
    for (const stepId of new Set(templates.flatMap((template) => referencedSteps(template as Json)))) {
      const key = visibleKey(this.state.layout, this.path, stepId)
      const row = key === undefined ? undefined : this.state.steps.find(key)
      if (key === undefined || row === undefined || this.known.has(key)) continue
      const output = await this.state.outputs.load({ output: row.output, outputRef: row.output_ref })
      this.known.set(key, { status: row.status, output: output ?? null, ...(row.error !== null && { error: JSON.parse(row.error) }) })
    }
  }

  expressionScope(templates: unknown[]): ExpressionScope {
    const { run } = this.state
    const steps: ExpressionScope['steps'] = {}
    for (const stepId of templates.flatMap((template) => referencedSteps(template as Json))) {
      const key = visibleKey(this.state.layout, this.path, stepId)
      steps[stepId] = (key === undefined ? undefined : this.known.get(key)) ?? { status: 'none', output: null }
    }
    const each = this.scope.item === null ? {} : { item: JSON.parse(this.scope.item), index: this.scope.idx }
    return {
      input: JSON.parse(run.input),
      vars: JSON.parse(run.vars),
      steps,
      ...each,
      run: { id: run.id, workflow: run.workflow, startedAt: run.created_at, trigger: run.trigger },
    }
  }

  resolve(template: Json): Json {
    return resolveTemplate(template, this.expressionScope([template]))
  }

  private holds(condition: string): boolean {
    return evaluateCondition(condition, this.expressionScope([asTemplate(condition)]))
  }

  decide(step: Step): Decision {
    const key = stepKey(this.path, step.id)
    const remembered = this.decisions.get(key)
    if (remembered !== undefined) return remembered
    const decision = this.judge(step, key)
    this.decisions.set(key, decision)
    return decision
  }

  private judge(step: Step, key: string): Decision {
    const row = this.state.steps.find(key)
    if (row !== undefined && (this.isReplay || !endedItsSequence(step, row))) return this.recorded(step, row)
    try {
      if (step.when !== undefined && !this.holds(step.when)) {
        this.record({ key, step, status: 'skipped' })
        return { kind: 'next' }
      }
      if (!PURE.has(step.kind)) return { kind: 'ask' }
      return this.compute(step, key)
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown
      return this.refuse(step, key, toRefusal(thrown))
    }
  }

  private compute(step: Step, key: string): Decision {
    if (step.kind === 'if') {
      const taken = this.holds(step.condition) ? 'then' : 'else'
      this.record({ key, step, status: 'completed', output: { taken } })
      return { kind: 'branch', taken }
    }
    if (step.kind !== 'set' && step.kind !== 'validate') return { kind: 'ask' }
    const value = this.resolve(step.value)
    if (step.kind === 'validate') {
      const problems = checkAgainstSchema(step.schema, value)
      if (problems.length > 0)
        throw new AppError('invalid', `Step '${step.id}': the value does not fit its schema; see the problems.`, {
          problems,
          reason: 'schema',
        })
    }
    this.record({ key, step, status: 'completed', output: value })
    return { kind: 'next' }
  }

  private refuse(step: Step, key: string, error: Refusal): Decision {
    if (step.onError.kind === 'continue') {
      this.record({ key, step, status: 'completed', output: step.onError.output, error })
      return { kind: 'next' }
    }
    const handled = step.onError.kind === 'goto'
    this.record({ key, step, status: 'failed', error, handled })
    return step.onError.kind === 'goto' ? { kind: 'goto', step: step.onError.step } : { kind: 'failed' }
  }

  /** What was decided about a step when it was recorded. Of the steps that need the world one node visit asks for one, the last asked. */
  private recorded(step: Step, { key, status, output, error }: StepRow): Decision {
    if (status === 'skipped') return { kind: 'next' }
    if (!PURE.has(step.kind) && key === this.scope.asked) return { kind: 'ask' }
    if (status === 'failed') return step.onError.kind === 'goto' ? { kind: 'goto', step: step.onError.step } : { kind: 'failed' }
    if (step.kind !== 'if' || error !== null) return { kind: 'next' }
    return { kind: 'branch', ...(JSON.parse(output ?? '{}') as { taken: 'then' | 'else' }) }
  }

  private record(result: PureResult): void {
    this.results.push(result)
    this.known.set(result.key, { status: result.status, output: result.output ?? null, ...(result.error && { error: result.error }) })
  }
}

const PURE: ReadonlySet<Step['kind']> = new Set(['set', 'validate', 'if'])

/** A failed step that was not handled: whoever resumes the run has its condition and, when it is pure, its value computed anew. */
const endedItsSequence = (step: Step, { status }: StepRow): boolean => status === 'failed' && step.onError.kind !== 'goto'

/** What the pure steps of a sequence read, including the `when` of every step. */
export function pureTemplates(steps: Step[]): unknown[] {
  return steps.flatMap((step): unknown[] => [
    ...(step.when === undefined ? [] : [asTemplate(step.when)]),
    ...(step.kind === 'set' || step.kind === 'validate' ? [step.value] : []),
    ...(step.kind === 'if' ? [asTemplate(step.condition), ...pureTemplates(step.then), ...pureTemplates(step.else)] : []),
  ])
}

/** Conditions are bare CEL; as templates their references are found like those of any value. */
const asTemplate = (condition: string): string => (condition.includes('${{') ? condition : `\${{ ${condition} }}`)
