import { describe, expect, it } from 'vitest'
import { REPORT_FORMATS } from '../../workers/domain/reports'
import { renderReport } from '../../workers/reports/render'
import { BRANDING, energyReport } from './energy-report'

/** How a file of each format begins. */
const STARTS = { pdf: '%PDF-', xlsx: 'PK\u0003\u0004', csv: '\uFEFF', html: '<!doctype html>' } as const

describe('renderReport in workerd', () => {
  for (const format of REPORT_FORMATS) {
    it(`writes ${format} of three hundred rows with the bundled fonts`, async () => {
      const bytes = await renderReport(energyReport(300), BRANDING, format)
      expect(new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes.slice(0, 40))).toMatch(
        new RegExp(`^${STARTS[format]}`),
      )
      expect(bytes.byteLength).toBeGreaterThan(10_000)
    })
  }
})
