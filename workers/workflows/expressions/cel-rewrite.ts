import type { ASTNode } from '@marcbachmann/cel-js'

/**
 * Writes a CEL expression anew so that authors meet one kind of number, JSON's. CEL keeps `int` and `double` apart and refuses
 * `n + 1` for a number that came from JSON; here every literal and every integer result becomes a double, list members and both
 * arms of `?:` become dynamic, each loop reports its length to a budget, what is read whole is weighed for it,
 * and members are asked of JSON only.
 */
export function rewriteCel(node: ASTNode): string {
  switch (node.op) {
    case 'value':
      return literal(node.args)
    case 'id':
      return node.args
    case '.':
      return `at(${rewriteCel(node.args[0])}).${node.args[1]}`
    case '[]':
      return `at(${rewriteCel(node.args[0])})[${rewriteCel(node.args[1])}]`
    case 'call':
      return call(node.args[0], node.args[1])
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
      return binary(node.op, node.args[0], node.args[1])
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

/** Operators that read a side whole: copied by `+`, searched by `in`, compared by the rest; of two that are compared the lighter one counts. */
const READS: Readonly<Record<string, readonly ['weigh' | 'weighAll' | '', 'weigh' | '']>> = {
  '+': ['weigh', 'weigh'],
  in: ['', 'weigh'],
  '==': ['weighAll', ''],
  '!=': ['weighAll', ''],
  '<': ['weigh', ''],
  '<=': ['weigh', ''],
  '>': ['weigh', ''],
  '>=': ['weigh', ''],
}

function binary(op: string, left: ASTNode, right: ASTNode): string {
  const [ofLeft, ofRight] = READS[op] ?? ['', '']
  return `(${weighed(ofLeft, left)} ${op} ${weighed(ofRight, right)})`
}

/** Literals are as short as the expression is. */
const weighed = (name: string, node: ASTNode): string =>
  name === '' || node.op === 'value' ? rewriteCel(node) : `${name}(${rewriteCel(node)})`

/** Functions of the language itself that read their argument whole; our own weigh theirs. */
const READERS: ReadonlySet<string> = new Set(['size', 'string', 'int', 'double'])

function call(name: string, args: readonly ASTNode[]): string {
  const given = READERS.has(name) ? args.map((arg) => weighed('weigh', arg)) : args.map(rewriteCel)
  return asDouble(name, `${name === 'has' ? 'present' : name}(${given.join(', ')})`)
}

function method(name: string, receiver: ASTNode, args: readonly ASTNode[]): string {
  assertAllowed(name)
  const rest = args.map(rewriteCel)
  if (LOOPS.has(name)) return `each(${rewriteCel(receiver)}).${name}(${rest.join(', ')})`
  if (name === 'join' || name === 'split') return `${name}(${[rewriteCel(receiver), ...rest].join(', ')})`
  const weighedReceiver = receiver.op === 'value' ? operand(receiver) : weighed('weigh', receiver)
  return asDouble(name, `${weighedReceiver}.${name}(${rest.join(', ')})`)
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
