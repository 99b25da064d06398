import { describe, expect, it } from 'vitest'
import { extractEmbedded } from '../../../workers/skills/extract/embedded'
import { extractAnswer } from '../../../workers/skills/extract/prompt'
import { FieldSchema } from '../../../workers/skills/extract/schema'
import { textDocument } from '../corpus/pdf-pages'

const TEXT = `Inspection report
Certificate: CX-4410-B
Inspected on: 7 March 2024
Overall state: worn (worn parts are replaced)
Nominal pressure: 16 bar
Working hours: 12,450
Findings: rust, dents and scratches

Part\tQty\tUnit price
Valve\t2\t40.50
Seal kit\t10\t3.20`

const document = textDocument(TEXT)
const read = (properties: Record<string, unknown>) =>
  extractEmbedded({ document, class: 'other', schema: FieldSchema.parse({ properties }) })
const values = (properties: Record<string, unknown>) =>
  Object.fromEntries(read(properties).fields.map((field) => [field.name, field.normalized]))

describe('a schema of the caller', () => {
  it('takes words of a description for labels', () => {
    expect(
      values({
        reference: { type: 'string', description: 'Number of the document, also called certificate or licence' },
        day: { type: 'string', format: 'date', description: 'Stands beside "Inspected on"' },
      }),
    ).toEqual({ reference: 'CX-4410-B', day: '2024-03-07' })
  })

  it('prefers an allowed value beside its label to one that stands elsewhere', () => {
    const result = read({ state: { enum: ['replaced', 'worn', 'new'], 'x-labels': ['Overall state'] } })
    expect(result.fields[0]).toMatchObject({ normalized: 'worn', span: { quote: 'worn' } })
    const unlabelled = read({ colour: { enum: ['rust', 'red'] } }).fields[0]
    expect(unlabelled?.confidence).toBeLessThan(0.5)
  })

  it('gives no value that the schema forbids', () => {
    const labels = { 'x-labels': ['Working hours'] }
    expect(values({ hours: { type: 'integer', ...labels } })).toEqual({ hours: 12450 })
    expect(values({ hours: { type: 'integer', maximum: 1000, ...labels } })).toEqual({})
    expect(values({ certificate: { type: 'string', pattern: '^\\d+$' } })).toEqual({})
  })

  it('reads a list of values beside its label', () => {
    expect(values({ findings: { type: 'array', items: { type: 'string' } } })).toEqual({ findings: ['rust', 'dents', 'scratches'] })
  })

  it('reads a list of objects from the table whose titles name their properties', () => {
    const schema = {
      parts: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            name: { type: 'string', 'x-labels': ['Part'] },
            quantity: { type: 'integer', description: 'labelled Qty' },
            unitPrice: { type: 'number' },
          },
        },
      },
    }
    const [field] = read(schema).fields
    expect(field).toMatchObject({
      normalized: [
        { name: 'Valve', quantity: 2, unitPrice: 40.5 },
        { name: 'Seal kit', quantity: 10, unitPrice: 3.2 },
      ],
      confidence: 0.95,
    })
    for (const span of field?.spans ?? []) expect(TEXT.slice(span.start, span.end)).toBe(span.quote)
    expect(field?.spans).toHaveLength(2)
  })
})

describe('what a model proposes', () => {
  const schema = FieldSchema.parse({
    properties: {
      certificate: { type: 'string' },
      inspector: { type: 'string' },
      pressure: { type: 'number' },
      state: { enum: ['new', 'worn'] },
    },
  })
  const answered = (name: string, value: string, quote: string) => {
    const input = { document, class: 'other', schema }
    const empty = { class: 'other', language: 'en', fields: [], lineItems: [], missing: [] }
    return extractAnswer(input, { fields: [{ name, value, quote }] }, empty).fields[0]
  }

  it('is verified where its quote stands in the document and says the value', () => {
    expect(answered('certificate', 'CX-4410-B', 'Certificate: CX-4410-B')).toMatchObject({
      verification: 'verified',
      confidence: 0.93,
      span: { quote: 'CX-4410-B' },
    })
    expect(answered('pressure', '16', 'Nominal pressure: 16 bar')).toMatchObject({ normalized: 16, verification: 'verified' })
  })

  it('is unverified where the document does not hold it, whatever it quotes', () => {
    expect(answered('inspector', 'Ada Lovelace', 'Inspected by Ada Lovelace')).toMatchObject({
      verification: 'unverified',
      confidence: 0.3,
    })
    expect(answered('pressure', '25', 'Nominal pressure: 16 bar')).toMatchObject({ verification: 'unverified' })
  })

  it('is left out where the schema forbids it', () => {
    expect(answered('state', 'broken', 'worn')).toBeUndefined()
  })
})
