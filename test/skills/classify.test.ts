import { describe, expect, it } from 'vitest'
import { classifyEmbedded } from '../../workers/skills/classify/embedded'
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
    const labels = [
      { name: 'complaint', keywords: ['broken', 'refund'] },
      { name: 'praise', keywords: ['great', 'love'] },
    ]
    expect(classifyEmbedded(textDocument('It arrived broken, I want a refund.'), labels).class).toBe('complaint')
    expect(classifyEmbedded(textDocument('When do you open?'), labels).class).toBe('other')
  })
})
