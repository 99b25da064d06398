import { expect, test } from 'vitest'
import { CLASSIFIER_LIMITS } from '../../../workers/domain/classifiers'
import { checkExamples, readExamples } from '../../../workers/skills/classify/learn/examples'

const EXPECTED = [
  { text: 'Where is it?', label: 'delivery' },
  { text: 'Money, "back"', label: 'refund', group: 'mail 7' },
  { text: 'Sing!', label: null },
]

test.each([
  ['JSON Lines', EXPECTED.map((example) => JSON.stringify(example)).join('\n')],
  ['a JSON array', JSON.stringify(EXPECTED)],
  ['CSV', 'text,label,group\nWhere is it?,delivery,\n"Money, ""back""",refund,mail 7\nSing!,,\n'],
  ['CSV from a spreadsheet', '\uFEFFLabel;Text;Group\r\ndelivery;Where is it?;\r\nrefund;"Money, ""back""";mail 7\r\n;Sing!;\r\n'],
])('examples are read from %s', (_, file) => {
  expect(readExamples(file)).toEqual(EXPECTED)
})

test('what does not fit is refused with its line', () => {
  expect(() => readExamples('{"text":"a","label":"x"}\n{"text":"b","label":7}')).toThrow(
    expect.objectContaining({ code: 'invalid', problems: [expect.objectContaining({ path: 'label', line: 2 })] }),
  )
  expect(() => readExamples('{"text":"a","label":"x"}\n{"text"')).toThrow(
    expect.objectContaining({ code: 'invalid', message: expect.stringContaining('Line 2') }),
  )
  expect(() => readExamples('question,label\na,b')).toThrow(
    expect.objectContaining({ message: expect.stringContaining("no column 'text'") }),
  )
})

test('more than one classifier may learn from is refused', () => {
  const many = (count: number, label: (n: number) => string) => Array.from({ length: count }, (_, n) => ({ text: 'a', label: label(n) }))
  expect(() => checkExamples(many(CLASSIFIER_LIMITS.examples + 1, (n) => `l${n % 2}`))).toThrow(
    expect.objectContaining({ code: 'too_large' }),
  )
  expect(() => checkExamples(many(CLASSIFIER_LIMITS.labels + 1, (n) => `l${n}`))).toThrow(expect.objectContaining({ code: 'too_large' }))
  expect(() => checkExamples(many(5, () => 'same'))).toThrow(expect.objectContaining({ code: 'invalid' }))
})
