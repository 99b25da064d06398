import { describe, expect, it } from 'vitest'
import type { StepContext } from '../../workers/agents/agent'
import { createReportAgent } from '../../workers/agents/report'
import { fileKeys } from '../../workers/domain/documents'
import type { Ports } from '../../workers/domain/ports'
import type { ReportRecord } from '../../workers/domain/reports'
import { EXAMPLE_DOCUMENT } from '../../workers/reports/examples'
import { BRANDING } from '../reports/energy-report'
import { fontsOnDisk } from '../reports/fonts-on-disk'
import { pdfPages } from '../reports/pdf-pages'

const { write } = createReportAgent(fontsOnDisk).operations

/** The slice of ports that the agent uses, in memory. */
function memoryPorts() {
  const files = new Map<string, Uint8Array>()
  const rows = new Map<string, ReportRecord>()
  const ports: Pick<Ports, 'settings' | 'clock'> & {
    files: Pick<Ports['files'], 'put' | 'read'>
    reports: Pick<Ports['reports'], 'insert'>
  } = {
    settings: async () => ({ branding: BRANDING, locale: 'de', currency: 'EUR', timeZone: 'UTC' }),
    clock: { now: () => new Date('2026-11-21T08:00:00Z') },
    files: {
      put: async (key, body) => {
        if (!(body instanceof Uint8Array)) throw new Error('a report is written as bytes')
        files.set(key, body)
        return { size: body.byteLength }
      },
      read: async (key) => files.get(key),
    },
    reports: { insert: async (row) => void rows.set(row.id, rows.get(row.id) ?? row) },
  }
  return { files, rows, ports: ports as Ports }
}

const contextOf = (stepKey: string, signal = new AbortController().signal): StepContext => ({
  runId: 'run_1',
  stepKey,
  attempt: 1,
  signal,
  progress: () => {},
  charge: () => {},
  provenance: () => {},
  effects: {
    begin: async () => Promise.reject(new Error('writing a report has no effects')),
    settle: async () => {},
    fail: async () => {},
    unknown: async () => {},
  },
})

const run = (input: unknown, stepKey: string, ports: Ports, signal?: AbortSignal) =>
  write!.run(write!.input.parse(input), contextOf(stepKey, signal), ports)
const INPUT = { template: 'document-report', data: { documents: [EXAMPLE_DOCUMENT] } }

