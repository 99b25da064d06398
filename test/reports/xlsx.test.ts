import { unzipSync } from 'fflate'
import { readXlsx } from 'hucre/xlsx'
import { describe, expect, it } from 'vitest'
import type { Report } from '../../workers/domain/reports'
import { renderXlsx, sheetNames } from '../../workers/reports/render/xlsx'
import { BRANDING, energyReport } from './energy-report'
import { FORMULAS, formulaReport } from './formulas'

const read = async (report: Report) => readXlsx(await renderXlsx(report, BRANDING), { readStyles: true })

describe('renderXlsx', () => {
  it('writes an overview, a sheet for each table and the sources', async () => {
    const { sheets } = await read(energyReport(12))
    expect(sheets.map((sheet) => sheet.name)).toEqual(['Übersicht', 'Tabelle 1', 'Quellen'])
    expect(sheets[0]?.rows.flat()).toContain('Quarterly energy report')
    expect(sheets[0]?.rows.flat()).toContain('Enthält 1 Aussage ohne geprüfte Quelle. Vor Gebrauch prüfen.')
    expect(sheets[2]?.rows[2]).toEqual([2, 'inverter-log.csv', 1, 'berichtigt', 'ISO fault, site B'])
  })

  it('keeps numbers as numbers and dates as dates, with header, filter and totals', async () => {
    const sheet = (await read(energyReport(12))).sheets[1]!
    const [, first] = sheet.rows
    expect(first?.[3]).toEqual(new Date('2026-07-01T00:00:00Z'))
    expect(first?.slice(4)).toEqual([1, 120])
    expect(sheet.cells?.get('1,5')?.style?.numFmt).toBe('#,##0.00 "EUR"')
    expect(sheet.freezePane).toMatchObject({ rows: 1 })
    expect(sheet.autoFilter?.range).toBe('A1:F13')
    expect(sheet.rows).toHaveLength(14)
    expect(sheet.rows[13]?.[0]).toBe('Total')
  })

  it('stores what looks like a formula as text and never as a formula', async () => {
    const bytes = await renderXlsx(formulaReport, BRANDING)
    const parts = unzipSync(bytes)
    for (const [name, content] of Object.entries(parts))
      if (name.endsWith('.xml')) expect(new TextDecoder().decode(content)).not.toMatch(/<f[ >/]/)
    const sheet = (await readXlsx(bytes)).sheets[1]!
    expect(sheet.rows.slice(1).map((row) => row[0])).toEqual(FORMULAS)
  })

  it('takes an empty table, control characters and a table of two thousand rows', async () => {
    const { sheets } = await read({
      ...energyReport(2000),
      blocks: [
        ...energyReport(2000).blocks,
        { kind: 'table', columns: [], rows: [] },
        { kind: 'table', columns: [{ title: 'a\u0000b', kind: 'text' }], rows: [['x\u0001y\ud800']] },
      ],
    })
    expect(sheets[1]?.rows).toHaveLength(2002)
    expect(sheets[3]?.rows[1]?.[0]).toBe('xy\ufffd')
  })
})

describe('sheetNames', () => {
  it('gives names that Excel accepts, each once', () => {
    expect(sheetNames(['a/b:c', 'A b c', "'quoted'", '', 'x'.repeat(40), 'x'.repeat(50)])).toEqual([
      'a b c',
      'A b c (2)',
      'quoted',
      'Sheet 4',
      'x'.repeat(31),
      `${'x'.repeat(27)} (2)`,
    ])
  })
})
