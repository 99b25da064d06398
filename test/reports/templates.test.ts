import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Report, type ReportBlock } from '../../workers/domain/reports'
import { buildReport, templates } from '../../workers/reports'
import { EXAMPLE_DOCUMENT } from '../../workers/reports/examples'

const CONTEXT = { locale: 'en', currency: 'EUR', timeZone: 'Europe/Berlin', createdAt: '2026-11-21T08:00:00Z' }
const tables = (report: Report) => report.blocks.filter((block) => block.kind === 'table')
const charts = (report: Report) => report.blocks.filter((block) => block.kind === 'chart')
const texts = (report: Report) => JSON.stringify(report.blocks satisfies ReportBlock[])

describe('the registry of templates', () => {
  it('names each template as the template itself does, with an example that builds a valid report', () => {
    for (const [name, template] of Object.entries(templates)) {
      expect(template.name).toBe(name)
      expect(template.summary).toMatch(/\.$/)
      for (const locale of ['en', 'de', 'pl']) Report.parse(buildReport(name, template.example, { ...CONTEXT, locale }))
    }
  })

  it('has a line for every file that defines one', () => {
    const folder = join(import.meta.dirname, '../../workers/reports')
    const names = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''))
    expect(Object.keys(templates).every((name) => names.includes(name))).toBe(true)
  })

  it('refuses an unknown template and data that do not fit, naming the fields', () => {
    expect(() => buildReport('toString', {}, CONTEXT)).toThrow(/use one of document-report, inbox-digest, blocks/)
    expect(() => buildReport('document-report', { documents: [{ document: { id: 'x' } }] }, CONTEXT)).toThrow(
      expect.objectContaining({ code: 'invalid', problems: [expect.objectContaining({ path: 'data.documents.0.document.name' })] }),
    )
  })
})

describe('document-report', () => {
  it('shows the fields of one document in the way of the locale, each with its source', () => {
    const report = buildReport('document-report', { documents: [EXAMPLE_DOCUMENT] }, { ...CONTEXT, locale: 'de' })
    expect(report).toMatchObject({ title: 'Dokumentenbericht', subtitle: 'invoice-2026-0042.pdf' })
    const [fields] = tables(report)
    expect(fields?.rows[2]).toEqual([
      { value: 'Bruttobetrag', tone: 'muted' },
      { value: '1.190,00\u00a0€', cite: [2], tone: 'strong' },
      'Seite 1',
      { value: 0.98 },
    ])
    expect(report.citations[2]).toMatchObject({ label: 'invoice-2026-0042.pdf, Seite 1', status: 'verified' })
  })

  it('adds up the positions to the cent and leaves out columns that none fills', () => {
    const lineItems = [{ description: 'a', amount: 0.1 }, { description: 'b', amount: 0.2 }, { description: 'c' }]
    const report = buildReport('document-report', { documents: [{ ...EXAMPLE_DOCUMENT, lineItems }] }, CONTEXT)
    const positions = tables(report).find((table) => table.title === 'Line items')
    expect(positions?.columns.map((column) => column.title)).toEqual(['Description', 'Amount'])
    expect(positions?.totals).toEqual(['Total', 0.3])
    expect(charts(report)[0]).toMatchObject({ chart: 'donut', labels: ['a', 'b'] })
  })

  it('compares several documents, and sums only amounts of one currency', () => {
    const dollars = {
      document: { id: 'd2', name: 'two.pdf' },
      classification: { label: 'receipt', confidence: 0.8 },
      fields: [{ name: 'totalGross', value: '$5', normalized: 5, currency: 'USD' }],
    }
    const mixed = buildReport('document-report', { documents: [EXAMPLE_DOCUMENT, dollars] }, CONTEXT)
    expect(tables(mixed)[0]?.columns.map((column) => column.title)).not.toContain('Total')
    expect(charts(mixed)[0]).toMatchObject({ chart: 'donut', labels: ['Invoice', 'Receipt'], series: [{ values: [1, 1] }] })
    const same = buildReport('document-report', { documents: [EXAMPLE_DOCUMENT, EXAMPLE_DOCUMENT] }, CONTEXT)
    expect(tables(same)[0]?.totals?.at(-1)).toBe(2380)
  })

  it('takes the answers of the analysis and quality operations as they are', () => {
    const span = { page: 2, start: 0, end: 3, quote: 'Due' }
    const document = {
      document: { id: 'doc_1', name: 'a.pdf' },
      fields: [{ name: 'dueDate', value: '5 Dec 2026', normalized: '2026-12-05', confidence: 0.9, span, source: 'label' }],
      missing: ['invoiceNumber'],
      summary: {
        summary: 'One. Two.',
        sentences: [
          { text: 'One.', spans: [span] },
          { text: 'Two.', spans: [] },
        ],
        provider: 'embedded',
      },
      entities: [{ type: 'organisation', text: 'Solar AG', normalized: 'solar', span, count: 2 }],
      tags: [{ tag: 'roof', score: 1 }],
      quality: {
        documentId: 'doc_1',
        score: 0.9,
        passed: true,
        checks: [{ name: 'iban_valid', passed: false, severity: 'warning', reason: 'None given.' }],
      },
    }
    const report = buildReport('document-report', { documents: [document] }, CONTEXT)
    expect(report.blocks).toContainEqual({ kind: 'text', text: 'One. Two.', cite: [0] })
    expect(report.blocks).toContainEqual({ kind: 'text', text: 'Not found: Invoice number.' })
    expect(report.citations).toEqual([{ label: 'a.pdf, page 2', status: 'unverified', span: { ...span, documentId: 'doc_1' } }])
    expect(texts(report)).toContain('! to be checked')
    expect(texts(report)).toContain('Organisations: Solar AG')
    expect(texts(report)).toContain('Tags: roof')
  })

  it('makes a report of a document of which nothing was found, and of no document', () => {
    const bare = buildReport(
      'document-report',
      { documents: [{ document: { id: 'd', name: 'empty.txt' }, classification: null, fields: null, quality: null }] },
      CONTEXT,
    )
    expect(bare.citations).toEqual([])
    expect(texts(buildReport('document-report', { documents: [] }, CONTEXT))).toContain('There were no documents.')
  })
})

