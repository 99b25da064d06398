import type { Agent } from '../../agents/agent'
import type { Problem } from '../../domain/error'
import type { Json } from '../../domain/json'
import { type Branch, DEFAULT_RETRY, type OnError, type OutputMake, type RetryPolicy, type Step } from '../../domain/workflows'
import { parseDuration } from '../durations'
import type { AuthoredKind, AuthoredStep } from '../schema'
import { kindOf } from './shape'
import type { Path, Source } from './source'

/** The steps as the run reads them, and where in the file each was written. */
export interface Normalised {
  steps: Step[]
  places: Map<Step, Path>
  problems: Problem[]
}

const DEFAULT_CONCURRENCY = 5
/** A step that computes or waits gives the same again; trying twice is for agents and calls. */
const ONCE: RetryPolicy = { ...DEFAULT_RETRY, maxAttempts: 1 }
const RETRYABLE: ReadonlySet<AuthoredKind> = new Set(['agent', 'http'])

/** Fills in defaults and turns durations into milliseconds. Steps whose kind is unclear are left out, with a problem. */
export function normaliseSteps(authored: AuthoredStep[], source: Source, agents: Record<string, Agent> = {}): Normalised {
  const result: Normalised = { steps: [], places: new Map(), problems: [] }
  result.steps = sequence(authored, ['steps'], { source, agents, ...result })
  return result
}

interface Context {
  source: Source
  agents: Record<string, Agent>
  places: Map<Step, Path>
  problems: Problem[]
}

const sequence = (authored: AuthoredStep[], path: Path, context: Context): Step[] =>
  authored.flatMap((step, at) => one(step, [...path, at], context))

function one(authored: AuthoredStep, path: Path, context: Context): Step[] {
  const found = kindOf(authored)
  if ('problem' in found) {
    context.problems.push(context.source.problem(path, found.problem, found.key))
    return []
  }
  checkCommon(authored, found.kind, path, context)
  const body = BODIES[found.kind](authored, path, context)
  if (body === undefined) return []
  const step: Step = { ...commonOf(authored, found.kind), ...body }
  context.places.set(step, path)
  return [step]
}

/** What every step has; the rest is that of its kind. */
type Body = Step extends infer S ? (S extends Step ? Omit<S, 'id' | 'name' | 'when' | 'retry' | 'timeoutMs' | 'onError'> : never) : never

function checkCommon(step: AuthoredStep, kind: AuthoredKind, path: Path, { source, problems }: Context): void {
  if (RETRYABLE.has(kind)) return
  if (step.allowUntrusted !== undefined)
    problems.push(source.problem(path, `allowUntrusted is for agent and http steps; remove it from '${step.id}'`, 'allowUntrusted'))
  if (step.retry !== undefined)
    problems.push(source.problem(path, `retry is for agent and http steps; remove it from '${step.id}'`, 'retry'))
  if (step.timeout !== undefined)
    problems.push(
      source.problem(
        path,
        `timeout is for agent and http steps; approvals have expiresAfter, waits for events a timeout of their own`,
        'timeout',
      ),
    )
}

function commonOf(step: AuthoredStep, kind: AuthoredKind) {
  return {
    id: step.id,
    ...(step.name !== undefined && { name: step.name }),
    ...(step.when !== undefined && { when: String(step.when) }),
    retry: RETRYABLE.has(kind) ? retryOf(step.retry) : ONCE,
    ...(step.timeout !== undefined && { timeoutMs: ms(step.timeout) }),
    onError: onErrorOf(step.onError),
  }
}

function retryOf(retry: AuthoredStep['retry']): RetryPolicy {
  if (retry === undefined) return DEFAULT_RETRY
  if (typeof retry === 'number') return { ...DEFAULT_RETRY, maxAttempts: retry }
  const initialMs = retry.initial === undefined ? DEFAULT_RETRY.initialMs : ms(retry.initial)
  return {
    maxAttempts: retry.attempts ?? DEFAULT_RETRY.maxAttempts,
    initialMs,
    factor: retry.factor ?? DEFAULT_RETRY.factor,
    maxMs: retry.max === undefined ? Math.max(initialMs, DEFAULT_RETRY.maxMs) : ms(retry.max),
    jitter: retry.jitter ?? DEFAULT_RETRY.jitter,
    on: retry.on ?? DEFAULT_RETRY.on,
  }
}

