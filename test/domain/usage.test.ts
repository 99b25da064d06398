import { expect, test } from 'vitest'
import { type UsageSum, usageCsv } from '../../workers/domain/usage'

const sum = (workflow: string): UsageSum => ({
  group: { workflow, day: '2026-11-21' },
  calls: 2,
  cachedCalls: 1,
  degradedCalls: 0,
  inputTokens: 10,
  outputTokens: 5,
  costMicroUsd: 12,
  latencyMs: 30,
})

test('sums become a table with a header, the columns in the order asked for', () => {
  expect(usageCsv(['day', 'workflow'], [sum('intake')])).toBe(
    '\uFEFFday,workflow,calls,cachedCalls,degradedCalls,inputTokens,outputTokens,costMicroUsd,latencyMs\r\n2026-11-21,intake,2,1,0,10,5,12,30\r\n',
  )
})

test.each([
  ['=HYPERLINK("http://evil.example")', `"'=HYPERLINK(""http://evil.example"")"`],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@cmd', "'@cmd"],
  ['  =1', "'  =1"],
  ['\t=1', "'\t=1"],
  ['＝1', "'＝1"],
  ['a,b', '"a,b"'],
  ['line\nbreak', '"line\nbreak"'],
  ['plain', 'plain'],
])('the name %j cannot become a formula or break the row', (name, written) => {
  const line = usageCsv(['workflow'], [sum(name)]).slice(usageCsv(['workflow'], []).length)
  expect(line).toBe(`${written},2,1,0,10,5,12,30\r\n`)
})