describe('inbox-digest', () => {
  const mail = (receivedAt: string, more: object = {}) => ({ subject: 'Hello', from: 'a@x.example', receivedAt, ...more })

  it('counts by class and by hour of the tenant, and lists the mails in order', () => {
    const mails = [
      mail('2026-11-21T12:10:00Z', { class: 'invoice' }),
      mail('2026-11-21T07:59:00Z', { subject: '', class: 'order' }),
      mail('2026-11-21T12:40:00Z', { class: 'invoice', attachments: ['a.pdf'] }),
    ]
    const report = buildReport('inbox-digest', { date: '2026-11-21', mails }, CONTEXT)
    const [byClass, byHour] = charts(report)
    expect(byClass).toMatchObject({ labels: ['Invoice', 'Order'], series: [{ values: [2, 1] }] })
    expect(byHour).toMatchObject({ labels: ['08', '09', '10', '11', '12', '13'], series: [{ values: [1, 0, 0, 0, 0, 2] }] })
    expect(tables(report)[0]?.rows.map((row) => row[0])).toEqual(['08:59', '13:10', '13:40'])
    expect(texts(report)).toContain('(no subject)')
  })

  it('takes the answer of the digest operation as it is', () => {
    const mails = [
      { documentId: 'doc_1', ...mail('2026-11-21T12:10:00Z'), parsed: true, class: 'invoice', summary: 'An invoice.', tags: ['solar'] },
      { documentId: 'doc_2', ...mail('2026-11-21T12:20:00Z'), from: '', parsed: false, class: 'other', summary: 'Not read.', tags: [] },
    ]
    const data = {
      date: '2026-11-21',
      timeZone: 'Asia/Tokyo',
      mails,
      counts: { total: 2, parsed: 1, unparsed: 1, byClass: { invoice: 1 } },
      truncated: true,
    }
    const report = buildReport('inbox-digest', data, CONTEXT)
    expect(tables(report)[0]?.rows.map((row) => [row[0], row[1], row[3], row[4]])).toEqual([
      ['21:10', 'a@x.example', 'Invoice', 'solar'],
      ['21:20', '–', { value: 'not read yet', tone: 'muted' }, ''],
    ])
    expect(texts(report)).toContain('An invoice.')
    expect(texts(report)).not.toContain('Not read.')
    expect(texts(report)).toContain('more mail than is listed')
  })

  it('says so on a day without mail', () => {
    expect(texts(buildReport('inbox-digest', { date: '2026-11-21', mails: [] }, { ...CONTEXT, locale: 'de' }))).toContain(
      'An diesem Tag kam keine Nachricht.',
    )
  })
})
