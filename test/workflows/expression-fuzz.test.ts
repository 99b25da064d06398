import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../workers/domain/error'
import type { Json } from '../../workers/domain/json'
import type { ExpressionScope } from '../../workers/domain/workflows'
import { checkExpression, checkText, resolveTemplate } from '../../workers/workflows/expressions'
import { CEL_ATTACKS, LIQUID_ATTACKS } from './expression-attacks'

const many = () => Array.from({ length: 20_000 }, (_, at) => at)
const createScope = (): ExpressionScope => ({
  input: JSON.parse(
    JSON.stringify({
      a: { b: 1 },
      xs: [1, 2, 3],
      text: 'hello',
      day: '2026-01-31',
      empty: [],
      nothing: null,
      big: 'x'.repeat(100_000),
      many: many(),
      same: many(),
    }),
  ) as unknown,
  vars: { limit: 10 },
  steps: { one: { status: 'completed', output: { n: 1 } } },
  item: { id: 7 },
  index: 1,
  run: { id: 'run_1', workflow: 'w', startedAt: '2026-11-21T05:00:00Z', trigger: 'api' },
})

/** The same sentences every time; FUZZ_SEED asks for others. */
fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 20_261_121) })

/** A name that is on every object here and that nobody may read: whoever walks a prototype chain falls over them. */
const TRIPWIRE = 'tripwire'
let trips = 0
let scope: ExpressionScope
let before: string
beforeAll(() => {
  for (const prototype of [Object.prototype, Array.prototype, String.prototype, Number.prototype, Function.prototype])
    Object.defineProperty(prototype, TRIPWIRE, {
      configurable: true,
      get: () => {
        trips += 1
        return 'reached'
      },
      // An object may have a member of that name of its own.
      set(this: object, value: unknown) {
        Object.defineProperty(this, TRIPWIRE, { value, enumerable: true, writable: true, configurable: true })
      },
    })
})
afterAll(() => {
  for (const prototype of [Object.prototype, Array.prototype, String.prototype, Number.prototype, Function.prototype])
    Reflect.deleteProperty(prototype, TRIPWIRE)
})
beforeEach(() => {
  trips = 0
  scope = createScope()
  before = JSON.stringify(scope)
})

/** What came of it: a JSON value, or a refusal that names its place. Anything else fails the test. */
function outcomeOf(template: string): { value: Json } | { refusal: string } {
  trips = 0
  const outcome = resolve(template)
  expect(trips, template).toBe(0)
  return outcome
}

function resolve(template: string): { value: Json } | { refusal: string } {
  try {
    const value = resolveTemplate(template, scope)
    expect(JSON.parse(JSON.stringify(value)), template).toEqual(value)
    return { value }
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw new Error(`${template} threw ${String(thrown)}`, { cause: thrown })
    expect([thrown.code, thrown.reason], template).toEqual(['invalid', 'expression'])
    expect(thrown.message, template).toMatch(/^In '[\s\S]*': \S/)
    expect(thrown.message.length, template).toBeLessThan(2_000)
    expect(thrown.message, template).not.toMatch(/node_modules|\.[cm]?[jt]s:\d|\n\s+at |reached/)
    return { refusal: thrown.message }
  }
}

function expectNothingHappened(): void {
  expect(trips).toBe(0)
  expect(JSON.stringify(scope)).toBe(before)
  expect(Object.keys(Object.prototype)).toEqual([])
}

