import type { Json } from '../../domain/json'
import { hasFlag, testsOf } from './conditions'
import type { Goal } from './goal'
import { Known } from './known'
import type { PlanOperation } from './schema'
import { actsIn, listsOf, type Statement } from './statements'
import type { Understanding } from './understand'
import type { PlanWords } from './words'
import type { DraftStep } from './yaml'

/** A list of steps that is being written, and what can be read in it. */
export interface Place {
  list: DraftStep[]
  known: Known
  /** The id of the document, as an expression. */
  document: string
}

/** What the writing of one plan has gathered. */
export class Draft {
  readonly vars: { name: string; value: Json; comment: string }[] = []
  readonly inputs: Record<string, Json> = {}
  readonly required: string[] = []
  readonly assumptions: string[] = []
  readonly unsupported: string[] = []
  readonly trace: { id: string; does: string; from: string; clause: number }[] = []
  /** The clause of the goal that is being written; none: what every run does. */
  clause = -1
  /** Formats of the report that was written last. */
  reportFormats: string[] = []
  private readonly ids = new Set<string>()
  private readonly operations: ReadonlyMap<string, PlanOperation>

  constructor(
    readonly understanding: Understanding,
    readonly goal: Goal,
    readonly words: PlanWords,
    readonly title: string,
    catalogue: readonly PlanOperation[],
  ) {
    this.operations = new Map(catalogue.map((entry) => [`${entry.agent}.${entry.operation}`, entry]))
  }

  /** Whether the goal has anything checked, or something depends on a check. */
  get checks(): boolean {
    return this.has('quality.check') && needsCheck(this.understanding.statements)
  }

  has(operation: string): boolean {
    return this.operations.has(operation)
  }

  /** Operations that no built-in step is written for. */
  *others(built: ReadonlySet<string>): Iterable<PlanOperation> {
    for (const [name, operation] of this.operations) if (!built.has(name)) yield operation
  }

  id(wanted: string): string {
    let id = wanted
    for (let count = 2; this.ids.has(id); count += 1) id = `${wanted}${count}`
    this.ids.add(id)
    return id
  }

  /** A constant that people may change; the same value under the same name is one. */
  variable(wanted: string, value: Json, comment: string): string {
    const same = this.vars.find((variable) => variable.name.replace(/\d+$/, '') === wanted && variable.value === value)
    if (same) return same.name
    let name = wanted
    for (let count = 2; this.vars.some((variable) => variable.name === name); count += 1) name = `${wanted}${count}`
    this.vars.push({ name, value, comment })
    return name
  }

  input(name: string, schema: Json, isRequired = true): void {
    this.inputs[name] = schema
    if (isRequired && !this.required.includes(name)) this.required.push(name)
  }

  assume(text: string): void {
    if (!this.assumptions.includes(text)) this.assumptions.push(text)
  }

  /** Says that a part of the goal is not done. */
  leaveOut(text: string): void {
    if (!this.unsupported.includes(text)) this.unsupported.push(text)
  }

  /** Writes a step; gives its id. `does` is an operation or a kind of step. */
  step(place: Place, does: string, from: string, body: Record<string, Json | DraftStep[]>, wantedId?: string, comment?: string): string {
    const id = this.id(wantedId ?? idOf(does))
    const name = this.words.names[does]
    const words = this.quote(from)
    place.list.push({
      body: { id, ...(name !== undefined && { name }), ...body },
      ...((comment ?? words) !== '' && { comment: comment ?? `“${words}”` }),
    })
    this.trace.push({ id, does, from: words, clause: this.clause })
    return id
  }

  /** One operation of an agent; what it finds can be read from then on. */
  operate(place: Place, operation: string, from: string, input: Record<string, Json>, comment?: string): string {
    const [agent = '', name = ''] = operation.split('.')
    const id = this.step(place, operation, from, { agent, operation: name, input }, undefined, comment)
    place.known = place.known.with(operation, id)
    return id
  }

  /** Words of the goal with their addresses, on one line. */
  quote(text: string): string {
    const { mails, urls } = this.goal
    const labels = this.understanding.labels.join(', ')
    const whole = text
      .replace(/⟦l0⟧/g, labels)
      .replace(/⟦([um])(\d+)⟧/g, (_, kind: string, at: string) => (kind === 'u' ? urls : mails)[Number(at)] ?? '')
    return plain(whole)
  }
}

const needsCheck = (statements: readonly Statement[]): boolean =>
  [...actsIn(statements)].some(({ deed }) => deed === 'quality.check') ||
  statements.some(
    (statement) =>
      (statement.kind === 'if' &&
        (hasFlag(statement.condition, 'failed') ||
          hasFlag(statement.condition, 'duplicate') ||
          [...testsOf(statement.condition)].some((test) => test.kind === 'judged' && test.by === 'score'))) ||
      listsOf(statement).some(needsCheck),
  )

/** A text that no template engine takes for a template. */
export const plain = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/\{(?=[{%])/g, '{ ')
    .trim()

export const nowhere = (document: string): Place => ({ list: [], known: Known.nothing, document })

const IDS: Readonly<Record<string, string>> = {
  'ingestion.parse': 'ingest',
  'report.write': 'report',
  'action.webhook': 'notify',
  'quality.check': 'quality',
  approval: 'approve',
  http: 'ask',
  forEach: 'each',
  if: 'gate',
}
/** Ids begin with a letter and have no dashes. */
const idOf = (does: string): string => {
  const id = IDS[does] ?? (does.split('.').at(-1) ?? 'step').replace(/[^A-Za-z0-9_]/g, '_')
  return /^[A-Za-z]/.test(id) ? id : `step_${id}`
}
