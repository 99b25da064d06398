import { describe, expect, it } from 'vitest'
import { checkExpression, checkText } from '../../workers/workflows/expressions'

const said = (checked: { problems: { message: string }[] }) => checked.problems.map(({ message }) => message).join(' ')

describe('a condition that cannot be read says what to write', () => {
  it.each([
    ['input.x >', 'ends too early'],
    ['true || ', 'ends too early'],
    ['input.total > 1.000,50', '1000.5'],
    ['input.total > 1000 €', 'signs of money'],
    ['input.x = 3', 'write =='],
    ['input.x === 3', 'write =='],
    ['steps.a.output.total => 5', 'write >='],
    ['input.x <> 3', 'write !='],
    ["input.x == 'a' and input.y", 'write &&'],
    ["input.x == 'a and b' OR input.y", 'write ||'],
    ['not input.x', 'write !'],
    ['if input.x then 3', 'condition ? one : other'],
    ['input.x ? 1', 'condition ? one : other'],
    ['input.x > "3', 'does not end at character 11'],
    ['input.x.contains("a"', 'write )'],
    ['steps.a.output[0', 'write ]'],
    ['inputs.x > 3', "did you mean 'input'?"],
    ['paid && true', 'write "paid" if it is a text'],
    ['sze(input.x)', "did you mean 'size'?"],
    ['input.date > now()', 'run.startedAt'],
    ['size(1) > 0', 'does not take these values: size(number)'],
    ['1 + + 2', "'+' at character 5"],
  ])('%s', (expression, advice) => {
    expect(said(checkExpression(expression))).toContain(advice)
  })
})

describe('a text that cannot be read says what to write', () => {
  it.each([
    ['Hi {{ input.name', 'write }}'],
    ['Hi {{ input.name | upcas }}', "did you mean 'upcase'?"],
    ['{% if input.x %}a', '{% endif %}'],
    ['{% for x in %}{% endfor %}', '{% for name in list %}'],
    ['{% foo %}', "there is no tag 'foo'"],
    ['{% endif %}', '{% if … %}'],
    ['{{ }}', 'nothing between'],
    ['{% if input.x = 3 %}a{% endif %}', 'write =='],
    ['{{ input.a + 3 }}', '| plus:'],
    ['{% include "x" %}', "there is no tag 'include'"],
    ['{{ input..a }}', 'divided by |'],
  ])('%s', (text, advice) => {
    expect(said(checkText(text))).toContain(advice)
  })

  it('ends on long lines', () => {
    for (const part of ['(', '=', 'not ', '"', '{{', '{% if ', 'a and ', '1,', '\\"']) {
      checkExpression(part.repeat(4_000 / part.length))
      checkText(`{{ ${part.repeat(30_000 / part.length)}`)
    }
  })
})
