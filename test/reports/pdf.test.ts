import { describe, expect, it } from 'vitest'
import type { Report, ReportBlock } from '../../workers/domain/reports'
import { renderPdf } from '../../workers/reports/render/pdf'
import { BRANDING, energyReport, invoiceTable } from './energy-report'
import { fontsOnDisk } from './fonts-on-disk'
import { pdfInfo, pdfLinks, pdfPages } from './pdf-pages'
import { PIXEL_PNG } from './pixel'

const reportOf = (blocks: ReportBlock[], more: Partial<Report> = {}): Report => ({
  title: 'Report',
  subtitle: '',
  locale: 'en',
  createdAt: '2026-11-21T08:00:00Z',
  citations: [],
  blocks,
  ...more,
})
const render = (report: Report, branding = BRANDING) => renderPdf(report, branding, fontsOnDisk)
const pagesOf = async (blocks: ReportBlock[], more: Partial<Report> = {}) => pdfPages(await render(reportOf(blocks, more)))

describe('a table in a PDF', () => {
  it('goes over pages with its header repeated, every row once, and the totals at the end', async () => {
    const pages = await pagesOf([invoiceTable(120)], { locale: 'de' })
    expect(pages.length).toBeGreaterThan(2)
    for (const page of pages) expect(page).toMatch(/No\. Customer Service Date Qty Amount/)
    const text = pages.join('\n')
    for (let row = 0; row < 120; row++) expect(text.split(`R-${1001 + row} `)).toHaveLength(2)
    expect(pages.at(-1)).toMatch(/Total\s+[\d.]+,\d\d €/)
    expect(pages.slice(0, -1).join()).not.toContain('Total')
  })

  it('writes two thousand rows', async () => {
    const pages = await pagesOf([invoiceTable(2000)])
    expect(pages.length).toBeGreaterThan(40)
    expect(pages.at(-1)).toContain('R-3000')
  })

  it('says so when it is empty', async () => {
    const [page] = await pagesOf([{ ...invoiceTable(0), totals: undefined }])
    expect(page).toContain('No rows.')
  })

  it('cuts a row that is taller than a page and loses none of it', async () => {
    const words = Array.from({ length: 3000 }, (_, index) => `word${index}`)
    const pages = await pagesOf([
      {
        kind: 'table',
        columns: [
          { title: 'Head', kind: 'text' },
          { title: 'Note', kind: 'text' },
        ],
        rows: [[words.join(' '), 'x']],
      },
    ])
    expect(pages.length).toBeGreaterThan(2)
    const text = pages.join(' ')
    for (const word of words) expect(text).toMatch(new RegExp(`\\b${word}\\b`))
  })

  it('takes a table whose texts have hundreds of thousands of words', async () => {
    const text = 'lorem ipsum '.repeat(1500)
    const rows = Array.from({ length: 100 }, () => [text])
    expect((await pagesOf([{ kind: 'table', columns: [{ title: 'Text', kind: 'text' }], rows }])).length).toBeGreaterThan(200)
  })

  it('shows many columns in runs that repeat the first one', async () => {
    const columns = Array.from({ length: 24 }, (_, index) => ({ title: `C${index + 1}`, kind: 'number' as const }))
    const text = (await pagesOf([{ kind: 'table', columns, rows: [columns.map((_, index) => index + 1000)] }])).join(' ')
    for (const { title } of columns) expect(text).toContain(title)
    expect(text).toContain('Columns 11–19 of 24')
    expect(text.split('1,000')).toHaveLength(4)
  })
})

