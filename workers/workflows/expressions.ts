import type { Problem } from '../domain/error'
import { AppError } from '../domain/error'
import type { Json } from '../domain/json'
import type { ExpressionScope } from '../domain/workflows'
import { compileCel } from './expressions/cel'
import { assertSize, badExpression, MAX_DEPTH, toJson } from './expressions/limits'
import { compileLiquid } from './expressions/liquid'
import type { Reference } from './expressions/references'

/** A string that is exactly `${{ CEL }}` gives the value with its type. */
const TYPED = /^\s*\$\{\{([\s\S]*)\}\}\s*$/

/** Whether the condition holds. Throws AppError `invalid` (reason `expression`) when it fails or gives no boolean. */
export function evaluateCondition(expression: string, scope: ExpressionScope): boolean {
  const value = compileCel(stripTyped(expression)).evaluate(scope)
  if (typeof value === 'boolean') return value
  throw badExpression(
    expression,
    `a condition must give true or false, not ${value === null ? 'null' : `a ${typeof value}`}; write a comparison`,
  )
}

/**
 * The template with its values filled in: `${{ CEL }}` keeps the type, `{{ … }}` within a text is Liquid, the rest stays as it is.
 * Throws AppError `invalid` (reason `expression`) with the failing text; a text is at most 256 KB, the whole 1 MB of JSON.
 */
export function resolveTemplate(template: Json, scope: ExpressionScope): Json {
  const resolved = walk(template, scope, 0)
  assertSize(resolved, typeof template === 'string' ? template : 'the template')
  return resolved
}

/** Ids of the steps whose outcome a template or a bare CEL condition reads, found without evaluating it. */
export function referencedSteps(template: Json): string[] {
  const ids = stepReaders(template).flatMap(([root, id]) => (root === 'steps' && id !== undefined ? [id] : []))
  return [...new Set(ids)]
}

function stepReaders(template: Json): Reference[] {
  if (typeof template === 'string' && !hasTemplate(template)) return /\bsteps\b/.test(template) ? conditionReferences(template) : []
  if (typeof template === 'string') return compileText(template)?.references ?? []
  if (template === null || typeof template !== 'object') return []
  return Object.values(template).flatMap(stepReaders)
}

/** A plain text that mentions steps may be a condition or prose; prose does not compile and reads nothing. */
const conditionReferences = (text: string): Reference[] => checkExpression(text).references

/** What is wrong with a CEL condition, before any run: syntax, types, names, a result that cannot be a boolean. */
export function checkExpression(expression: string): { problems: Problem[]; references: Reference[] } {
  try {
    const compiled = compileCel(stripTyped(expression))
    const problems =
      compiled.type === 'bool' || compiled.type.startsWith('dyn')
        ? []
        : [{ path: '', message: `The condition '${expression}' gives a ${compiled.type}; write a comparison.` }]
    return { problems, references: compiled.references }
  } catch (error) {
    return { problems: [asProblem(error)], references: [] }
  }
}

/** What is wrong with a text that may hold `${{ CEL }}` or `{{ Liquid }}`, before any run. */
export function checkText(text: string): { problems: Problem[]; references: Reference[] } {
  try {
    return { problems: [], references: compileText(text)?.references ?? [] }
  } catch (error) {
    return { problems: [asProblem(error)], references: [] }
  }
}

/** Whether a value holds any template at all: such an input can be checked only in a run. */
export function hasTemplate(value: Json): boolean {
  if (typeof value === 'string') return value.includes('{{') || value.includes('{%')
  return value !== null && typeof value === 'object' && Object.values(value).some(hasTemplate)
}

function walk(template: Json, scope: ExpressionScope, depth: number): Json {
  if (depth > MAX_DEPTH) throw badExpression('the template', `it is nested deeper than ${MAX_DEPTH} levels; flatten it`)
  if (typeof template === 'string') return fill(template, scope)
  if (Array.isArray(template)) return template.map((item) => walk(item, scope, depth + 1))
  if (template === null || typeof template !== 'object') return template
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, walk(value, scope, depth + 1)]))
}

function fill(text: string, scope: ExpressionScope): Json {
  const typed = TYPED.exec(text)
  if (typed?.[1] !== undefined) return toJson(compileCel(typed[1]).evaluate(scope), text)
  return hasTemplate(text) ? compileLiquid(text).render(scope) : text
}

function compileText(text: string): { references: Reference[] } | undefined {
  const typed = TYPED.exec(text)
  if (typed?.[1] !== undefined) return compileCel(typed[1])
  if (text.includes('${{')) throw badExpression(text, '${{ … }} must be the whole value; within a text write {{ … }}')
  return hasTemplate(text) ? compileLiquid(text) : undefined
}

/** `when: ${{ x > 1 }}` is what many write first; it means the same as `when: x > 1`. */
const stripTyped = (expression: string): string => TYPED.exec(expression)?.[1] ?? expression

const asProblem = (error: unknown): Problem => {
  if (error instanceof AppError) return { path: '', message: error.message }
  throw error
}
