import { describe, expect, it } from 'vitest'
import { quality } from '../../workers/agents/quality'
import type { CheckOutput } from '../../workers/agents/quality/schema'
import { extractEmbedded } from '../../workers/skills/extract/embedded'
import { textDocument } from '../skills/corpus/pdf-pages'
import { GERMAN_INVOICE } from '../skills/fixtures'
import { type Stage, stage, stepContext } from './analysis/ports'

const operation = quality.operations.check!
const run = async (input: unknown, { ports }: Stage) =>
  operation.output.parse(await operation.run(operation.input.parse(input), stepContext(), ports)) as CheckOutput
const failed = (output: CheckOutput) => output.checks.filter((check) => !check.passed).map((check) => check.name)

/** What extraction makes of the German invoice, with some fields changed or removed. */
function invoice(documentId: string, changes: Record<string, string | number | null> = {}) {
  const { fields, lineItems } = extractEmbedded({ document: textDocument(GERMAN_INVOICE), documentId, class: 'invoice' })
  const changed = fields
    .filter((field) => changes[field.name] !== null)
    .map((field) => ({ ...field, normalized: changes[field.name] ?? field.normalized }))
  return { documentId, class: 'invoice', fields: changed, lineItems }
}

describe('quality', () => {
  it('passes an invoice that is in order, with a reason for every check', async () => {
    const output = await run(invoice('doc_1'), stage())
    expect(failed(output)).toEqual([])
    expect(output).toMatchObject({ score: 1, passed: true })
    expect(output.checks.map((check) => check.name)).toEqual(
      expect.arrayContaining([
        'required_fields',
        'totals_add_up',
        'line_items_add_up',
        'date_plausible',
        'due_after_date',
        'iban_valid',
        'vat_id_valid',
        'not_a_duplicate',
      ]),
    )
    for (const { reason } of output.checks) expect(reason).toMatch(/^[A-Z0-9].*\.$/)
  })

  it('lowers the score of a document that was not read to its end, and says what is missing', async () => {
    const output = await run({ ...invoice('doc_1'), unread: ['Only the first 2000 of 10000 pages were read.'] }, stage())
    expect(failed(output)).toEqual(['read_completely'])
    expect(output.score).toBeLessThan(1)
    expect(output.checks.find(({ name }) => name === 'read_completely')?.reason).toContain('10000 pages')
  })

  it.each([
    ['a missing field', { invoiceNumber: null }, 'required_fields', false],
    ['totals that do not add up', { totalTax: 41 }, 'totals_add_up', false],
    ['a date in the future', { date: '2031-01-01' }, 'date_plausible', false],
    ['a wrong IBAN', { iban: 'DE89370400440532013001' }, 'iban_valid', false],
    ['a wrong VAT id', { vatId: 'DE136695977' }, 'vat_id_valid', true],
    ['a due date before the date', { dueDate: '2024-04-01' }, 'due_after_date', true],
  ])('finds %s', async (_, changes, check, passed) => {
    const output = await run(invoice('doc_1', changes), stage())
    expect(failed(output)).toContain(check)
    expect(output.passed).toBe(passed)
    expect(output.score).toBeLessThan(1)
  })

  it('lets a rounded cent pass and a third one not', async () => {
    expect(failed(await run(invoice('doc_1', { totalTax: 40.87 }), stage()))).toEqual([])
    expect(failed(await run(invoice('doc_1', { totalTax: 40.88 }), stage()))).toEqual(['totals_add_up'])
  })

  it('names the line items that do not add up', async () => {
    const input = invoice('doc_1')
    expect(failed(await run({ ...input, lineItems: input.lineItems.slice(1) }, stage()))).toEqual(['line_items_add_up'])
  })

  it('asks for a look at doubtful fields and follows the rules it is given', async () => {
    const input = invoice('doc_1')
    const doubtful = { ...input, fields: input.fields.map((field) => ({ ...field, confidence: 0.3 })) }
    expect(failed(await run(doubtful, stage()))).toEqual(['confidence'])
    expect(failed(await run({ ...doubtful, rules: { minConfidence: 0.2, required: ['totalGross', 'orderNumber'] } }, stage()))).toEqual([
      'required_fields',
    ])
  })

  it('finds a second invoice of the same issuer and number, however it is written, and never a document itself', async () => {
    const scene = stage()
    scene.store('doc_1', undefined)
    scene.store('doc_2', undefined)
    expect((await run(invoice('doc_1'), scene)).duplicateOf).toBeUndefined()
    expect((await run(invoice('doc_1'), scene)).duplicateOf).toBeUndefined()
    const second = await run(invoice('doc_2', { issuer: 'MUSTER WERKZEUGE GMBH', invoiceNumber: '2024/0815' }), scene)
    expect(second).toMatchObject({ duplicateOf: 'doc_1', passed: false })
    expect((await run(invoice('doc_2', { invoiceNumber: '2024-0816' }), scene)).duplicateOf).toBeUndefined()
  })

  it('finds the same bytes under another id, whatever the class', async () => {
    const scene = stage()
    scene.store('doc_1', undefined, { sha256: 'a'.repeat(64) })
    scene.store('doc_2', undefined, { sha256: 'a'.repeat(64) })
    const plain = (documentId: string) => ({ documentId, class: 'other', fields: [] })
    expect((await run(plain('doc_1'), scene)).duplicateOf).toBeUndefined()
    expect((await run(plain('doc_2'), scene)).duplicateOf).toBe('doc_1')
  })

  it('passes a fingerprint on when its first document is gone', async () => {
    const scene = stage()
    scene.store('doc_1', undefined)
    await run(invoice('doc_1'), scene)
    scene.documents.length = 0
    scene.store('doc_2', undefined)
    expect((await run(invoice('doc_2'), scene)).duplicateOf).toBeUndefined()
  })

  it('has a valid example', () => {
    expect(operation.input.safeParse(operation.example).success).toBe(true)
  })
})