describe('the corpus', () => {
  it.each(CEL_ATTACKS.map((attack) => [attack.slice(0, 100), attack]))('CEL refuses %j', (_, attack) => {
    expect(outcomeOf(`\${{ ${attack} }}`)).toHaveProperty('refusal')
    expectNothingHappened()
  })

  it.each(LIQUID_ATTACKS.map((attack) => [attack.slice(0, 100), attack]))('Liquid refuses %j', (_, attack) => {
    expect(outcomeOf(attack)).toHaveProperty('refusal')
    expectNothingHappened()
  })

  it('CEL and Liquid read no property that was not given, by whatever way', () => {
    for (const path of ['input', 'input.a', 'input.xs', 'input.text', 'input.many', 'run', 'steps', 'steps.one.output'])
      for (const read of [`${path}.${TRIPWIRE}`, `${path}["${TRIPWIRE}"]`]) {
        expect(outcomeOf(`\${{ ${read} }}`), read).toHaveProperty('refusal')
        expect(outcomeOf(`{{ ${read} }}`), read).toHaveProperty('refusal')
        expect(outcomeOf(`\${{ default(${read}, "instead") }}`), read).not.toEqual({ value: 'reached' })
        expect(outcomeOf(`{{ ${read} | default: "instead" }}`), read).not.toEqual({ value: 'reached' })
      }
    for (const filter of [
      'map',
      'where',
      'sort',
      'sum',
      'group_by',
      'find',
      'reject',
      'has',
      'uniq',
      'compact',
      'sort_natural',
      'find_index',
    ])
      outcomeOf(`{{ input.many | ${filter}: "${TRIPWIRE}" | json | slice: 0, 40 }}`)
    expectNothingHappened()
  })
})

const names = fc.constantFrom(
  'input',
  'vars',
  'steps',
  'item',
  'index',
  'run',
  'x',
  'y',
  'a',
  'b',
  'xs',
  'many',
  'big',
  'text',
  'constructor',
  '__proto__',
  'prototype',
  TRIPWIRE,
  'length',
  'toString',
  'valueOf',
  'globalThis',
  'Function',
  'size',
  'map',
  'fetch',
  'process',
)
const literals = fc.oneof(
  fc.constantFrom(
    '0',
    '1',
    '-1',
    '1e9',
    '1.5',
    'true',
    'null',
    '""',
    '"x"',
    '"constructor"',
    '"__proto__"',
    `"${TRIPWIRE}"`,
    '[]',
    '{}',
    'input.a',
    'input.xs',
    'input.many',
    'input.big',
    'input.text',
    'input.day',
    'run.startedAt',
  ),
  fc.string({ maxLength: 6 }).map((text) => JSON.stringify(text)),
  fc.double({ noNaN: true }).map(String),
)
const functions = fc.constantFrom(
  'size',
  'string',
  'int',
  'double',
  'has',
  'default',
  'number',
  'lower',
  'upper',
  'trim',
  'contains',
  'startsWith',
  'replace',
  'join',
  'split',
  'first',
  'last',
  'keys',
  'flatten',
  'abs',
  'round',
  'sum',
  'min',
  'max',
  'date',
  'days',
  'addDays',
  'each',
  'dyn',
  'weigh',
  'weighAll',
  'present',
  'matches',
  'type',
  'timestamp',
  'duration',
  'constructor',
  'toString',
  'eval',
  'Function',
  'fetch',
)
const methods = fc.constantFrom(
  'map',
  'filter',
  'all',
  'exists',
  'exists_one',
  'split',
  'join',
  'size',
  'substring',
  'indexOf',
  'contains',
  'endsWith',
  'matches',
  'bind',
  'constructor',
  'toString',
  'getFullYear',
  'lowerAscii',
  'trim',
)
const operators = fc.constantFrom('+', '-', '*', '/', '%', '==', '!=', '<', '>=', '&&', '||', 'in')

