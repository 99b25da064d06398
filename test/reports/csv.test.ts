import papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { renderCsv } from '../../workers/reports/render/csv'
import { energyReport, invoiceTable } from './energy-report'
import { FORMULAS, formulaReport } from './formulas'

const textOf = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
const rowsOf = (bytes: Uint8Array) => papa.parse<string[]>(textOf(bytes).replace(/^\uFEFF/, '')).data

describe('renderCsv', () => {
  it('begins with a byte order mark and holds every table with its title, header, rows and totals', () => {
    const report = { ...energyReport(3), blocks: [invoiceTable(3), { ...invoiceTable(2), title: 'Second' }] }
    expect(textOf(renderCsv(report))).toMatch(/^\uFEFFTabelle 1\r\nNo\.,Customer/)
    const rows = rowsOf(renderCsv(report))
    expect(rows[2]).toEqual([
      'R-1001',
      'Bäckerei Özdemir',
      'Inspection of the roof, replacement of two inverters and thermography of all strings',
      '2026-07-01',
      '1',
      '120',
    ])
    expect(rows[5]?.[0]).toBe('Total')
    expect(rows[7]).toEqual(['Second'])
  })

  it('disarms what looks like a formula, line breaks and full-width signs included, and leaves numbers alone', () => {
    const rows = rowsOf(renderCsv(formulaReport))
    expect(rows[0]).toEqual(["'=Table"])
    expect(rows[1]).toEqual(["'=Head", 'n'])
    expect(rows.slice(2, 2 + FORMULAS.length)).toEqual(FORMULAS.map((text) => [`'${text}`, '-5']))
  })

  it('is only the mark when there is no table', () => {
    expect(textOf(renderCsv({ ...energyReport(0), blocks: [] }))).toBe('\uFEFF')
  })
})
