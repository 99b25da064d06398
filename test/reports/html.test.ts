import { describe, expect, it } from 'vitest'
import type { Report } from '../../workers/domain/reports'
import { renderHtml } from '../../workers/reports/render/html'
import { BRANDING, energyReport } from './energy-report'
import { PIXEL_PNG } from './pixel'

const htmlOf = (report: Report, branding = BRANDING) => new TextDecoder().decode(renderHtml(report, branding))

const ATTACK = `"><script>alert(1)</script><img src=x onerror='alert(1)'>&`

describe('renderHtml', () => {
  it('escapes every text wherever it stands', () => {
    const html = htmlOf(
      {
        title: ATTACK,
        subtitle: ATTACK,
        locale: 'en',
        createdAt: '2026-11-21T08:00:00Z',
        citations: [{ label: ATTACK, status: 'repaired', span: { page: 1, start: 0, end: 1, quote: ATTACK } }],
        blocks: [
          { kind: 'heading', text: ATTACK, level: 1 },
          { kind: 'text', text: ATTACK, cite: [0] },
          { kind: 'list', items: [{ text: ATTACK }] },
          { kind: 'kpis', tiles: [{ label: ATTACK, value: ATTACK, change: ATTACK }] },
          {
            kind: 'table',
            title: ATTACK,
            columns: [{ title: ATTACK, kind: 'text' }],
            rows: [[ATTACK], [{ value: ATTACK, cite: [0] }]],
            totals: [ATTACK],
          },
          {
            kind: 'chart',
            chart: 'bar',
            title: ATTACK,
            unit: ATTACK,
            labels: [ATTACK],
            series: [
              { name: ATTACK, values: [1] },
              { name: ATTACK, values: [2] },
            ],
          },
          { kind: 'chart', chart: 'donut', title: ATTACK, labels: [ATTACK], series: [{ name: ATTACK, values: [1] }] },
          { kind: 'image', data: PIXEL_PNG, alt: ATTACK, caption: ATTACK },
        ],
      },
      { ...BRANDING, name: ATTACK, footer: ATTACK, logo: PIXEL_PNG },
    )
    expect(html).not.toMatch(/<script|<img src=x|onerror='/)
    expect(html.split('&lt;script&gt;').length).toBeGreaterThan(20)
  })

  it('needs nothing from outside and forbids itself to fetch or run anything', () => {
    const html = htmlOf(energyReport(5))
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`)
    expect(html).not.toMatch(/(?:src|href)="(?!#|data:)/)
    expect(html).toContain('prefers-color-scheme:dark')
  })

  it('tells programs for the blind its language, headers and the values of charts', () => {
    const html = htmlOf(energyReport(5))
    expect(html).toContain('<html lang="de">')
    expect(html).toContain('<th scope="col" class="right">Amount</th>')
    expect(html).toMatch(/<svg [^>]*role="img" aria-label="Production per month \(MWh\)"/)
    expect(html).toContain('<th scope="row">Jan</th><td>22</td>')
    expect(html).toContain('<a href="#source-2">[2]</a>')
    expect(html).toContain('<li id="source-2">inverter-log.csv')
  })

  it('writes numbers in the locale and right-to-left text as it is', () => {
    const html = htmlOf({ ...energyReport(3), blocks: [...energyReport(3).blocks, { kind: 'text', text: 'שלום 👋' }] })
    expect(html).toContain('4.039,37\u00a0€')
    expect(html).toContain('שלום 👋')
  })
})
