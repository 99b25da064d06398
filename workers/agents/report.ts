import * as z from 'zod'
import { fileKeys } from '../domain/documents'
import { AppError } from '../domain/error'
import type { Ports } from '../domain/ports'
import { type Citation, REPORT_FORMATS, REPORT_MEDIA_TYPES, type Report } from '../domain/reports'
import { buildReport } from '../reports'
import { EXAMPLE_DOCUMENT } from '../reports/examples'
import { renderReport } from '../reports/render'
import { bundledFonts, type LoadFonts } from '../reports/render/fonts'
import { verifySpan } from '../reports/verification'
import { type Agent, defineAgent, defineOperation, type StepContext } from './agent'

const WriteInput = z.object({
  /** Name of a report template: `document-report`, `inbox-digest`, `blocks`. */
  template: z.string(),
  /** What the template asks for. */
  data: z.unknown(),
  formats: z.array(z.enum(REPORT_FORMATS)).min(1).default(['pdf', 'xlsx']),
  /** In place of the template's own title. */
  title: z.string().max(300).optional(),
})
type WriteInput = z.infer<typeof WriteInput>

const WriteOutput = z.object({
  reportId: z.string(),
  title: z.string(),
  formats: z.array(z.enum(REPORT_FORMATS)),
  files: z.array(z.object({ format: z.enum(REPORT_FORMATS), key: z.string(), size: z.int() })),
})

type WritePorts = Pick<Ports, 'settings' | 'files' | 'reports' | 'clock'>

/** The agent that writes reports, with the fonts that its PDFs embed. */
export const createReportAgent = (loadFonts: LoadFonts): Agent =>
  defineAgent({
    type: 'report',
    summary: 'Writes what a run has found as PDF, XLSX, CSV and HTML in the look of the tenant.',
    operations: {
      write: defineOperation({
        summary: 'Builds a report from a template, checks its citations against the documents, and stores it in each format.',
        input: WriteInput,
        output: WriteOutput,
        timeoutMs: 120_000,
        // A long PDF takes tens of megabytes while it is laid out.
        maxConcurrent: 2,
        example: { template: 'document-report', data: { documents: [EXAMPLE_DOCUMENT] }, formats: ['pdf', 'xlsx'] },
        run: (input, context, ports) => writeReport(input, context, ports, loadFonts),
      }),
    },
  })

export const report = createReportAgent(bundledFonts)

/** Doing it twice writes the same report again under the same id and keys. */
async function writeReport(
  input: WriteInput,
  context: StepContext,
  ports: WritePorts,
  loadFonts: LoadFonts,
): Promise<z.input<typeof WriteOutput>> {
  const { branding, locale, currency, timeZone } = await ports.settings()
  const createdAt = ports.clock.now().toISOString()
  const title = input.title?.trim()
  const built = buildReport(input.template, input.data, { locale, currency, timeZone, createdAt, ...(title && { title }) })
  const report: Report = { ...built, citations: await verifyCitations(built.citations, ports.files) }
  const reportId = await reportIdOf(context)
  const formats = [...new Set(input.formats)]
  const files: z.input<typeof WriteOutput>['files'] = []
  for (const format of formats) {
    if (context.signal.aborted) throw new AppError('unavailable', 'Writing the report was stopped before it was done: run the step again.')
    context.progress(`Writing ${format.toUpperCase()}`, files.length / formats.length)
    const bytes = await renderReport(report, branding, format, loadFonts)
    const key = fileKeys.report(reportId, format)
    await ports.files.put(key, bytes, REPORT_MEDIA_TYPES[format])
    files.push({ format, key, size: bytes.byteLength })
  }
  // Last, so that a report that is listed can always be opened.
  await ports.reports.insert({ id: reportId, runId: context.runId, title: report.title, formats, createdAt })
  return { reportId, title: report.title, formats, files }
}

/** The same for every delivery and attempt of a step, so that a repeated message makes no second report. */
async function reportIdOf({ runId, stepKey }: Pick<StepContext, 'runId' | 'stepKey'>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${runId}\n${stepKey}`))
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `rep_${hex.slice(0, 32)}`
}

/** What verification needs of a parsed document: its millions of text boxes are not checked again. */
const StoredPages = z.object({ pages: z.array(z.object({ number: z.int(), text: z.string() })) })

/** Holds each citation against the stored text of its document; one whose document is not stored keeps the status it came with. */
async function verifyCitations(citations: Citation[], files: WritePorts['files']): Promise<Citation[]> {
  const checked = [...citations]
  const byDocument = Map.groupBy(citations.keys(), (index) => citations[index]?.span?.documentId)
  // One document at a time: a parsed document can be tens of megabytes.
  for (const [documentId, indexes] of byDocument) {
    const stored = documentId === undefined ? undefined : await files.read(fileKeys.parsed(documentId))
    if (!stored) continue
    const { pages } = StoredPages.parse(JSON.parse(new TextDecoder().decode(stored)))
    for (const index of indexes) {
      const citation = citations[index]
      if (citation?.span) checked[index] = { ...citation, ...verifySpan(citation.span, pages) }
    }
  }
  return checked
}
