import { unzipSync } from 'fflate'
import { readXlsx } from 'hucre/xlsx'
import papa from 'papaparse'
import { getDocumentProxy } from 'unpdf'
import { expect, it } from 'vitest'
import type { Report } from '../../workers/domain/reports'
import { renderCsv } from '../../workers/reports/render/csv'
import { renderHtml } from '../../workers/reports/render/html'
import { renderPdf } from '../../workers/reports/render/pdf'
import { renderXlsx } from '../../workers/reports/render/xlsx'
import { NAUGHTY_STRINGS } from '../fuzz/naughty-strings'
import { BRANDING } from './energy-report'
import { fontsOnDisk } from './fonts-on-disk'
import { pdfPages } from './pdf-pages'

/** Every string as a cell, a paragraph, an item of a list, a heading's end, and a source. */
const report: Report = {
  title: '"><script>alert(1)</script>',
  subtitle: '',
  locale: 'en',
  createdAt: '2026-11-21T08:00:00Z',
  citations: NAUGHTY_STRINGS.map((label) => ({ label: label.slice(0, 200), status: 'verified' })),
  blocks: [
    ...NAUGHTY_STRINGS.map((text) => ({ kind: 'text' as const, text })),
    { kind: 'list', items: NAUGHTY_STRINGS.map((text) => ({ text })) },
    {
      kind: 'table',
      title: 'Strings',
      columns: [
        { title: 'Text', kind: 'text' },
        { title: 'End', kind: 'text' },
      ],
      rows: NAUGHTY_STRINGS.map((text) => [text, 'end']),
    },
  ],
}
/** Neither XML nor a font has them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/

it('a report as CSV holds every naughty string in its cell, and none is a formula', () => {
  const rows = papa.parse<string[]>(new TextDecoder().decode(renderCsv(report)).replace(/^\uFEFF/, '')).data
  const cells = rows.filter((row) => row[1] === 'end').map((row) => row[0])
  expect(cells).toHaveLength(NAUGHTY_STRINGS.length)
  for (const [at, text] of NAUGHTY_STRINGS.entries()) {
    expect([text, `'${text}`], JSON.stringify(text)).toContain(cells[at])
    expect(cells[at], JSON.stringify(text)).not.toMatch(/^\s*[=+\-@＝＋－＠]/)
  }
})

it('a report as XLSX holds every naughty string as text, and no formula, link or part from outside', async () => {
  const bytes = await renderXlsx(report, BRANDING)
  for (const [name, content] of Object.entries(unzipSync(bytes))) {
    const xml = new TextDecoder().decode(content)
    expect(xml, name).not.toMatch(/<f[ >/]|<hyperlink|TargetMode="External"/)
  }
  const { sheets } = await readXlsx(bytes)
  const cells = sheets
    .flatMap(({ rows }) => rows)
    .filter((row) => row[1] === 'end')
    .map((row) => row[0])
  const printable = (text: unknown) => String(text).replace(/\r\n?/g, '\n')
  for (const [at, text] of NAUGHTY_STRINGS.entries())
    if (!UNPRINTABLE.test(text)) expect(printable(cells[at]), JSON.stringify(text)).toBe(printable(text))
})

it('a report as HTML shows every naughty string as words', () => {
  const html = new TextDecoder().decode(renderHtml(report, BRANDING))
  // What is left without the tags of the page itself holds no other tag.
  const tags = new Set([...html.matchAll(/<\/?([a-z!][a-z0-9-]*)/gi)].map(([, name = '']) => name.toLowerCase()))
  for (const tag of ['script', 'iframe', 'img', 'svg/onload', 'textarea', 'object', 'form']) expect([...tags], tag).not.toContain(tag)
  expect(html).not.toMatch(/<[^>]*\son[a-z]+\s*=/i)
  expect(html).not.toMatch(/(?:href|src)\s*=\s*["']?\s*(?:javascript|http)/i)
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
})

it('a report as PDF takes every naughty string, and holds nothing that acts', { timeout: 120_000 }, async () => {
  const bytes = await renderPdf(report, BRANDING, fontsOnDisk)
  const document = await getDocumentProxy(bytes.slice())
  expect([await document.getJSActions(), await document.getOpenAction(), await document.getAttachments()]).toEqual([null, null, null])
  const annotations = await (await document.getPage(1)).getAnnotations()
  expect(annotations.filter((annotation: { url?: string; actions?: unknown }) => annotation.url ?? annotation.actions)).toEqual([])
  const text = (await pdfPages(bytes)).join('\n').replace(/\s+/g, '')
  for (const shown of ['<script>alert(1)</script>', '${{secrets.smtp}}', '=1+1', 'ÜnïcödéStraße']) expect(text).toContain(shown)
})