/** Sentences of CEL's grammar and of its neighbourhood. */
const { cel } = fc.letrec<{ cel: string }>((tie) => ({
  cel: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    names,
    literals,
    fc.tuple(tie('cel'), names).map(([left, name]) => `${left}.${name}`),
    fc.tuple(tie('cel'), tie('cel')).map(([left, index]) => `${left}[${index}]`),
    fc.tuple(tie('cel'), operators, tie('cel')).map((parts) => `(${parts.join(' ')})`),
    fc.tuple(functions, fc.array(tie('cel'), { maxLength: 3 })).map(([name, args]) => `${name}(${args.join(', ')})`),
    fc.tuple(tie('cel'), methods, fc.array(tie('cel'), { maxLength: 2 })).map(([of, name, args]) => `${of}.${name}(${args.join(', ')})`),
    fc.tuple(tie('cel'), tie('cel')).map(([of, body]) => `${of}.map(x, ${body})`),
    fc.tuple(tie('cel'), tie('cel'), tie('cel')).map(([test, yes, no]) => `(${test} ? ${yes} : ${no})`),
    fc.array(tie('cel'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc.tuple(literals, tie('cel')).map(([key, value]) => `{${key}: ${value}}`),
    tie('cel').map((of) => `!${of}`),
  ),
}))

const filters = fc.constantFrom(
  'append',
  'prepend',
  'replace',
  'split',
  'join',
  'map',
  'where',
  'where_exp',
  'sort',
  'sum',
  'uniq',
  'concat',
  'push',
  'slice',
  'truncate',
  'json',
  'inspect',
  'size',
  'first',
  'last',
  'reverse',
  'date',
  'times',
  'divided_by',
  'round',
  'default',
  'escape',
  'strip_html',
  'url_encode',
  'url_decode',
  'group_by',
  'find',
  'has',
  'reject',
  'compact',
  'base64_encode',
  'base64_decode',
  'slugify',
  'upcase',
  'constructor',
  '__proto__',
  'toString',
  'sample',
  'raw',
  'pop',
  'shift',
  'sort_natural',
  'array_to_sentence_string',
)
const value = fc.oneof(
  names,
  literals,
  fc.tuple(names, names).map(([left, right]) => `${left}.${right}`),
  fc.tuple(names, literals).map(([left, key]) => `${left}[${key}]`),
  fc.constantFrom('(1..9)', '(1..1000000000)', 'input.many', 'input.big'),
)
const filtered = fc
  .tuple(value, fc.array(fc.tuple(filters, fc.array(value, { maxLength: 2 })), { maxLength: 4 }))
  .map(([start, steps]) => [start, ...steps.map(([name, args]) => (args.length === 0 ? name : `${name}: ${args.join(', ')}`))].join(' | '))
/** Sentences of Liquid's grammar and of its neighbourhood. */
const { liquid } = fc.letrec<{ liquid: string }>((tie) => {
  const body = fc.array(tie('liquid'), { maxLength: 3 }).map((parts) => parts.join(''))
  return {
    liquid: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.string({ maxLength: 8 }),
      filtered.map((inner) => `{{ ${inner} }}`),
      fc.tuple(names, filtered).map(([name, inner]) => `{% assign ${name} = ${inner} %}`),
      fc.tuple(names, value, body).map(([name, of, inside]) => `{% for ${name} in ${of} %}${inside}{% endfor %}`),
      fc
        .tuple(value, operators, value, body)
        .map(([left, operator, right, inside]) => `{% if ${left} ${operator} ${right} %}${inside}{% endif %}`),
      fc.tuple(value, value, body).map(([left, right, inside]) => `{% if ${left} contains ${right} %}${inside}{% endif %}`),
      fc.tuple(names, body).map(([name, inside]) => `{% capture ${name} %}${inside}{% endcapture %}`),
      fc
        .tuple(
          fc.constantFrom(
            'include',
            'render',
            'layout',
            'block',
            'tablerow',
            'cycle',
            'increment',
            'liquid',
            'echo',
            'raw',
            'constructor',
            '__proto__',
            'case',
          ),
          value,
        )
        .map(([tag, of]) => `{% ${tag} ${of} %}`),
    ),
  }
})

describe('whatever is written', () => {
  it('in CEL gives JSON or a refusal with its place, and reaches nothing', () => {
    fc.assert(
      fc.property(cel, (expression) => {
        outcomeOf(`\${{ ${expression} }}`)
        checkExpression(expression)
        expect(trips, expression).toBe(0)
      }),
      { numRuns: 3_000 },
    )
    expectNothingHappened()
  }, 120_000)

  it('in Liquid gives text or a refusal with its place, and reaches nothing', () => {
    fc.assert(
      fc.property(liquid, (template) => {
        const isTemplate = template.includes('{{') || template.includes('{%')
        if (!isTemplate) return
        outcomeOf(template)
        checkText(template)
        expect(trips, template).toBe(0)
      }),
      { numRuns: 3_000 },
    )
    expectNothingHappened()
  }, 120_000)

  it('as noise between the marks gives JSON or a refusal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (noise) => {
        outcomeOf(`\${{ ${noise} }}`)
        outcomeOf(`{{ ${noise} }}`)
        outcomeOf(`{% ${noise} %}`)
      }),
      { numRuns: 1_000 },
    )
    expectNothingHappened()
  }, 60_000)
})
