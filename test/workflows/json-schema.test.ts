import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkAgainstSchema, checkSchema } from '../../workers/workflows/json-schema'
import { compilePattern } from '../../workers/workflows/pattern'

interface Group {
  description: string
  schema: unknown
  tests: { description: string; data: unknown; valid: boolean }[]
}
const suite = '../shared/data/conformance_formats/dev/json_schema_test_suite/draft4'

describe.skipIf(!existsSync(suite))(`the JSON Schema test suite (${suite})`, () => {
  const files = existsSync(suite) ? readdirSync(suite).filter((file) => file.endsWith('.json')) : []
  const cases = files.flatMap((file) =>
    (JSON.parse(readFileSync(`${suite}/${file}`, 'utf8')) as Group[]).flatMap((group) =>
      group.tests.map((test) => ({ file, group, test, title: `${file}: ${group.description}: ${test.description}` })),
    ),
  )
  // References out of the schema are refused on purpose.
  it.each(cases.filter(({ file }) => file !== 'refRemote.json'))('$title', ({ group, test }) => {
    expect(checkAgainstSchema(group.schema, test.data).length === 0).toBe(test.valid)
  })
  it.each(cases.filter(({ file }) => file === 'refRemote.json'))('refuses $title', ({ group, test }) => {
    expect(() => checkAgainstSchema(group.schema, test.data)).toThrow(/only references within|nothing at/)
  })
})

describe('checkAgainstSchema', () => {
  const schema = {
    type: 'object',
    required: ['id'],
    additionalProperties: false,
    properties: { id: { type: 'string' }, lines: { type: 'array', items: { $ref: '#/$defs/line' } } },
    $defs: { line: { type: 'object', properties: { price: { type: 'number', minimum: 0 } } } },
  }

  it('names each place with what is wrong there', () => {
    expect(checkAgainstSchema(schema, { lines: [{ price: 1 }, { price: -2 }], colour: 'red' })).toEqual([
      { path: 'id', message: 'is missing' },
      { path: 'lines[1].price', message: 'must be at least 0' },
      { path: 'colour', message: 'is not known; use id, lines' },
    ])
  })

  it('ends on schemas that refer to themselves', () => {
    expect(() => checkAgainstSchema({ $ref: '#' }, 1)).toThrow(/nested deeper/)
    expect(checkAgainstSchema({ type: 'object', properties: { child: { $ref: '#' } } }, { child: { child: {} } })).toEqual([])
  })

  it('checks formats and dates that do not exist', () => {
    expect(checkAgainstSchema({ format: 'date' }, '2026-02-31')).toHaveLength(1)
    expect(checkAgainstSchema({ format: 'date-time' }, '2026-02-28T12:00:00Z')).toEqual([])
  })

  it('says what is wrong with a schema', () => {
    expect(checkSchema({ type: 'strnig' })[0]?.message).toMatch(/no JSON type/)
    expect(checkSchema({ pattern: '(?=x)' })[0]?.message).toMatch(/not supported/)
    expect(checkSchema({ type: 'object', properties: { a: { type: 'integer' } } })).toEqual([])
  })
})

describe('compilePattern', () => {
  it.each([
    ['^[a-z]+(-[a-z]+)*$', 'a-bc-d', true],
    ['^[a-z]+(-[a-z]+)*$', 'a--b', false],
    ['\\d{3}', 'ab123', true],
    ['^\\d{2,3}$', '1234', false],
    ['^(a|bc)?x+$', 'bcxx', true],
    ['^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$', 'a@b.de', true],
    ['\\bcat\\b', 'a cat.', true],
    ['\\bcat\\b', 'concat', false],
    ['^.$', '🐱', true],
    ['^a{0,}b?$', 'aaab', true],
    ['', 'x', true],
    ['^[\\w.-]+$', 'a.b-c', true],
    ['[]a]', 'a', false],
  ])('%s on %s gives %s', (pattern, text, expected) => {
    expect(compilePattern(pattern)(text)).toBe(expected)
  })

  it('takes no exponential time', () => {
    expect(compilePattern('^(a+)+$')(`${'a'.repeat(2_000)}!`)).toBe(false)
    expect(compilePattern('^(a|a)*$')(`${'a'.repeat(2_000)}!`)).toBe(false)
  })

  it('refuses what it does not know', () => {
    for (const pattern of ['(?=a)', '(a)\\1', '(a', 'a)', '*a', '(a{1000}){1000}', '[b-a]', 'a'.repeat(600)])
      expect(() => compilePattern(pattern)).toThrow()
  })
})
