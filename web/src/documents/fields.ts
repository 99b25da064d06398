import type { Span, StepView } from '../api/types'

export interface FieldView {
  name: string
  /** As written in the document. */
  value: string
  currency?: string
  confidence: number
  /** Every place where it stands, the first first. */
  spans: Span[]
}

/** What one extraction step found in one document. */
export interface FieldSet {
  stepKey: string
  documentId?: string
  className?: string
  fields: FieldView[]
  missing: string[]
}

type Members = Record<string, unknown>
const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fields that a run's steps have found so far: whatever step gave `fields`, whatever its name. */
export function readFieldSets(steps: StepView[]): FieldSet[] {
  return steps.flatMap((step) => {
    const output = step.output
    // A `set` step may pass on what an agent found; shown once is enough.
    if (step.kind !== 'agent' || !isObject(output) || !Array.isArray(output.fields)) return []
    const fields = output.fields.flatMap(readField)
    if (fields.length === 0 && !Array.isArray(output.missing)) return []
    const documentId =
      text(output.documentId) ?? fields.flatMap((field) => field.spans).find((span) => span.documentId !== undefined)?.documentId
    return [
      {
        stepKey: step.key,
        documentId,
        className: text(output.class),
        fields,
        missing: Array.isArray(output.missing) ? output.missing.filter(isText) : [],
      },
    ]
  })
}

/** The summaries that a run's steps have written so far, one for each document. */
export const readSummaries = (steps: StepView[]): string[] =>
  steps.flatMap(({ output }) => (isObject(output) && typeof output.summary === 'string' && output.summary !== '' ? [output.summary] : []))

function readField(value: unknown): FieldView[] {
  if (!isObject(value) || typeof value.name !== 'string') return []
  return [
    {
      name: value.name,
      value: typeof value.value === 'string' ? value.value : JSON.stringify(value.value ?? value.normalized ?? ''),
      currency: text(value.currency),
      confidence: typeof value.confidence === 'number' ? value.confidence : 0,
      spans: [value.span, ...(Array.isArray(value.spans) ? value.spans : [])].filter(isSpan),
    },
  ]
}

const isText = (value: unknown): value is string => typeof value === 'string'
const text = (value: unknown): string | undefined => (isText(value) && value !== '' ? value : undefined)
const isSpan = (value: unknown): value is Span =>
  isObject(value) &&
  typeof value.page === 'number' &&
  typeof value.start === 'number' &&
  typeof value.end === 'number' &&
  typeof value.quote === 'string'
