import { describe, expect, it } from 'vitest'
import { renderPrompt } from '../../workers/domain/prompts'
import { classify } from '../../workers/skills/classify'
import { classifyEmbedded } from '../../workers/skills/classify/embedded'
import { classifyQuestion } from '../../workers/skills/classify/prompt'
import type { CustomLabel } from '../../workers/skills/classify/schema'
import { createFakeEncoder } from '../fakes/models'
import { textDocument } from './corpus/pdf-pages'
import {
  CONTRACT,
  DUTCH_INVOICE,
  ENGLISH_INVOICE,
  FRENCH_INVOICE,
  GERMAN_INVOICE,
  ITALIAN_INVOICE,
  NEWS,
  RECEIPT,
  SPANISH_INVOICE,
} from './fixtures'

const named = (text: string) => classifyEmbedded(textDocument(text))

describe('classify', () => {
  it.each([
    ['invoice', GERMAN_INVOICE],
    ['invoice', ENGLISH_INVOICE],
    ['invoice', FRENCH_INVOICE],
    ['invoice', SPANISH_INVOICE],
    ['invoice', ITALIAN_INVOICE],
    ['invoice', DUTCH_INVOICE],
    ['receipt', RECEIPT],
    ['contract', CONTRACT],
    ['credit_note', 'Gutschrift Nr. 12\nzu Rechnung 7\nWir haben Ihnen 20,00 € gutgeschrieben.'],
    ['order', 'PURCHASE ORDER\nPO Number: 4711\nShip to: Dock 4\nDelivery date: 2024-05-01'],
    ['delivery_note', 'Lieferschein\nNr. 99\nWare erhalten: ______'],
    ['bank_statement', 'Kontoauszug 4/2024\nKontonummer 123\nAlter Saldo  100,00\nNeuer Saldo  80,00'],
    ['letter', 'Dear Mr Smith,\nthank you for your visit.\nYours sincerely\nA. Jones'],
    ['resume', 'Lebenslauf\nBerufserfahrung\n2019 bis heute Entwicklerin\nAusbildung\nSprachkenntnisse'],
    ['report', 'Annual Report 2023\nExecutive Summary\nTable of Contents\nFindings\nConclusions'],
    ['newsletter', 'Our June newsletter\nView in your browser\nSpecial offer\nUnsubscribe'],
  ])('names a document of class %s', (expected, text) => {
    expect(named(text)).toMatchObject({ class: expected })
  })

  it('says other when nothing speaks for a class', () => {
    expect(named('lorem ipsum dolor sit amet').class).toBe('other')
    expect(named(NEWS).class).toBe('other')
    expect(named('').class).toBe('other')
  })

  it('is surer of a full invoice than of a passing word', () => {
    expect(named(GERMAN_INVOICE).confidence).toBeGreaterThan(0.9)
    expect(named('Please remember that the invoice has to be written when you find time for it.').confidence).toBeLessThan(0.8)
  })

  it('shows the words that decided, exactly where they stand', () => {
    const { evidence } = named(GERMAN_INVOICE)
    expect(evidence.length).toBeGreaterThan(2)
    for (const { span, term } of evidence) expect(GERMAN_INVOICE.slice(span?.start, span?.end).trim()).toBe(term)
  })

  it('reads titles that are set with spaces', () => {
    expect(named('R E C H N U N G\nNettobetrag 10,00 EUR').class).toBe('invoice')
  })

  it('goes by the format for mails and tables', () => {
    expect(classifyEmbedded({ ...textDocument('See attached invoice.'), format: 'eml' }).class).toBe('email')
    expect(classifyEmbedded({ ...textDocument('a,b\n1,2'), format: 'csv' }).class).toBe('table')
  })

  it('uses the labels of the caller and their keywords', () => {
    const labels = [label('complaint', { keywords: ['broken', 'refund'] }), label('praise', { keywords: ['great', 'love'] })]
    expect(classifyEmbedded(textDocument('It arrived broken, I want a refund.'), labels).class).toBe('complaint')
    expect(classifyEmbedded(textDocument('When do you open?'), labels).class).toBe('none of these')
  })
})

const label = (name: string, more: Partial<CustomLabel> = {}): CustomLabel => ({ name, keywords: [], examples: [], ...more })

describe('classify by examples', () => {
  const encoder = createFakeEncoder()
  const labels = [
    label('delivery', { examples: ['where is my parcel', 'when does the parcel arrive', 'my parcel has not arrived'] }),
    label('billing', { description: 'the bill is wrong', examples: ['there is a mistake in the bill'] }),
  ]
  const run = (text: string, context = {}) => classify.run({ document: textDocument(text), labels }, { encoder, ...context })

  it('names the label whose examples are most like the text, without training', async () => {
    expect(await run('has my parcel arrived')).toMatchObject({ class: 'delivery', provider: 'embedded' })
    expect(await run('a mistake is in the bill')).toMatchObject({ class: 'billing' })
  })

  it('says none of these to what is like no example', async () => {
    expect(await run('sing about penguins')).toMatchObject({ class: 'none of these' })
  })

  it('lets a keyword decide between labels that are equally like', async () => {
    const alike = [label('a', { examples: ['please help me'], keywords: ['sepa'] }), label('b', { examples: ['please help me'] })]
    const { class: named, evidence } = await classify.run({ document: textDocument('please help me SEPA'), labels: alike }, { encoder })
    expect(named).toBe('a')
    expect(evidence[0]).toMatchObject({ term: 'SEPA', span: { start: 15, end: 19 } })
  })

  it('shows a model the labels with their descriptions, keywords and examples', () => {
    const question = classifyQuestion({ document: textDocument('x'), labels: [...labels, label('other things', { keywords: ['misc'] })] })
    const { answer } = question
    const task = renderPrompt(question.task, question.variables ?? {})
    expect(task).toContain('exactly one of: delivery, billing, other things, none of these')
    expect(task).toContain('<untrusted origin="document example of delivery">\nwhere is my parcel\n</untrusted>')
    expect(task).toContain(
      'billing: the bill is wrong Examples:\n<untrusted origin="document example of billing">\nthere is a mistake in the bill',
    )
    expect(task).toContain('Keywords: misc.')
    expect(answer.safeParse({ class: 'none of these', confidence: 1, evidence: [] }).success).toBe(true)
    expect(answer.safeParse({ class: 'other', confidence: 1, evidence: [] }).success).toBe(false)
  })
})
