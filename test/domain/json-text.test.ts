import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findJsonProblem, JSON_LIMITS } from '../../workers/domain/json-text'

const message = (text: string) => findJsonProblem(text)?.message

describe('findJsonProblem', () => {
  it('takes whatever JSON.stringify writes, and nothing that JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false, maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value)
        if (text.includes('"__proto__"')) return
        expect(findJsonProblem(text)).toBeUndefined()
        expect(findJsonProblem(JSON.stringify(value, null, 2))).toBeUndefined()
      }),
    )
    const characters = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '1',
      '-',
      '.',
      'e',
      '0',
      'u',
      'a',
      'true',
      'null',
      ' ',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        const parses = (() => {
          try {
            JSON.parse(text)
            return true
          } catch {
            return false
          }
        })()
        // Taken implies that it parses; the other way round our own rules come on top.
        if (findJsonProblem(text) === undefined) expect(parses, text).toBe(true)
        else if (!parses) expect(findJsonProblem(text)).toMatchObject({ line: expect.any(Number), column: expect.any(Number) })
      }),
      { numRuns: 5_000 },
    )
  })

  it.each([
    ['{"__proto__":{"admin":true}}', /'__proto__' is not taken/],
    ['{"\\u005f_proto__":1}', /'__proto__' is not taken/],
    ['{"a":[{"constructor":{"prototype":{"x":1}}}]}', /'prototype' is not taken/],
    ['{"a":1,"b":2,"a":3}', /'a' comes twice/],
    ['{"a":1,"\\u0061":2}', /'a' comes twice/],
    ['{"n":1e999}', /larger or longer than a double/],
    [`[${'9'.repeat(401)}]`, /larger or longer/],
    ['{"s":"\\ud800"}', /surrogate/],
    ['{"a":1,}', /key in double quotes/],
    ["{'a':1}", /key in double quotes/],
    ['[1 2]', /',' or ']' is missing/],
    ['[01]', /',' or ']'/],
    ['[+1]', /a value is missing/],
    ['[NaN]', /a value is missing/],
    ['"abc', /does not end/],
    ['"a\nb"', /does not end/],
    ['"\\x41"', /after '\\'/],
    ['{"a"', /':' is missing/],
    ['[1]x', /something after the end/],
    ['// c\n1', /a value is missing/],
  ])('refuses %s', (text, expected) => {
    expect(message(text)).toMatch(expected)
  })

  it('says where: the path, the line and the column', () => {
    expect(findJsonProblem('{\n  "steps": [\n    {"id": 1},\n    {"id": 1, "id": 2}\n  ]\n}')).toMatchObject({
      path: 'steps[1]',
      line: 4,
      column: 15,
    })
  })

  it('takes what is harmless although it looks alike', () => {
    for (const text of [
      '{"constructor":"Hamilton"}',
      '{"prototype":1}',
      '{"constructor":{"name":"x"}}',
      '{"proto":{}}',
      ' [ ] ',
      '-0.5e-3',
    ])
      expect(findJsonProblem(text), text).toBeUndefined()
  })

  it('counts levels and members, and does not fall over what is far too deep', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    expect(findJsonProblem(nested(JSON_LIMITS.depth))).toBeUndefined()
    expect(message(nested(JSON_LIMITS.depth + 1))).toMatch(/deeper than 64/)
    expect(message('['.repeat(500_000))).toMatch(/deeper than 64/)
    expect(message('{"a":'.repeat(100_000))).toMatch(/deeper than 64/)
    expect(findJsonProblem(`[${Array(JSON_LIMITS.members).fill(0).join()}]`)).toBeUndefined()
    expect(
      message(
        `[${Array(JSON_LIMITS.members + 1)
          .fill(0)
          .join()}]`,
      ),
    ).toMatch(/100000 members/)
    expect(message(`{"${'k'.repeat(JSON_LIMITS.keyCharacters + 1)}":1}`)).toMatch(/key has more than/)
  })
})
