import type { Json, JsonObject } from '../workers/domain/json'
import type { ExpressionScope, Step, WorkflowDefinition } from '../workers/domain/workflows'
import { evaluateCondition, resolveTemplate } from '../workers/workflows/expressions'

/**
 * What the documents, people and systems around a run are like: members named below; every other member is a field of the document
 * with its value.
 */
export type Given = Readonly<Record<string, Json>>

const AROUND = new Set([
  ...['class', 'confidence', 'score', 'sentiment', 'suspicious', 'passed', 'pii', 'duplicate', 'abstained', 'decision'],
  ...['arrived', 'attachments', 'changed', 'language', 'lines', 'from'],
])
const SENDER = 'sender@mail.example'

/**
 * Goes through a workflow as a run would, conditions by the real evaluator, with made-up outputs of its steps. Gives what it did, in
 * order: `approval`, `wait 3d`, `mail a@x.example`, `mail sender`, `mail ?boss` (an address still to be filled in), `post https://…`,
 * `get https://…`, `report pdf+xlsx`, or the operation.
 */
export function walk(definition: WorkflowDefinition, given: Given): string[] {
  const done: string[] = []
  const run = { id: 'run_1', workflow: definition.name, startedAt: '2026-01-05T08:00:00Z', trigger: 'api' }
  const input = { documentId: 'doc_1', beforeId: 'doc_1', afterId: 'doc_2', question: 'Why?' }
  try {
    each(definition.steps, { input, vars: definition.vars, run, steps: {} }, { given, done })
  } catch (thrown) {
    if (!(thrown instanceof Rejected)) throw thrown
  }
  return done
}

class Rejected extends Error {}

interface Walked {
  given: Given
  done: string[]
}

function each(steps: Step[], scope: ExpressionScope, walked: Walked): void {
  for (const step of steps) {
    const isSkipped = step.when !== undefined && !evaluateCondition(step.when, scope)
    scope.steps[step.id] = { status: 'completed', output: isSkipped ? null : outputOf(step, scope, walked) }
  }
}

function outputOf(step: Step, scope: ExpressionScope, walked: Walked): Json {
  const { given, done } = walked
  if (step.kind === 'set') return resolveTemplate(step.value, scope)
  if (step.kind === 'if') {
    const taken = evaluateCondition(step.condition, scope)
    each(taken ? step.then : step.else, scope, walked)
    return { taken }
  }
  if (step.kind === 'forEach') {
    const items = resolveTemplate(step.items, scope)
    for (const [index, item] of (Array.isArray(items) ? items : []).entries())
      each(step.steps, { ...scope, steps: { ...scope.steps }, item, index }, walked)
    return null
  }
  if (step.kind === 'approval') {
    done.push('approval')
    const decision = given.decision ?? 'approved'
    if (decision === 'rejected' && step.onReject === 'fail') throw new Rejected()
    return { decision }
  }
  if (step.kind === 'wait') return noted(done, `wait ${inDays(step.durationMs)}`, null)
  if (step.kind === 'waitEvent') {
    done.push(`wait${step.timeoutMs === undefined ? '' : ` ${inDays(step.timeoutMs)}`}`)
    return given.arrived === true ? { payload: {}, receivedAt: scope.run.startedAt } : null
  }
  if (step.kind === 'http') return noted(done, `${step.method.toLowerCase()} ${String(resolveTemplate(step.url, scope))}`, { status: 200 })
  return step.kind === 'agent' ? operate(step, scope, walked) : null
}

const noted = (done: string[], line: string, output: Json): Json => {
  done.push(line)
  return output
}

const DAY_MS = 86_400_000
const inDays = (ms: number): string => (ms % DAY_MS === 0 ? `${ms / DAY_MS}d` : `${ms / 3_600_000}h`)

