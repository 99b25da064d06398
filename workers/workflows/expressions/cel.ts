import { type ASTNode, TypeError as CelTypeError, Environment, EvaluationError, ParseError, type ParseResult } from '@marcbachmann/cel-js'
import { AppError } from '../../domain/error'
import type { ExpressionScope } from '../../domain/workflows'
import { suggest } from '../parse/suggest'
import { adviseCall, adviseCel } from './advice'
import { rewriteCel } from './cel-rewrite'
import { refillTurns, registerFunctions } from './functions'
import { badExpression, MAX_EXPRESSION_CHARACTERS } from './limits'
import { memoise } from './memo'
import { celReferences, describeNode, type Reference } from './references'

export interface CompiledCel {
  references: Reference[]
  /** The type that checking found, `dyn` where only a run can tell. */
  type: string
  evaluate(scope: ExpressionScope): unknown
}

export const SCOPE_NAMES = ['input', 'vars', 'steps', 'item', 'index', 'run'] as const

/** Compiles a CEL expression, or throws AppError `invalid` with what is wrong in it. Compiled expressions are kept for reuse. */
export const compileCel: (text: string) => CompiledCel = memoise(500, compile)

const createEnvironment = (limits: { maxAstNodes: number; maxDepth: number }): Environment =>
  registerFunctions(
    SCOPE_NAMES.reduce((env, name) => env.registerVariable(name, 'dyn'), new Environment({ homogeneousAggregateLiterals: false, limits })),
  )

/** What authors write. */
const source = createEnvironment({ maxAstNodes: 2_000, maxDepth: 64 })
/** What the rewriter makes of it: each part is wrapped twice at most. */
const rewritten = createEnvironment({ maxAstNodes: 8_000, maxDepth: 256 })

function compile(text: string): CompiledCel {
  if (text.length > MAX_EXPRESSION_CHARACTERS)
    throw badExpression(text, `an expression may have ${MAX_EXPRESSION_CHARACTERS} characters; use a set step for a part of it`)
  if (text.trim() === '') throw badExpression(text, 'an expression is missing')
  try {
    const { ast } = source.parse(text)
    const program = rewritten.parse(rewriteCel(ast))
    const checked = program.check()
    if (!checked.valid) throw checked.error ?? new SyntaxError('the types do not fit')
    return { references: celReferences(ast), type: checked.type ?? 'dyn', evaluate: (scope) => evaluate(text, program, scope) }
  } catch (error) {
    throw explain(text, error)
  }
}

function evaluate(text: string, program: ParseResult, scope: ExpressionScope): unknown {
  refillTurns()
  try {
    return program({ ...scope })
  } catch (error) {
    throw explain(text, error)
  }
}

function explain(text: string, error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof ParseError) return badExpression(text, adviseCel(text, error.summary, error.range?.start), error)
  if (error instanceof EvaluationError || error instanceof CelTypeError)
    return badExpression(text, sentence(error.code, error.summary, error.node), error)
  if (error instanceof SyntaxError) return badExpression(text, error.message, error)
  if (error instanceof RangeError)
    return badExpression(text, 'it needs more memory than an expression may use; take a part of the values', error)
  throw error
}

function sentence(code: string, summary: string, node: unknown): string {
  const path = isNode(node) ? describeNode(node) : undefined
  if (code === 'no_such_key')
    return `${path ?? `'${summary.replace(/^No such key: ?/, '')}'`} is missing; test it with has(…) or write default(${path ?? '…'}, …)`
  if (code === 'index_out_of_bounds') return `${path ?? 'the index'} is past the end of the list; test size(…) first`
  if (code === 'unknown_variable') return unknownName(summary.replace('Unknown variable: ', ''))
  if (code === 'no_such_overload')
    return `${plainTypes(summary.replace('no such overload: ', ''))} does not fit; convert with number(…) or string(…), or test for null`
  if (code === 'no_matching_overload') return adviseCall(plainTypes(summary.replace(/^found no matching overload for |'/g, '')))
  return plainTypes(summary)
}

const unknownName = (name: string): string =>
  `'${name}' is not known; ${suggest(name, SCOPE_NAMES)}${/^\w+$/.test(name) ? `, or write "${name}" if it is a text` : ''}`

const isNode = (node: unknown): node is ASTNode => typeof node === 'object' && node !== null && 'op' in node && 'args' in node

/** CEL's type names in an author's words. */
const plainTypes = (text: string): string =>
  text
    .replace(/dyn<([^<>]+)>/g, '$1')
    .replace(/\b(double|int)\b/g, 'number')
    .replace(/\bdyn\b/g, 'value')