describe('report.write', () => {
  it('stores a PDF and an XLSX unless told otherwise, and lists the report', async () => {
    const { files, rows, ports } = memoryPorts()
    const output = write!.output.parse(await run(INPUT, 'report', ports)) as {
      reportId: string
      title: string
      files: { key: string; size: number }[]
    }
    expect(output.reportId).toMatch(/^rep_[0-9a-f]{32}$/)
    expect(output.files.map((file) => file.key)).toEqual([
      fileKeys.report(output.reportId, 'pdf'),
      fileKeys.report(output.reportId, 'xlsx'),
    ])
    for (const file of output.files) expect(files.get(file.key)?.byteLength).toBe(file.size)
    expect([...rows.values()]).toEqual([
      {
        ...{ id: output.reportId, runId: 'run_1', title: 'Dokumentenbericht', formats: ['pdf', 'xlsx'] },
        ...{ createdAt: '2026-11-21T08:00:00.000Z', bytes: output.files.reduce((sum, { size }) => sum + size, 0) },
      },
    ])
  })

  it('makes one report of a step however often it is done, and another of another step', async () => {
    const { files, rows, ports } = memoryPorts()
    const input = { ...INPUT, formats: ['csv', 'csv'] }
    await run(input, 'report', ports)
    await run(input, 'report', ports)
    expect([rows.size, files.size]).toEqual([1, 1])
    await run(input, 'other', ports)
    expect(rows.size).toBe(2)
  })

  it('holds citations against the stored documents, whatever status they came with', async () => {
    const { files, ports } = memoryPorts()
    const text = `Solar Müller GmbH${' '.repeat(200)}2026-0042`
    files.set(fileKeys.parsed('doc_example'), new TextEncoder().encode(JSON.stringify({ pages: [{ number: 1, text }] })))
    const { reportId } = write!.output.parse(await run(INPUT, 'report', ports)) as { reportId: string }
    const pages = (await pdfPages(files.get(fileKeys.report(reportId, 'pdf'))!)).join('\n')
    expect(pages).toContain('Enthält 1 Aussage ohne geprüfte Quelle.')
    expect(pages).toMatch(/\[1\]\s*invoice[^[]*”\s*geprüft/)
    expect(pages).toMatch(/\[2\]\s*invoice[^[]*”\s*berichtigt/)
    expect(pages).toMatch(/\[3\]\s*invoice[^[]*”\s*ungeprüft/)
  })

  it('marks a figure that its source does not state, and refuses the report where that is the policy', async () => {
    const { files, rows, ports } = memoryPorts()
    const citations = [{ label: 'a.pdf, page 1', span: { page: 1, start: 0, end: 20, quote: 'Total 1.190,00 € due' }, status: 'verified' }]
    const reportOf = (text: string) => ({
      template: 'blocks',
      formats: ['html'],
      data: { title: 'R', blocks: [{ kind: 'text', text, cite: [0] }], citations },
    })
    const html = async (text: string, step: string) => {
      const { reportId } = write!.output.parse(await run(reportOf(text), step, ports)) as { reportId: string }
      return new TextDecoder().decode(files.get(fileKeys.report(reportId, 'html')))
    }
    expect(await html('The total is EUR 1,190.', 'right')).not.toContain('ohne geprüfte Quelle')
    expect(await html('The total is EUR 1,910.', 'wrong')).toContain('Enthält 1 Aussage ohne geprüfte Quelle')
    await run({ ...reportOf('The total is EUR 1,190.'), unverified: 'block' }, 'blocked-right', ports)
    const stored = rows.size
    await expect(run({ ...reportOf('The total is EUR 1,910.'), unverified: 'block' }, 'blocked', ports)).rejects.toMatchObject({
      code: 'invalid',
      reason: 'unverified',
      problems: [{ path: 'citations[0]' }],
    })
    expect(rows.size).toBe(stored)
  })

  it('marks and refuses a figure for which no source is named', async () => {
    const { files, rows, ports } = memoryPorts()
    const reportOf = (more: object) => ({
      template: 'blocks',
      formats: ['html'],
      data: { blocks: [{ kind: 'text', text: 'The total is 999.00 GBP.', ...more }] },
    })
    const { reportId } = write!.output.parse(await run(reportOf({}), 'bare', ports)) as { reportId: string }
    expect(new TextDecoder().decode(files.get(fileKeys.report(reportId, 'html')))).toContain('Enthält 1 Aussage ohne geprüfte Quelle')
    await expect(run({ ...reportOf({}), unverified: 'block' }, 'blocked', ports)).rejects.toMatchObject({
      reason: 'unverified',
      problems: [{ path: 'citations[0]', message: expect.stringContaining('999.00 GBP') }],
    })
    await run({ ...reportOf({ own: true }), unverified: 'block' }, 'own', ports)
    expect(rows.size).toBe(2)
  })

  it('takes a title, and refuses unknown templates and a lost lease', async () => {
    const { rows, ports } = memoryPorts()
    await run({ ...INPUT, title: ' Invoices of May ', formats: ['html'] }, 'titled', ports)
    expect([...rows.values()][0]?.title).toBe('Invoices of May')
    await expect(run({ ...INPUT, template: 'none' }, 'x', ports)).rejects.toMatchObject({ code: 'invalid' })
    await expect(run(INPUT, 'x', ports, AbortSignal.abort())).rejects.toMatchObject({ code: 'unavailable' })
    expect(rows.size).toBe(1)
  })

  it('writes its own example', async () => {
    const { ports } = memoryPorts()
    write!.output.parse(await run(write!.example, 'example', ports))
  })
})