describe('text in a PDF', () => {
  it('shows Latin, Greek and Cyrillic letters and a box for what the font lacks', async () => {
    const [page] = await pagesOf([{ kind: 'text', text: 'ü ż € Ж Ω ẞ ő | שלום | 漢字 | 👩‍👩‍👧 | مرحبا' }])
    expect(page).toContain('ü ż € Ж Ω ẞ ő')
    expect(page).toContain('□□□□ | □□ | □ |')
  })

  it('keeps a word that is wider than the page within it', async () => {
    const long = 'x'.repeat(900)
    const pages = await pagesOf([
      { kind: 'text', text: long },
      { kind: 'kpis', tiles: [{ label: long, value: long, change: long }] },
      { kind: 'heading', text: long, level: 2 },
    ])
    expect(pages[0]?.replace(/\s/g, '')).toContain(long)
  })

  it('takes control characters, lone surrogates and line breaks without harm', async () => {
    const [page] = await pagesOf([{ kind: 'text', text: 'one\u0000\u0007\ntwo\ud800 three\u202Efour' }])
    expect(page).toContain('one')
    expect(page).toMatch(/two□ threefour/)
  })
})

describe('the frame of a PDF', () => {
  it('names title, author, language, tenant, footer and page numbers', async () => {
    const bytes = await render(energyReport(60))
    const info = await pdfInfo(bytes)
    expect(info).toMatchObject({ Title: 'Quarterly energy report', Author: BRANDING.name, Language: 'de' })
    const pages = await pdfPages(bytes)
    for (const [index, page] of pages.entries()) {
      expect(page).toContain(`Seite ${index + 1} von ${pages.length}`)
      expect(page).toContain(BRANDING.footer)
    }
  })

  it('warns on every page of statements without a verified source, and only then', async () => {
    const report = energyReport(60)
    for (const page of await pdfPages(await render(report))) expect(page).toContain('ohne geprüfte Quelle')
    const proven = { ...report, citations: report.citations.map((citation) => ({ ...citation, status: 'verified' as const })) }
    for (const page of await pdfPages(await render(proven))) expect(page).not.toContain('ohne geprüfte Quelle')
  })

  it('numbers its sources with their status and leads every mark to its source', async () => {
    const bytes = await render(energyReport(60))
    const pages = await pdfPages(bytes)
    expect(pages[0]).toContain('[1]')
    expect(pages.at(-1)).toMatch(/\[2\]\s*inverter-log\.csv “ISO fault, site B”\s*berichtigt/)
    expect(await pdfLinks(bytes, 1)).toEqual([pages.length, pages.length, pages.length])
  })

  it('never leaves a heading alone at the end of a page', async () => {
    for (let lines = 20; lines < 60; lines += 1) {
      const blocks: ReportBlock[] = [
        { kind: 'list', items: Array.from({ length: lines }, () => ({ text: 'item' })) },
        { kind: 'heading', text: 'HEADING', level: 2 },
        { ...invoiceTable(3), title: 'TABLE' },
      ]
      const page = (await pagesOf(blocks)).find((text) => text.includes('HEADING'))
      expect(page).toContain('TABLE')
      expect(page).toContain('R-1001')
    }
  })

  it('carries a logo and images, and refuses what is no image by name', async () => {
    await render(reportOf([{ kind: 'image', data: PIXEL_PNG, alt: 'A dot', caption: 'Figure 1' }]), { ...BRANDING, logo: PIXEL_PNG })
    await expect(render(reportOf([{ kind: 'image', data: 'SGVsbG8=', alt: 'A dot' }]))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('image "A dot"'),
    })
    await expect(render(reportOf([]), { ...BRANDING, logo: PIXEL_PNG.slice(0, 40) })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('logo'),
    })
    await expect(render(reportOf([], { locale: 'not a locale' }))).rejects.toMatchObject({ code: 'invalid' })
  })

  it('draws charts of any shape: empty, one value, negative, missing, many', async () => {
    const chart = (kind: 'bar' | 'line' | 'donut', values: (number | null)[]): ReportBlock => ({
      kind: 'chart',
      chart: kind,
      title: kind,
      labels: values.map((_, index) => `L${index}`),
      series: [{ name: 's', values }],
    })
    const shapes = [[], [null], [0], [5], [-3, 4, null, -8], Array.from({ length: 400 }, (_, index) => index * 1e6)]
    const pages = await pagesOf(shapes.flatMap((values) => [chart('bar', values), chart('line', values), chart('donut', values)]))
    expect(pages.join(' ').split('No values to show.').length - 1).toBe(7)
    expect(pages.join(' ')).not.toContain('NaN')
  })
})
