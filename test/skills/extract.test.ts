import { describe, expect, it } from 'vitest'
import type { ParsedDocument } from '../../workers/domain/documents'
import { extractEmbedded } from '../../workers/skills/extract/embedded'
import { type FieldSchema, FieldSchema as Schema } from '../../workers/skills/extract/schema'
import { textDocument } from './corpus/pdf-pages'
import {
  CONTRACT,
  DUTCH_INVOICE,
  ENGLISH_INVOICE,
  FRENCH_INVOICE,
  GERMAN_INVOICE,
  ITALIAN_INVOICE,
  RECEIPT,
  SPANISH_INVOICE,
  UBL,
} from './fixtures'

const read = (text: string, options: { class?: string; schema?: FieldSchema } = {}) =>
  extractEmbedded({ document: textDocument(text), documentId: 'doc_1', ...options })
const values = (text: string, options = {}) => Object.fromEntries(read(text, options).fields.map((field) => [field.name, field.normalized]))

describe('invoice fields', () => {
  it('reads a German invoice', () => {
    expect(values(GERMAN_INVOICE)).toMatchObject({
      issuer: 'Muster Werkzeuge GmbH',
      customer: 'Erika Beispiel',
      invoiceNumber: '2024-0815',
      date: '2024-04-03',
      dueDate: '2024-04-17',
      currency: 'EUR',
      totalNet: 215,
      totalTax: 40.85,
      totalGross: 255.85,
      vatId: 'DE136695976',
      iban: 'DE89370400440532013000',
    })
  })

  it('reads values that stand below their labels', () => {
    expect(values(ENGLISH_INVOICE)).toMatchObject({
      issuer: 'Northwind Supplies Ltd',
      customer: 'Contoso Bakery',
      invoiceNumber: 'INV-90210',
      date: '2024-03-12',
      dueDate: '2024-04-11',
      currency: 'GBP',
      totalNet: 80,
      totalTax: 16,
      totalGross: 96,
    })
  })

  it.each([
    [
      'French',
      FRENCH_INVOICE,
      {
        issuer: 'Boulangerie Martin SARL',
        customer: 'Hôtel du Lac',
        invoiceNumber: 'F2024-118',
        date: '2024-02-05',
        dueDate: '2024-03-06',
        totalGross: 200.45,
      },
    ],
    [
      'Spanish',
      SPANISH_INVOICE,
      {
        issuer: 'Talleres Ibéricos S.L.',
        customer: 'Transportes Luna S.A.',
        invoiceNumber: 'A/2023-77',
        date: '2023-06-09',
        totalNet: 250,
        totalGross: 302.5,
      },
    ],
    [
      'Italian',
      ITALIAN_INVOICE,
      {
        issuer: 'Officine Riva S.r.l.',
        invoiceNumber: '45/2024',
        date: '2024-01-15',
        dueDate: '2024-02-14',
        totalNet: 1200,
        totalGross: 1464,
      },
    ],
    [
      'Dutch',
      DUTCH_INVOICE,
      {
        issuer: 'Fietsen De Vries B.V.',
        invoiceNumber: '20240033',
        date: '2024-03-03',
        dueDate: '2024-03-17',
        totalNet: 650,
        totalGross: 786.5,
      },
    ],
  ])('reads a %s invoice', (_, text, expected) => {
    expect(values(text, { class: 'invoice' })).toMatchObject(expected)
  })

  const TYPED = [
    'INVOICE',
    'From: Solarwerk Hamburg GmbH',
    'To: Nordlicht Energie GmbH',
    'Invoice no: SW-2026-117',
    'Date: 2026-11-22',
    'Due 2026-12-07',
    'Net 18,000.00 EUR',
    'VAT 19 % 3,420.00 EUR',
    'Total 21,420.00 EUR',
  ].join('\n')

  it('reads one that somebody typed: to whom, due when', () => {
    expect(values(TYPED, { class: 'invoice' })).toMatchObject({
      issuer: 'Solarwerk Hamburg GmbH',
      customer: 'Nordlicht Energie GmbH',
      date: '2026-11-22',
      dueDate: '2026-12-07',
      totalNet: 18_000,
      totalTax: 3_420,
      totalGross: 21_420,
    })
  })

  it('takes no term of payment for a net amount', () => {
    const terms = TYPED.replace('Net 18,000.00 EUR', 'Terms: net 30 days')
    expect(values(terms, { class: 'invoice' }).totalNet).toBeUndefined()
  })

  it('takes whom it is billed to before whom it is sent to', () => {
    expect(values(`${TYPED}\nBill to: Nordlicht Holding AG`, { class: 'invoice' })).toMatchObject({ customer: 'Nordlicht Holding AG' })
  })

  it('shows the sign of a currency for the currency, not the amount beside it', () => {
    const currency = read(TYPED, { class: 'invoice' }).fields.find(({ name }) => name === 'currency')
    expect(currency).toMatchObject({ normalized: 'EUR', span: { quote: 'EUR' } })
    const total = TYPED.indexOf('21,420.00 EUR')
    expect(currency?.span).toMatchObject({ start: total + '21,420.00 '.length, end: total + '21,420.00 EUR'.length })
  })

  it('gives spans that are exactly the text of the page', () => {
    for (const text of [GERMAN_INVOICE, ENGLISH_INVOICE, FRENCH_INVOICE, RECEIPT, CONTRACT]) {
      const spans = read(text)
        .fields.flatMap((field) => [field.span, ...(field.spans ?? [])])
        .filter((span) => span !== undefined)
      expect(spans.length).toBeGreaterThan(3)
      for (const span of spans) expect(text.slice(span.start, span.end)).toBe(span.quote)
    }
  })

  it('reads line items under a header of column titles', () => {
    expect(read(GERMAN_INVOICE).lineItems).toMatchObject([
      { description: 'Bohrmaschine', quantity: 2, unit: 'Stück', unitPrice: 100, amount: 200 },
      { description: 'Schraubensatz', quantity: 10, unitPrice: 1.5, amount: 15 },
    ])
  })

  it('trusts sums that add up more than a label', () => {
    const text = 'Acme Ltd\nInvoice No: 7\nNet amount  100.00\nVAT  20.00\nAmount  5.00\nTotal  120.00'
    expect(read(text, { class: 'invoice' }).fields.find((field) => field.name === 'totalGross')).toMatchObject({
      normalized: 120,
      confidence: expect.closeTo(0.97, 1),
    })
  })

  it('says what it did not find', () => {
    expect(read('Invoice\nThank you', { class: 'invoice' }).missing).toEqual(
      expect.arrayContaining(['invoiceNumber', 'totalGross', 'iban']),
    )
  })
})

