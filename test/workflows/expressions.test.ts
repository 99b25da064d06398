import { describe, expect, it } from 'vitest'
import type { ExpressionScope } from '../../workers/domain/workflows'
import { checkExpression, checkText, evaluateCondition, referencedSteps, resolveTemplate } from '../../workers/workflows/expressions'

const scope: ExpressionScope = {
  input: {
    total: 1200.5,
    n: 3,
    items: [
      { price: 2, name: 'nut' },
      { price: 3.5, name: 'bolt' },
    ],
    empty: '',
    nothing: null,
    day: '2026-01-31',
    subject: 'RE: Offer',
  },
  vars: { limit: 1000 },
  steps: {
    extract: { status: 'completed', output: { fields: [{ name: 'total', normalized: '1200.50' }] } },
    check: { status: 'failed', error: { code: 'invalid', message: 'no' } },
  },
  item: { id: 7 },
  index: 1,
  run: { id: 'run_1', workflow: 'w', startedAt: '2026-11-21T05:00:00Z', trigger: 'api' },
}
const value = (expression: string) => resolveTemplate(`\${{ ${expression} }}`, scope)

describe('conditions', () => {
  it.each([
    'input.total > 1000',
    'input.total > vars.limit',
    'input.n == 3',
    'input.n + 1 == 4',
    'size(input.items) > 0',
    'size(input.items) == 2',
    'input.items.size() + 1 == 3',
    'size(input.items) / 4 == 0.5',
    'input.n % 2 == 1',
    '-input.n + 3 == 0',
    'input.items[0].price == 2',
    'input.items[index].price > 3',
    'input.items[size(input.items) - 1].name == "bolt"',
    'input.items.exists(i, i.price > 3)',
    'input.items.filter(i, i.price > 3)[0].name == "bolt"',
    'has(input.total) && !has(input.gone)',
    '!has(steps.nobody.output.deep)',
    '!has(input.items[9].price)',
    '!has(input.nothing.deep)',
    'default(input.nothing.deep.er, 1) == 1',
    'default(input.gone.deep, 5) == 5',
    'default(input.nothing, "x") == "x"',
    'input.nothing == null',
    'input.n in [1, 2, 3]',
    '"total" in input',
    'contains(lower(input.subject), "offer")',
    'startsWith(input.subject, "RE")',
    'steps.check.status == "failed" && steps.check.error.code == "invalid"',
    'number(steps.extract.output.fields.filter(f, f.name == "total")[0].normalized) > vars.limit',
    'sum(input.items.map(i, i.price)) == 5.5',
    'max([1, 5, 3]) == 5',
    'round(2.345, 2) == 2.35',
    'days(date(input.day), date("2026-02-02")) == 2',
    'date(run.startedAt) > date("2026-01-01")',
    'int(3.7) == 3',
    '"abc".substring(1) == "bc"',
    '"a,b".split(",")[1] == "b"',
    'join(["a", "b"], "-") == "a-b"',
    '["a", "b"].join("+") == "a+b"',
    'true ? true : "x" == "y"',
    '${{ input.n == 3 }}',
  ])('%s holds', (expression) => {
    expect(evaluateCondition(expression, scope)).toBe(true)
  })

  it('refuses a result that is no boolean', () => {
    expect(() => evaluateCondition('input.n', scope)).toThrow(/must give true or false/)
    expect(checkExpression('1 + 2').problems).toHaveLength(1)
  })
})

describe('errors', () => {
  it.each([
    ['input.totl > 1', /input\.totl is missing/],
    ['input.items[9].price > 1', /input\.items\[9\.?0?\] is past the end/],
    ['foo > 1', /'foo' is not known/],
    ['input.subject > 1', /does not fit; convert/],
    ['input.n +', /In 'input\.n \+'/],
    ['nothere(1)', /no function/],
    ['"aaaa".matches("(a+)+$")', /matches\(\) is not part/],
    ['1 / 0 == input.n.x', /input\.n\.x is missing|No such key/],
  ])('%s is explained', (expression, message) => {
    expect(() => evaluateCondition(expression, scope)).toThrow(message)
  })

  it('are short, however long the key is that they speak of', () => {
    const long = { ...scope, input: { key: 'x'.repeat(100_000) } }
    expect(() => resolveTemplate('${{ ""[input.key] }}', long)).toThrow(/^In '[^']*': .{1,500}$/)
  })

  it('gives no infinite numbers', () => {
    expect(() => value('1 / 0')).toThrow(/finite/)
  })
})

