import { plainDocument } from '../../workers/domain/documents'
import type { Json } from '../../workers/domain/json'
import { FieldSchema } from '../../workers/skills/extract/schema'
import type { Evaluation, Figure } from '../evaluation.ts'
import { extractFrom, tidy } from '../extraction.ts'
import { precisionRecallF1, share } from '../metrics.ts'
import { readRows } from '../train/injection.ts'

export interface WrittenCase {
  text: string
  class: string
  /** Properties of a caller's schema; absent: the fields of the class. */
  properties?: Record<string, Json>
  /** What may be read for each field; nothing: the document does not say, and a value would be wrong. */
  expected: Record<string, Json[]>
}

/** Names and phrases as people compare them, objects whatever the order of their properties; numbers, yes and no as they are. */
function folded(value: Json): string {
  if (typeof value === 'string') return tidy(value)
  if (Array.isArray(value)) return `[${value.map(folded).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([name, each]) => `${name}:${folded(each)}`).join()}}`
}

/** Whether a value is one of those that may be read. */
export const isExpected = (value: Json, expected: readonly Json[]): boolean => expected.some((each) => folded(each) === folded(value))

export const evaluation: Evaluation = {
  set: 'extract_written',
  isOwn: true,
  skill: 'extract',
  method:
    'Own forms, letters, bills, payslips, reports and contracts, English and German, with schemas as callers write them: values beside, under and in the middle of a sentence with their label, and fields that the document does not state, where any value is wrong. A value is right when it is the expected one, case and white space aside. Written before the rules by the one who wrote the rules; `held-out` (a third) was not looked at while they were written. A check, no benchmark.',
  references: {},
  async run(context) {
    const counts = { correct: 0, given: 0, wanted: 0 }
    const absent: boolean[] = []
    for (const { text, class: documentClass, properties, expected } of readRows<WrittenCase>(context.test, 'cases')) {
      const schema = properties && { schema: FieldSchema.parse({ properties }) }
      const { fields } = await extractFrom({ document: plainDocument(text), class: documentClass, ...schema }, context)
      for (const [name, values] of Object.entries(expected)) {
        const given = fields.find((field) => field.name === name)?.normalized
        counts.wanted += values.length > 0 ? 1 : 0
        counts.given += given === undefined ? 0 : 1
        counts.correct += given !== undefined && isExpected(given, values) ? 1 : 0
        if (values.length === 0) absent.push(given === undefined)
      }
    }
    const { precision, recall, f1 } = precisionRecallF1(counts)
    return [
      { metric: 'precision', value: precision, n: counts.given },
      { metric: 'recall', value: recall, n: counts.wanted },
      { metric: 'f1', value: f1, n: counts.wanted },
      { metric: 'left out (not stated)', value: share(absent), n: absent.length },
    ] satisfies Figure[]
  },
}