function onErrorOf(onError: AuthoredStep['onError']): OnError {
  if (onError === undefined || onError === 'fail') return { kind: 'fail' }
  return 'goto' in onError ? { kind: 'goto', step: onError.goto } : { kind: 'continue', output: onError.continue }
}

/** The schema has checked the form of every duration. */
const ms = (text: string): number => parseDuration(text) ?? 0

type ReadBody = (step: AuthoredStep, path: Path, context: Context) => Body | undefined

const BODIES = {
  agent({ allowUntrusted, ...step }, path, { source, problems, agents }) {
    if (step.agent !== undefined && step.operation !== undefined)
      return {
        kind: 'agent',
        agent: step.agent,
        operation: step.operation,
        input: step.input ?? {},
        ...contractOf(agents, step.agent, step.operation),
        ...(allowUntrusted !== undefined && { allowUntrusted }),
      }
    problems.push(source.problem(path, `step '${step.id}' needs 'operation' beside 'agent'; add it`))
    return undefined
  },
  set: ({ set }) => ({ kind: 'set', value: set ?? null }),
  validate: ({ validate }) => validate && { kind: 'validate', value: validate.value, schema: validate.schema },
  http: ({ http, allowUntrusted }) => http && { kind: 'http', ...http, ...(allowUntrusted !== undefined && { allowUntrusted }) },
  if: (step, path, context) => ({
    kind: 'if',
    condition: String(step.if),
    then: sequence(step.then ?? [], [...path, 'then'], context),
    else: sequence(step.else ?? [], [...path, 'else'], context),
  }),
  parallel: (step, path, context) => ({ kind: 'parallel', branches: branchesOf(step.parallel, [...path, 'parallel'], context) }),
  forEach: (step, path, context) => ({
    kind: 'forEach',
    items: step.forEach ?? [],
    concurrency: step.concurrency ?? DEFAULT_CONCURRENCY,
    steps: sequence(step.steps ?? [], [...path, 'steps'], context),
    ...(step.output !== undefined && { output: step.output }),
  }),
  approval({ approval }) {
    if (!approval) return undefined
    const { expiresAfter, details = {}, ...rest } = approval
    return { kind: 'approval', ...rest, details, ...(expiresAfter !== undefined && { expiresAfterMs: ms(expiresAfter) }) }
  },
  wait({ wait }) {
    if (!wait) return undefined
    if ('for' in wait) return { kind: 'wait', durationMs: ms(wait.for) }
    return {
      kind: 'waitEvent',
      event: wait.event,
      correlation: wait.correlation,
      ...(wait.timeout !== undefined && { timeoutMs: ms(wait.timeout) }),
    }
  },
} as const satisfies Record<AuthoredKind, ReadBody>

/** What the run needs to know of an operation, which it does not load; nothing for one that is not known. */
function contractOf(agents: Record<string, Agent>, type: string, name: string): { hasEffects?: boolean; output?: OutputMake } {
  const operations = Object.hasOwn(agents, type) ? agents[type]?.operations : undefined
  const operation = operations && Object.hasOwn(operations, name) ? operations[name] : undefined
  return operation ? { hasEffects: operation.hasEffects ?? false, ...(operation.makes && { output: operation.makes }) } : {}
}

function branchesOf(parallel: AuthoredStep['parallel'], path: Path, context: Context): Branch[] {
  if (parallel === undefined) return []
  if (Array.isArray(parallel)) return parallel.map(({ id, steps }, at) => ({ id, steps: sequence(steps, [...path, at, 'steps'], context) }))
  return Object.entries(parallel).map(([id, steps]) => ({ id, steps: sequence(steps, [...path, id], context) }))
}

/** A value whose strings stand as they are, for checks that need every string with its place. */
export function strings(value: Json, path: Path): { text: string; path: Path }[] {
  if (typeof value === 'string') return [{ text: value, path }]
  if (Array.isArray(value)) return value.flatMap((item, at) => strings(item, [...path, at]))
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, member]) => strings(member, [...path, key]))
}
