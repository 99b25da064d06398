import * as z from 'zod'
import { fileKeys } from '../domain/documents'
import { AppError } from '../domain/error'
import type { Ports } from '../domain/ports'
import { type Citation, REPORT_FORMATS, REPORT_MEDIA_TYPES, type Report } from '../domain/reports'
import { buildReport } from '../reports'
import { EXAMPLE_DOCUMENT } from '../reports/examples'
import { unprovenFigures, withProof } from '../reports/figure-proof'
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
  /** A figure or quote that its source does not state: `mark` writes a warning on every page, `block` refuses the report. */
  unverified: z.enum(['mark', 'block']).default('mark'),
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
        makes: { own: ['reportId', 'formats', 'files'] },
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
  const report: Report = await proven(built, ports.files)
  if (input.unverified === 'block') refuseUnverified(report)
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
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  await ports.reports.insert({ id: reportId, runId: context.runId, title: report.title, formats, createdAt, bytes })
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

/** The report with each citation held against the stored text of its document, and each cited figure against its citations. */
async function proven(report: Report, files: WritePorts['files']): Promise<Report> {
  const { citations, pages } = await verifyCitations(report.citations, files)
  const checked = { ...report, citations }
  return {
    ...checked,
    citations: withProof(
      citations,
      unprovenFigures(checked, (index) => pages.get(index)),
    ),
  }
}

function refuseUnverified({ citations }: Report): void {
  const open = citations.flatMap(({ status, label, span }, index) =>
    status === 'unverified' ? [{ index, label, quote: span?.quote ?? '' }] : [],
  )
  if (open.length === 0) return
  throw new AppError(
    'invalid',
    `The report was not written: ${open.length} of its sources do not bear out what it states. Correct them, or allow marked reports.`,
    {
      reason: 'unverified',
      problems: open.map(({ index, label, quote }) => ({
        path: `citations[${index}]`,
        message:
          quote === ''
            ? `${label}: name the place that states it.`
            : `${label}: “${quote.slice(0, 100)}” does not bear out what is stated.`,
      })),
    },
  )
}

/**
 * Holds each citation against the stored text of its document; one whose document is not stored keeps the status it came with.
 * `pages` holds the text of the pages that were found, by citation.
 */
async function verifyCitations(
  citations: Citation[],
  files: WritePorts['files'],
): Promise<{ citations: Citation[]; pages: Map<number, string> }> {
  const checked = [...citations]
  const texts = new Map<number, string>()
  const byDocument = Map.groupBy(citations.keys(), (index) => citations[index]?.span?.documentId)
  // One document at a time: a parsed document can be tens of megabytes.
  for (const [documentId, indexes] of byDocument) {
    const stored = documentId === undefined ? undefined : await files.read(fileKeys.parsed(documentId))
    if (!stored) continue
    const { pages } = StoredPages.parse(JSON.parse(new TextDecoder().decode(stored)))
    for (const index of indexes) {
      const citation = citations[index]
      if (!citation?.span) continue
      const proof = verifySpan(citation.span, pages)
      checked[index] = { ...citation, ...proof }
      const text = pages.find((page) => page.number === proof.span.page)?.text
      if (text !== undefined) texts.set(index, text)
    }
  }
  return { citations: checked, pages: texts }
}
