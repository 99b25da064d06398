import type { Problem } from '../../domain/error'
import type { Json } from '../../domain/json'
import type { Step, WorkflowDefinition } from '../../domain/workflows'
import { checkExpression, checkText } from '../expressions'
import { SCOPE_NAMES } from '../expressions/cel'
import { describePath, type Reference } from '../expressions/references'
import { strings } from './normalise'
import type { Path, Source } from './source'
import { everyStep } from './structure'
import { suggest } from './suggest'

/** What an expression at one place may read. */
interface View {
  /** Ids of steps that have ended by then: earlier ones here and around, and those of joined branches. */
  ended: ReadonlySet<string>
  /** Whether `item` and `index` exist: inside forEach. */
  item: boolean
}

const RUN_MEMBERS = ['id', 'workflow', 'startedAt', 'trigger']
const OUTCOME_MEMBERS = ['output', 'status', 'error']

/** Checks every expression: it compiles, and reads only what exists by the time it is evaluated. */
export function checkScope(definition: WorkflowDefinition, places: ReadonlyMap<Step, Path>, source: Source): Problem[] {
  const checker = new ScopeChecker(definition, places, source)
  const end = checker.sequence(definition.steps, { ended: new Set(), item: false })
  checker.template(definition.outputs, ['outputs'], end)
  return checker.problems
}

class ScopeChecker {
  readonly problems: Problem[] = []
  private readonly allIds: ReadonlySet<string>

  constructor(
    private readonly definition: WorkflowDefinition,
    private readonly places: ReadonlyMap<Step, Path>,
    private readonly source: Source,
  ) {
    this.allIds = new Set([...everyStep(definition.steps)].map((step) => step.id))
  }

  /** Checks a list of steps; gives what may be read after it. */
  sequence(steps: Step[], view: View): View {
    return steps.reduce((seen, step) => this.step(step, seen), view)
  }

  template(value: Json, path: Path, view: View): void {
    for (const { text, path: at } of strings(value, path)) this.report(checkText(text), at, view)
  }

  private step(step: Step, view: View): View {
    const path = this.places.get(step) ?? []
    if (step.when !== undefined) this.report(checkExpression(step.when), [...path, 'when'], view)
    const inner = this.body(step, path, view)
    return { ...view, ended: new Set([...view.ended, ...inner, step.id]) }
  }

  /** Checks what is particular to a kind; gives the ids inside the step that can be read after it. */
  private body(step: Step, path: Path, view: View): Iterable<string> {
    switch (step.kind) {
      case 'if':
        this.report(checkExpression(step.condition), [...path, 'if'], view)
        return [...this.sequence(step.then, view).ended, ...this.sequence(step.else, view).ended]
      case 'parallel':
        return step.branches.flatMap((branch) => [...this.sequence(branch.steps, view).ended])
      case 'forEach':
        this.forEach(step, path, view)
        return []
      default:
        for (const { value, at } of templatesOf(step)) this.template(value, [...path, ...at], view)
        return []
    }
  }

  private forEach(step: Extract<Step, { kind: 'forEach' }>, path: Path, view: View): void {
    this.template(step.items, [...path, 'forEach'], view)
    const end = this.sequence(step.steps, { ...view, item: true })
    if (step.output !== undefined) this.template(step.output, [...path, 'output'], end)
  }

  private report(checked: { problems: Problem[]; references: Reference[] }, path: Path, view: View): void {
    for (const { message } of checked.problems) this.problems.push(this.source.problem(path, message))
    for (const reference of checked.references) {
      const message = this.wrong(reference, view)
      if (message !== undefined) this.problems.push(this.source.problem(path, message))
    }
  }

  private wrong(reference: Reference, view: View): string | undefined {
    const [root, member, part] = reference
    if (root === 'steps') return this.wrongStep(reference, member, part, view)
    if (root === 'vars') return member === undefined ? undefined : unknownMember('vars', member, Object.keys(this.definition.vars))
    if (root === 'run') return member === undefined ? undefined : unknownMember('run', member, RUN_MEMBERS)
    if (root === 'input') return this.wrongInput(member)
    if (root === 'item' || root === 'index') return view.item ? undefined : `'${root}' exists only inside the steps of a forEach`
    return `'${root}' is not known; ${suggest(String(root), [...SCOPE_NAMES])}`
  }

  private wrongStep(reference: Reference, id: string | undefined, part: string | undefined, view: View): string | undefined {
    if (id === undefined) return `${describePath(reference)} does not say which step; write steps.<id>.output`
    if (!this.allIds.has(id)) return `there is no step '${id}'; ${suggest(id, [...view.ended])}`
    if (!view.ended.has(id))
      return `step '${id}' has not ended at this place, or is inside another forEach; read an earlier step, or move this one after it`
    if (part === undefined || OUTCOME_MEMBERS.includes(part)) return undefined
    return `steps.${id}.${part} does not exist; write steps.${id}.output.${part}`
  }

  /** Only a schema that closes its list of members can say that one is unknown. */
  private wrongInput(member: string | undefined): string | undefined {
    const { properties, additionalProperties } = this.definition.input
    if (member === undefined || additionalProperties !== false || typeof properties !== 'object' || properties === null) return undefined
    return unknownMember('input', member, Object.keys(properties))
  }
}

const unknownMember = (root: string, member: string, known: string[]): string | undefined =>
  known.includes(member) ? undefined : `${root}.${member} does not exist; ${suggest(member, known)}`

/** The templates of a step without inner steps, with their places below it. */
function templatesOf(step: Step): { value: Json; at: Path }[] {
  switch (step.kind) {
    case 'agent':
      return [{ value: step.input, at: ['input'] }]
    case 'set':
      return [{ value: step.value, at: ['set'] }]
    case 'validate':
      return [{ value: step.value, at: ['validate', 'value'] }]
    case 'http':
      return [{ value: { url: step.url, headers: step.headers, body: step.body ?? null }, at: ['http'] }]
    case 'approval':
      return [{ value: { title: step.title, details: step.details }, at: ['approval'] }]
    case 'waitEvent':
      return [{ value: { event: step.event, correlation: step.correlation }, at: ['wait'] }]
    default:
      return []
  }
}