function operate(step: Extract<Step, { kind: 'agent' }>, scope: ExpressionScope, { given, done }: Walked): Json {
  const name = `${step.agent}.${step.operation}`
  const resolved = resolveTemplate(step.input, scope)
  const input = isObject(resolved) ? resolved : {}
  if (name === 'action.mail') done.push(...receivers(input.to ?? null, step.input.to ?? null))
  else if (name === 'action.webhook') done.push(typeof input.url === 'string' ? `post ${input.url}` : 'post')
  else if (name === 'report.write') done.push(`report ${Array.isArray(input.formats) ? input.formats.join('+') : ''}`)
  else done.push(name)
  return OUTPUTS[name]?.(given, input) ?? {}
}

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

function receivers(to: Json, written: Json): string[] {
  const all = (Array.isArray(to) ? to : [to]).map((address, index) => {
    if (address === SENDER) return 'mail sender'
    if (address !== '') return `mail ${String(address)}`
    const variable = /vars\.(\w+)/.exec(String(Array.isArray(written) ? written[index] : written))?.[1] ?? ''
    return `mail ?${variable.replace(/Mail\d*$/, '').toLowerCase()}`
  })
  return all.sort()
}

const fieldsOf = (given: Given): [string, Json][] => Object.entries(given).filter(([name]) => !AROUND.has(name))

function extracted(given: Given, input: JsonObject): Json {
  const found = fieldsOf(given)
  const schema = isObject(input.schema ?? null) ? (input.schema as JsonObject) : {}
  const wanted = isObject(schema.properties ?? null) ? Object.keys(schema.properties as JsonObject) : []
  const lines = Array.isArray(given.lines) ? given.lines : []
  return {
    class: given.class ?? 'other',
    language: 'en',
    fields: found.map(([name, value]) => ({ name, value: String(value), normalized: value, confidence: given.confidence ?? 0.9 })),
    lineItems: lines.map((amount, at) => ({ description: `Line ${at + 1}`, amount })),
    missing: wanted.filter((name) => !found.some(([has]) => has === name)),
  }
}

const attachments = (count: Json | undefined): Json[] =>
  Array.from({ length: typeof count === 'number' ? count : 0 }, (_, at) => ({
    documentId: `doc_a${at}`,
    name: `a${at}.pdf`,
    mediaType: 'application/pdf',
  }))

/** What the steps of a run would find, as far as conditions and later steps read it. */
const OUTPUTS: Readonly<Record<string, (given: Given, input: JsonObject) => Json>> = {
  'ingestion.parse': (given) => ({
    documentId: 'doc_1',
    name: 'a.pdf',
    format: 'pdf',
    pageCount: 1,
    preview: 'Hello',
    attachments: attachments(given.attachments),
    metadata: { from: given.from ?? `Anna <${SENDER}>` },
  }),
  'analysis.extract': extracted,
  'analysis.classify': (given) => ({ class: given.class ?? 'other', confidence: given.confidence ?? 0.9 }),
  'analysis.sentiment': (given) => ({ sentiment: given.sentiment ?? 'neutral' }),
  'analysis.injection': (given) => ({ suspicious: given.suspicious ?? false, score: given.suspicious === true ? 0.9 : 0 }),
  'analysis.pii': (given) => ({ findings: given.pii === true ? [{ type: 'person' }] : [], masked: { pages: [] } }),
  'analysis.answer': (given) => ({ answer: 'Because.', abstained: given.abstained ?? false }),
  'analysis.compare': (given) => ({ identical: given.changed === false, summary: 'Changes.' }),
  'analysis.language': (given) => ({ language: given.language ?? 'en', confidence: 0.9 }),
  'analysis.digest': () => ({ date: '2026-01-05', counts: { total: 0 }, mails: [] }),
  'analysis.summarise': () => ({ summary: 'Short.' }),
  'analysis.draft': () => ({ title: 'Re', text: 'Dear …' }),
  'analysis.rewrite': () => ({ text: 'Plain.' }),
  'analysis.tags': () => ({ tags: [] }),
  'analysis.entities': () => ({ entities: [] }),
  'analysis.relations': () => ({ relations: [] }),
  'quality.check': (given) => ({
    passed: given.passed ?? true,
    score: given.score ?? 1,
    checks: [],
    ...(given.duplicate === true && { duplicateOf: 'doc_0' }),
  }),
  'report.write': () => ({ reportId: 'rep_1', files: [] }),
}