describe('templates', () => {
  it('keeps types in ${{ }} and prints in {{ }}', () => {
    expect(
      resolveTemplate(
        { a: '${{ input.items }}', b: 'Total {{ input.total }} for {{ input.items[0].name }}', c: 5, d: ['${{ input.n + 1 }}'] },
        scope,
      ),
    ).toEqual({
      a: [
        { price: 2, name: 'nut' },
        { price: 3.5, name: 'bolt' },
      ],
      b: 'Total 1200.5 for nut',
      c: 5,
      d: [4],
    })
  })

  it('prints objects as JSON and dates in UTC, and refuses the clock', () => {
    expect(resolveTemplate('{{ input.items[0] }} {{ run.startedAt | date: "%Y-%m-%d %H:%M" }}', scope)).toBe(
      '{"price":2,"name":"nut"} 2026-11-21 05:00',
    )
    expect(() => resolveTemplate('{{ "now" | date: "%Y" }}', scope)).toThrow(/differs from run to run/)
  })

  it('says which variable is missing, and takes a default', () => {
    expect(() => resolveTemplate('Dear {{ input.name }}', scope)).toThrow(/input\.name is missing/)
    expect(resolveTemplate('Dear {{ input.name | default: "you" }}', scope)).toBe('Dear you')
  })

  it('refuses ${{ }} inside a text', () => {
    expect(checkText('Total ${{ input.total }}').problems[0]?.message).toMatch(/must be the whole value/)
  })

  it('builds objects and lists', () => {
    expect(value('input.items.map(i, {"n": i.name, "double": i.price * 2})')).toEqual([
      { n: 'nut', double: 4 },
      { n: 'bolt', double: 7 },
    ])
    expect(value('{"big": input.total > 1000, "rounded": round(input.total)}')).toEqual({ big: true, rounded: 1201 })
  })
})

describe('references', () => {
  it('finds the steps that are read, without loop variables', () => {
    expect(
      referencedSteps({
        a: '${{ steps.x.output.list.map(steps, steps.y) }}',
        b: '{{ steps.z.output }} {{ steps["q"].status }}',
        c: '${{ item.map(i, steps["w"].output[i]) }}',
      }).sort(),
    ).toEqual(['q', 'w', 'x', 'z'])
    expect(referencedSteps('has(steps.a.output.b) || default(steps.c.output, 1) == 1').sort()).toEqual(['a', 'c'])
  })
})

describe('attacks', () => {
  const hostile = JSON.parse('{"a":{},"xs":[1],"constructor":"Bob","__proto__":{"polluted":true}}') as unknown
  const attacked: ExpressionScope = { ...scope, input: hostile }

  it.each([
    'input.a.constructor',
    'input.a["constructor"]',
    'input.a.__proto__',
    'input.xs.constructor',
    'input.xs["length"]',
    'input.xs.length',
    '"x".constructor',
    'input.a.toString',
    'input.a.hasOwnProperty("a")',
    'constructor',
    '__proto__',
    'globalThis',
    'process',
    'this',
    'Function("return 1")()',
    'input.xs.map(x, x.constructor)',
    'has(input.a.constructor) ? 1 : input.a.constructor',
    'cel.bind(x, 1, x)',
    'google.protobuf.Timestamp',
    'type(input.a)',
    'b"abc"',
    '5u',
    'input.a.valueOf()',
    'run.constructor.constructor',
    'default(input.a.constructor, input.xs.at)',
    '[].constructor',
    '{}.constructor',
    'eval("1")',
    'input.a[["constructor"]]',
  ])('CEL: %s reaches nothing', (expression) => {
    expect(() => resolveTemplate(`\${{ ${expression} }}`, attacked)).toThrow()
  })

  it.each([
    '{{ input.a.constructor }}',
    '{{ input.a["__proto__"] }}',
    '{{ input.xs.constructor.name }}',
    '{{ "x".constructor }}',
    '{{ input.a.toString }}',
    '{% include "/etc/passwd" %}',
    '{% render "x" %}',
    '{% layout "x" %}',
    '{% block x %}{% endblock %}',
    '{% for i in (1..100000000) %}x{% endfor %}',
    '{% assign x = "aaaaaaaaaa" %}{% for i in (1..1000) %}{% assign x = x | append: x %}{% endfor %}{{ x }}',
    '{{ input.xs | sample }}',
    '{{ process.env }}',
    '{{ globalThis }}',
    '{% for a in (1..1000) %}{% for b in (1..1000) %}{{ b }}{% endfor %}{% endfor %}',
    '{{ x',
    '{% if %}',
  ])('Liquid: %s reaches nothing', (template) => {
    expect(() => resolveTemplate(template, attacked)).toThrow()
  })

  it('stops loops in loops, growing texts, long expressions and deep nesting', () => {
    const many: ExpressionScope = { ...scope, input: { xs: Array.from({ length: 1000 }, (_, i) => i), big: 'x'.repeat(200_000) } }
    expect(() => resolveTemplate('${{ input.xs.map(a, input.xs.map(b, a)) }}', many)).toThrow(/turns/)
    expect(() => resolveTemplate('${{ input.xs.map(x, input.big).join("") }}', many)).toThrow(/longer than/)
    expect(() => resolveTemplate('${{ input.xs.map(x, input.big) }}', many)).toThrow(/larger than/)
    expect(() => evaluateCondition(`true${' && true'.repeat(1000)}`, many)).toThrow(/4096 characters/)
    expect(() => evaluateCondition(`${'('.repeat(1500)}true${')'.repeat(1500)}`, many)).toThrow()
    expect(Object.prototype).not.toHaveProperty('polluted')
  })

  it('reads ordinary data that has a member named constructor beside it', () => {
    expect(resolveTemplate('${{ input.name }}', { ...scope, input: { name: 'n', builder: { constructor: 'Bob' } } })).toBe('n')
  })
})
