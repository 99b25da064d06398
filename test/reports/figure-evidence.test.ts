import { describe, expect, it } from 'vitest'
import type { ReportBlock } from '../../workers/domain/reports'
import { buildReport } from '../../workers/reports'

const SPAN = { documentId: 'doc_1', page: 1, start: 0, end: 10, quote: '119.00 GBP' }
const build = (blocks: unknown[], citations: unknown[] = [{ label: 'invoice.txt, page 1', span: SPAN, status: 'verified' }]) =>
  buildReport('blocks', { blocks, citations }, { locale: 'en', currency: 'GBP', timeZone: 'UTC', createdAt: '2026-11-21T08:00:00.000Z' })
const columns = [{ title: 'What' }, { title: 'Amount', kind: 'number' }]

describe('a figure of a composed report', () => {
  it.each<[string, unknown]>([
    ['in a text', { kind: 'text', text: 'The total is 999.00 GBP.' }],
    ['in a list', { kind: 'list', items: [{ text: 'Total: 999.00 GBP' }] }],
    ['in a cell as a number', { kind: 'table', columns, rows: [['Total', 999]] }],
    ['in a cell as a text', { kind: 'table', columns, rows: [['Total of 999 GBP', null]] }],
    ['in the totals', { kind: 'table', columns, rows: [], totals: ['Total', { value: 999 }] }],
    ['in a tile', { kind: 'kpis', tiles: [{ label: 'Total', value: '999.00 GBP' }] }],
    ['in the change of a tile', { kind: 'kpis', tiles: [{ label: 'Total', value: 'less', change: '-12 %' }] }],
    ['with a cite that names nothing', { kind: 'text', text: 'The total is 999.00 GBP.', cite: [7] }],
  ])('%s without a source is unverified', (_, block) => {
    const { citations } = build([block])
    expect(citations.map(({ status }) => status)).toEqual(['verified', 'unverified'])
    expect(citations[1]?.label).toMatch(/^No source is named for /)
  })

  it.each<[string, unknown]>([
    ['that its author calls own', { kind: 'text', text: 'Our target is 100 days.', own: true }],
    ['in a tile called own', { kind: 'kpis', tiles: [{ label: 'Target', value: '100', own: true }] }],
    ['in a cell called own', { kind: 'table', columns, rows: [['Target', { value: 100, own: true }]] }],
    ['with a source', { kind: 'kpis', tiles: [{ label: 'Total', value: '119.00 GBP', cite: [0] }] }],
    ['that is none', { kind: 'text', text: 'All is paid.' }],
  ])('%s is left alone', (_, block) => {
    const report = build([block])
    expect(report.citations).toHaveLength(1)
    expect(report.blocks as unknown[]).toMatchObject([block])
  })

  it('is marked where it stands', () => {
    const { blocks } = build([{ kind: 'text', text: 'The total is 999.00 GBP.' }])
    expect(blocks).toMatchObject([{ cite: [1] } satisfies Partial<Extract<ReportBlock, { kind: 'text' }>>])
  })
})
