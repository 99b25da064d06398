import type * as z from 'zod'
import type { Problem } from '../../domain/error'
import { AuthoredStep, AuthoredWorkflow, STEP_KINDS } from '../schema'
import { invalidWorkflow, type Path, type Source } from './source'
import { suggest } from './suggest'

const STEP_KEYS = Object.keys(AuthoredStep.shape)
const WORKFLOW_KEYS = Object.keys(AuthoredWorkflow.shape)

/**
 * The file as the authoring form. Members that are not known are told and left out, so that what else is wrong is told too; for
 * anything else that does not fit the form it throws AppError `invalid` with every place.
 */
export function readShape(source: Source): { authored: AuthoredWorkflow; unknown: Problem[] } {
  const parsed = AuthoredWorkflow.safeParse(source.value)
  if (parsed.success) return { authored: parsed.data, unknown: [] }
  const problems = parsed.error.issues.flatMap((issue) => explain(issue, [], source))
  const again = AuthoredWorkflow.safeParse(without(parsed.error.issues, source.value))
  if (!again.success) throw invalidWorkflow(problems)
  return { authored: again.data, unknown: problems }
}

/** A copy of the value without the members that are not known. */
function without(issues: readonly Issue[], value: unknown): unknown {
  const copy: unknown = structuredClone(value)
  for (const issue of issues) {
    const parent = issue.code === 'unrecognized_keys' ? valueAt(copy, issue.path) : undefined
    if (issue.code !== 'unrecognized_keys' || typeof parent !== 'object' || parent === null) continue
    for (const key of issue.keys) Reflect.deleteProperty(parent, key)
  }
  return copy
}

type Issue = z.core.$ZodIssue

function explain(issue: Issue, prefix: Path, source: Source): Problem[] {
  const path = [...prefix, ...issue.path]
  if (issue.code === 'invalid_union' && issue.message === 'Invalid input')
    return nearestAlternative(issue.errors).flatMap((inner) => explain(inner, path, source))
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => source.problem(path, `'${key}' is not known here; ${suggest(key, knownKeys(path))}`, key))
  if (issue.code === 'invalid_type') return [source.problem(path, expectation(issue, valueAt(source.value, path)))]
  if (issue.code === 'invalid_value') return [source.problem(path, `write ${issue.values.map(String).join(' or ')}`)]
  return [source.problem(path, sentence(issue))]
}

/** The alternative that went furthest before it failed is the one that was meant. */
function nearestAlternative(alternatives: Issue[][]): Issue[] {
  const depth = (issues: Issue[]) => Math.max(0, ...issues.map((issue) => issue.path.length))
  return alternatives.reduce((best, issues) => (depth(issues) > depth(best) ? issues : best), alternatives[0] ?? [])
}

function expectation(issue: Extract<Issue, { code: 'invalid_type' }>, value: unknown): string {
  const name = String(issue.path.at(-1) ?? 'the file')
  if (value === undefined) return `'${name}' is missing; add it (${article(issue.expected)})`
  return `'${name}' must be ${article(issue.expected)}`
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list (lines that begin with -)',
  object: 'a mapping (key: value)',
  record: 'a mapping (key: value)',
  boolean: 'true or false',
}
const article = (expected: string): string => WORDS[expected] ?? `a ${expected}`

function sentence(issue: Issue): string {
  if (issue.code === 'too_small' && issue.message.startsWith('Too small')) return `must be at least ${issue.minimum}`
  if (issue.code === 'too_big' && issue.message.startsWith('Too big')) return `must be at most ${issue.maximum}`
  return issue.message
}

/** What may stand at a path, for suggestions: the keys of a step, or of the file. */
function knownKeys(path: Path): string[] {
  if (path.length === 0) return WORKFLOW_KEYS
  const last = path.at(-1)
  if (typeof last === 'number') return STEP_KEYS
  return KEYS_BY_NAME[String(last)] ?? []
}

const KEYS_BY_NAME: Readonly<Record<string, string[]>> = {
  http: ['method', 'url', 'headers', 'body', 'secret'],
  approval: ['title', 'details', 'expiresAfter', 'onExpire', 'onReject', 'preventSelfApproval'],
  wait: ['for', 'event', 'correlation', 'timeout'],
  retry: ['attempts', 'initial', 'factor', 'max', 'jitter', 'on'],
  validate: ['value', 'schema'],
  onError: ['continue', 'goto'],
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((found, part) => (typeof found === 'object' && found !== null ? Reflect.get(found, part) : undefined), value)
}

/** What a step is, by the one key that says so; undefined with a problem when there is none, or more than one. */
export function kindOf(step: AuthoredStep): { kind: keyof typeof STEP_KINDS } | { problem: string; key?: string } {
  const kinds = Object.keys(STEP_KINDS).filter((kind) => Object.hasOwn(step, kind)) as (keyof typeof STEP_KINDS)[]
  const [kind, second] = kinds
  if (kind === undefined) return { problem: `step '${step.id}' does nothing; give it one of ${Object.keys(STEP_KINDS).join(', ')}` }
  if (second !== undefined) return { problem: `step '${step.id}' has both '${kind}' and '${second}'; write two steps`, key: second }
  const allowed: readonly string[] = STEP_KINDS[kind]
  for (const [owner, keys] of Object.entries(STEP_KINDS)) {
    const stray = keys.find((key) => Object.hasOwn(step, key) && !allowed.includes(key))
    if (stray !== undefined)
      return { problem: `'${stray}' belongs to '${owner}', but step '${step.id}' is '${kind}'; move or remove it`, key: stray }
  }
  return { kind }
}
