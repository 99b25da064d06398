import type { ASTNode } from '@marcbachmann/cel-js'

/**
 * Writes a CEL expression anew so that authors meet one kind of number, JSON's. CEL keeps `int` and `double` apart and refuses
 * `n + 1` for a number that came from JSON; here every literal and every integer result becomes a double, list members and both
 * arms of `?:` become dynamic, and each loop reports its length to a budget.
 */
export function rewriteCel(node: ASTNode): string {
  switch (node.op) {
    case 'value':
      return literal(node.args)
    case 'id':
      return node.args
    case '.':
      return `${operand(node.args[0])}.${node.args[1]}`
    case '[]':
      return `dyn(${rewriteCel(node.args[0])})[${rewriteCel(node.args[1])}]`
    case 'call':
      return asDouble(node.args[0], `${node.args[0] === 'has' ? 'present' : node.args[0]}(${node.args[1].map(rewriteCel).join(', ')})`)
    case 'rcall':
      return method(node.args[0], node.args[1], node.args[2])
    case 'list':
      return `[${node.args.map(rewriteCel).join(', ')}]`
    case 'map':
      return `{${node.args.map(([key, value]) => `${rewriteCel(key)}: ${rewriteCel(value)}`).join(', ')}}`
    case '?:':
      return `(${rewriteCel(node.args[0])} ? dyn(${rewriteCel(node.args[1])}) : dyn(${rewriteCel(node.args[2])}))`
    case '!_':
    case '-_':
      return `${node.op[0]}${operand(node.args)}`
    case '.?':
    case '[?]':
      throw new SyntaxError(`'${node.op}' is not part of this language; use default(value, instead)`)
    default:
      return `(${rewriteCel(node.args[0])} ${node.op} ${rewriteCel(node.args[1])})`
  }
}

/** Loops over a list: name of the method → its first argument is a variable bound by it. */
export const LOOPS: ReadonlySet<string> = new Set(['map', 'filter', 'all', 'exists', 'exists_one'])

const INTEGER_RESULTS: ReadonlySet<string> = new Set([
  'size',
  'int',
  'indexOf',
  'lastIndexOf',
  'getDate',
  'getDayOfMonth',
  'getDayOfWeek',
  'getDayOfYear',
  'getFullYear',
  'getHours',
  'getMilliseconds',
  'getMinutes',
  'getMonth',
  'getSeconds',
])

/** Refused by name: a pattern can run for ever, `bind` doubles values, the rest yields what JSON cannot hold. */
const REFUSED = {
  matches: 'use contains, startsWith or endsWith',
  bind: 'use a set step to name a value',
  bytes: 'use strings',
  uint: 'numbers need no conversion',
  type: 'compare the value itself, or test it with has(…)',
} as const satisfies Record<string, string>

function method(name: string, receiver: ASTNode, args: readonly ASTNode[]): string {
  assertAllowed(name)
  const rest = args.map(rewriteCel)
  if (LOOPS.has(name)) return `each(${rewriteCel(receiver)}).${name}(${rest.join(', ')})`
  if (name === 'join') return `join(${[rewriteCel(receiver), ...rest].join(', ')})`
  return asDouble(name, `${operand(receiver)}.${name}(${rest.join(', ')})`)
}

function asDouble(name: string, text: string): string {
  assertAllowed(name)
  return INTEGER_RESULTS.has(name) ? `double(${text})` : text
}

function assertAllowed(name: string): void {
  if (Object.hasOwn(REFUSED, name))
    throw new SyntaxError(`${name}() is not part of this language; ${REFUSED[name as keyof typeof REFUSED]}`)
}

function operand(node: ASTNode): string {
  const text = rewriteCel(node)
  return node.op === 'value' ? `(${text})` : text
}

function literal(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number' || typeof value === 'bigint') return double(Number(value))
  throw new SyntaxError('byte strings and unsigned numbers are not part of this language; write a plain string or number')
}

function double(value: number): string {
  const text = String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}
