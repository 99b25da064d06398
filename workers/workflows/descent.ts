import type { ArgumentPath } from '../domain/approvals'
import type { Json } from '../domain/json'
import type { Step, WorkflowDefinition } from '../domain/workflows'
import { checkText } from './expressions'
import { describePath, type Reference } from './expressions/references'

/** An argument whose value is made of what the named steps read from documents, mail or the web. */
export interface Descent {
  path: ArgumentPath
  /** Ids of the steps that read. */
  sources: string[]
}

type StepOf<K extends Step['kind']> = Extract<Step, { kind: K }>
type Members = readonly (string | undefined)[]

/** Where a step stands: the forEach around it, whose items it reads as `item`. */
interface Place {
  step: Step
  each: Place | undefined
}

const NOTHING: ReadonlySet<string> = new Set()
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD'])
/** An address whose host is written out: what is filled in behind it cannot lead elsewhere. */
const FIXED_HOST = /^https?:\/\/[^/?#{}\s]+[/?#]/i
/** A value that is one expression. */
const PLAIN = /^\s*\$\{\{\s*([\s\S]*?)\s*\}\}\s*$/
/** Inputs that make an operation read something that nobody of the tenant wrote. */
const READING = /^(?:documentIds?|beforeId|afterId|collection)$/

const known = new WeakMap<WorkflowDefinition, Map<string, Descent[]>>()

/**
 * The arguments of a step that acts which descend from untrusted text, found from the templates alone: through `set`, `forEach`,
 * branches and everything that an expression reads. An output that an operation wrote from such text is untrusted as a whole.
 *
 * Trusted are what a caller hands in (`input`, `vars`, the body of an event), what a person was shown and approved (the details of an
 * `approval` step), statuses, and what operations say they make themselves. Not followed: which branch was taken.
 */
export function descentOf(definition: WorkflowDefinition, stepId: string): Descent[] {
  const byStep = known.get(definition) ?? new Map<string, Descent[]>()
  known.set(definition, byStep)
  const found = byStep.get(stepId)
  if (found !== undefined) return found
  const traced = new Tracer(definition).arguments(stepId)
  byStep.set(stepId, traced)
  return traced
}

/** Whether a step acts on the outside world. Versions stored before that was noted are known by their agent. */
export const actsOutside = (step: Step): step is StepOf<'agent'> | StepOf<'http'> =>
  step.kind === 'http' || (step.kind === 'agent' && (step.hasEffects ?? step.agent === 'action'))

class Tracer {
  private readonly places = new Map<string, Place>()
  private readonly traced = new Map<string, ReadonlySet<string>>()

  constructor(definition: WorkflowDefinition) {
    this.place(definition.steps, undefined)
  }

  arguments(stepId: string): Descent[] {
    const place = this.places.get(stepId)
    if (place === undefined || !actsOutside(place.step)) return []
    const { step } = place
    if (step.kind === 'agent') return this.leaves(step.input, [], place)
    if (!READS.has(step.method)) return this.leaves({ url: step.url, headers: step.headers, body: step.body ?? null }, [], place)
    return FIXED_HOST.test(step.url) ? [] : this.leaves({ url: step.url }, [], place)
  }

  private place(steps: readonly Step[], each: Place | undefined): void {
    for (const step of steps) {
      const place = { step, each }
      this.places.set(step.id, place)
      if (step.kind === 'if') this.place([...step.then, ...step.else], each)
      if (step.kind === 'parallel') for (const branch of step.branches) this.place(branch.steps, each)
      if (step.kind === 'forEach') this.place(step.steps, place)
    }
  }

  private leaves(value: Json, path: ArgumentPath, place: Place): Descent[] {
    if (typeof value === 'string') {
      const sources = this.template(value, [], place.each)
      return sources.size === 0 ? [] : [{ path, sources: [...sources] }]
    }
    if (value === null || typeof value !== 'object') return []
    if (Array.isArray(value)) return value.flatMap((item, index) => this.leaves(item, [...path, index], place))
    return Object.entries(value).flatMap(([key, member]) => this.leaves(member, [...path, key], place))
  }

  /** What the part of a template at `rest` descends from. */
  private template(value: Json, rest: Members, each: Place | undefined): ReadonlySet<string> {
    if (typeof value === 'string') return this.text(value, rest, each)
    if (value === null || typeof value !== 'object') return NOTHING
    const [member, ...below] = rest
    if (member === undefined) return union(Object.values(value).map((inner) => this.template(inner, below, each)))
    const inner = Object.hasOwn(value, member) ? (Reflect.get(value, member) as Json | undefined) : undefined
    return inner === undefined ? NOTHING : this.template(inner, below, each)
  }

  private text(text: string, rest: Members, each: Place | undefined): ReadonlySet<string> {
    const { references } = checkText(text)
    const only = references.length === 1 ? references[0] : undefined
    // `${{ steps.a.output }}` hands its value on as it is, so that a part of the one is that part of the other.
    const isPlain = only !== undefined && PLAIN.exec(text)?.[1] === describePath(only)
    return union(references.map((reference) => this.reference(isPlain ? [...reference, ...rest] : reference, each)))
  }

  private reference([root, id, member, ...rest]: Reference, each: Place | undefined): ReadonlySet<string> {
    if (root === 'item' && each?.step.kind === 'forEach') return this.template(each.step.items, [], each.each)
    if (root !== 'steps') return NOTHING
    const place = id === undefined ? undefined : this.places.get(id)
    // Which step is read is decided in the run: it may be any.
    if (place === undefined) return union([...this.places.values()].map((any) => this.output(any, [])))
    return member === 'status' ? NOTHING : this.output(place, member === 'output' ? rest : [])
  }

  private output(place: Place, rest: Members): ReadonlySet<string> {
    const key = [place.step.id, ...rest.map((part) => part ?? '')].join('\n')
    const found = this.traced.get(key)
    if (found !== undefined) return found
    const traced = this.made(place, rest)
    this.traced.set(key, traced)
    return traced
  }

  private made({ step, each }: Place, rest: Members): ReadonlySet<string> {
    switch (step.kind) {
      case 'set':
      case 'validate':
        return this.template(step.value, rest, each)
      case 'agent':
        return this.agent(step, rest, each)
      case 'http':
        return rest[0] === 'status' ? NOTHING : new Set([step.id])
      case 'approval':
        return this.approval(step, rest, each)
      case 'parallel':
        return union(
          step.branches.flatMap((branch) => ((rest[0] ?? branch.id) === branch.id ? [this.last(branch.steps, rest.slice(1))] : [])),
        )
      case 'forEach':
        return step.output === undefined ? this.last(step.steps, rest.slice(1)) : this.template(step.output, rest.slice(1), { step, each })
      default:
        return NOTHING
    }
  }

  private agent({ id, input, output = {} }: StepOf<'agent'>, [member]: Members, each: Place | undefined): ReadonlySet<string> {
    if (output.own === true || (member !== undefined && output.own?.includes(member))) return NOTHING
    return output.madeOf === 'input' && !reads(input) ? this.template(input, [], each) : new Set([id])
  }

  /** What a person saw and let pass is theirs. Where time may approve, or a rejection changes nothing, it stays what it was. */
  private approval(
    { details, expiresAfterMs, onExpire, onReject }: StepOf<'approval'>,
    [member, ...rest]: Members,
    each: Place | undefined,
  ) {
    const isVouched = onReject === 'fail' && (expiresAfterMs === undefined || onExpire === 'reject')
    if (isVouched || (member !== undefined && member !== 'details')) return NOTHING
    return this.template(details, rest, each)
  }

  private last(steps: readonly Step[], rest: Members): ReadonlySet<string> {
    const step = steps.at(-1)
    const place = step && this.places.get(step.id)
    if (place === undefined) return NOTHING
    // The last step that ran may be one inside the `if`.
    const inner = step?.kind === 'if' ? [this.last(step.then, rest), this.last(step.else, rest)] : []
    return union([this.output(place, rest), ...inner])
  }
}

function reads(input: Json): boolean {
  if (input === null || typeof input !== 'object') return false
  return Object.entries(input).some(([key, value]) => (READING.test(key) && value !== null) || reads(value))
}

function union(sets: ReadonlySet<string>[]): ReadonlySet<string> {
  const found = sets.filter((set) => set.size > 0)
  return found.length <= 1 ? (found[0] ?? NOTHING) : new Set(found.flatMap((set) => [...set]))
}