describe('e-invoices', () => {
  const xmlFile = (text: string): ParsedDocument => ({ ...textDocument(text), format: 'xml' })

  it('reads UBL exactly', () => {
    const { fields, lineItems } = extractEmbedded({ document: xmlFile(UBL), documentId: 'doc_1' })
    expect(Object.fromEntries(fields.map((field) => [field.name, [field.normalized, field.source]]))).toMatchObject({
      issuer: ['Nordlicht Strom AG', 'xml'],
      invoiceNumber: ['UBL-7', 'xml'],
      totalGross: [119, 'xml'],
      dueDate: ['2024-05-31', 'xml'],
      vatId: ['DE136695976', 'xml'],
    })
    expect(lineItems).toMatchObject([{ description: 'Strom', quantity: 400, unit: 'KWH', unitPrice: 0.25, amount: 100 }])
  })

  it('prefers the embedded data to the page and points to where the page shows the same', () => {
    const document = {
      ...textDocument('Nordlicht Strom AG\nRechnung UBL-7 vom 01.05.2024\nGesamtbetrag  119,00 €'),
      embedded: [{ name: 'xrechnung.xml', mediaType: 'application/xml', size: UBL.length, document: xmlFile(UBL) }],
    }
    const gross = extractEmbedded({ document, documentId: 'doc_1' }).fields.find((field) => field.name === 'totalGross')
    expect(gross).toMatchObject({ normalized: 119, confidence: 1, source: 'xml', span: { quote: '119,00 €' } })
  })

  it('reads the same from the labelled lines that ingestion makes of XML', () => {
    const outline =
      'Invoice\n  ID: UBL-8\n  IssueDate: 2024-05-01\n  AccountingSupplierParty\n    Party\n      PartyName\n        Name: Nordlicht Strom AG\n  LegalMonetaryTotal\n    TaxInclusiveAmount: 119.00 EUR'
    const { fields } = extractEmbedded({ document: xmlFile(outline) })
    expect(Object.fromEntries(fields.map((field) => [field.name, field.normalized]))).toMatchObject({
      invoiceNumber: 'UBL-8',
      issuer: 'Nordlicht Strom AG',
      totalGross: 119,
    })
  })

  it('takes totals in the currency of the invoice, and what is still due', () => {
    const outline = [
      'CrossIndustryInvoice',
      '  ExchangedDocument',
      '    ID: 2024 17',
      '  SupplyChainTradeTransaction',
      '    IncludedSupplyChainTradeLineItem',
      '      AssociatedDocumentLineDocument',
      '        LineID: 1',
      '        IncludedNote',
      '          Content: Delivered on 3 May',
      '    ApplicableHeaderTradeAgreement',
      '      SellerTradeParty',
      '        Name: Fjord Fisk AS',
      '    ApplicableHeaderTradeSettlement',
      '      InvoiceCurrencyCode: EUR',
      '      SpecifiedTradeSettlementHeaderMonetarySummation',
      '        TaxTotalAmount: 213.75 NOK',
      '        TaxTotalAmount: 19.00 EUR',
      '        GrandTotalAmount: 119.00 EUR',
      '        DuePayableAmount: 69.00 EUR',
    ].join('\n')
    const { fields, lineItems } = extractEmbedded({ document: xmlFile(outline) })
    expect(Object.fromEntries(fields.map((field) => [field.name, field.normalized]))).toMatchObject({
      invoiceNumber: '2024 17',
      totalTax: 19,
      totalGross: 119,
      amountDue: 69,
    })
    expect(lineItems).toMatchObject([{ description: 'Delivered on 3 May' }])
  })

  it('does not expand entities', () => {
    const evil = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "boom">]>${UBL.replace('<?xml version="1.0"?>', '').replace('UBL-7', '&a;')}`
    expect(extractEmbedded({ document: xmlFile(evil), class: 'invoice' }).fields.every((field) => field.source !== 'xml')).toBe(true)
  })
})

describe('other classes', () => {
  it('reads a receipt, proving the total by what was paid and given back', () => {
    expect(values(RECEIPT)).toMatchObject({ issuer: 'CORNER CAFE SDN BHD', invoiceNumber: '004512', date: '2023-09-14', totalGross: 12.7 })
  })

  it('reads a contract from its sentences', () => {
    expect(values(CONTRACT)).toMatchObject({
      parties: ['Bluefin Robotics, Inc.', 'Harbor Analytics LLC'],
      effectiveDate: '2019-03-25',
      term: '2 years',
      governingLaw: 'New York',
      noticePeriod: '30 days',
    })
  })

  it('takes no line of a table for the title', () => {
    const text = 'order,customer,quantity\nSO-1,Stadtwerke,6\nDelivered by hand'
    const rows = text.split('\n', 2)
    const document = textDocument(text)
    document.tables.push({ page: 1, rows: rows.map((row) => row.split(',')), hasHeader: true })
    document.blocks = [{ kind: 'table', page: 1, start: 0, end: rows.join('\n').length, table: 0 }]
    expect(extractEmbedded({ document, class: 'spreadsheet' }).fields.find(({ name }) => name === 'title')).toMatchObject({
      normalized: 'Delivered by hand',
    })
  })

  it('reads a mail from its header', () => {
    const document = {
      ...textDocument('Hello'),
      format: 'eml' as const,
      metadata: { from: 'a@example.com', to: 'b@example.com', subject: 'Hi', date: '2024-01-02T03:04:05Z' },
    }
    expect(extractEmbedded({ document }).fields.map((field) => [field.name, field.normalized])).toEqual([
      ['from', 'a@example.com'],
      ['to', 'b@example.com'],
      ['subject', 'Hi'],
      ['date', '2024-01-02T03:04:05.000Z'],
    ])
  })
})

describe("the caller's schema", () => {
  it('finds fields by their names, titles and labels, and reads them by their type', () => {
    const text = 'Machine log\nSerial number: XK-2291\nOperating hours: 1,204\nLast service: 3 May 2023\nState: worn\nApproved: yes'
    const schema = Schema.parse({
      properties: {
        serialNumber: { type: 'string' },
        hours: { type: 'integer', 'x-labels': ['Operating hours'] },
        serviceDate: { type: 'string', format: 'date', title: 'Last service' },
        state: { enum: ['new', 'worn', 'broken'] },
        approved: { type: 'boolean' },
        colour: { type: 'string' },
      },
    })
    const result = read(text, { schema, class: 'other' })
    expect(Object.fromEntries(result.fields.map((field) => [field.name, field.normalized]))).toEqual({
      serialNumber: 'XK-2291',
      hours: 1204,
      serviceDate: '2023-05-03',
      state: 'worn',
      approved: true,
    })
    expect(result.missing).toEqual(['colour'])
  })

  it('gives known fields under the names that the caller uses', () => {
    const schema = Schema.parse({
      properties: { vendor: { type: 'string' }, invoice_number: { type: 'string' }, total: { type: 'number' } },
    })
    expect(values(GERMAN_INVOICE, { schema })).toEqual({ vendor: 'Muster Werkzeuge GmbH', invoice_number: '2024-0815', total: 255.85 })
  })
})
