import * as z from 'zod'
import type { ReportBlock } from '../domain/reports'
import { createCitationList } from './citation-list'
import { classOf, type DocumentResult, DocumentResult as DocumentResultSchema } from './document-result'
import { EXAMPLE_DOCUMENT } from './examples'
import { labelsFor } from './labels'
import { formatsFor } from './render/formats'
import { citeIn, detailBlocks, type SectionContext } from './sections/document'
import { documentCharts, documentsTable, kpiTiles, overviewCharts } from './sections/overview'
import { summaryBlocks } from './sections/summary'
import { defineTemplate } from './template'
import { termFor } from './terms'

/** What runs found in one or more documents: figures, summary, fields with their places, positions, quality checks. */
export const documentReport = defineTemplate({
  name: 'document-report',
  summary: 'What was found in one or more documents, each figure with its source.',
  input: z.object({ documents: z.array(DocumentResultSchema) }),
  example: { documents: [EXAMPLE_DOCUMENT] },
  build: ({ documents }, { locale, currency, createdAt, title }) => {
    const labels = labelsFor(locale)
    const list = createCitationList(labels.page)
    const context: SectionContext = { locale, currency, labels, formats: formatsFor(locale), list }
    const [only, ...others] = documents
    const blocks = only && others.length === 0 ? oneDocument(only, context) : manyDocuments(documents, context)
    const subtitle = only && others.length === 0 ? only.document.name : labels.documents(documents.length)
    return { title: title ?? labels.documentReport, subtitle, locale, createdAt, blocks, citations: list.citations }
  },
})

function oneDocument(result: DocumentResult, context: SectionContext): ReportBlock[] {
  const summary = summaryBlocks(result.summary, citeIn(result.document, context.list))
  return [
    kpiTiles([result], context),
    ...(summary.length > 0 ? [heading(context.labels.summary), ...summary] : []),
    ...documentCharts(result, context),
    ...detailBlocks(result, context),
  ]
}

function manyDocuments(results: DocumentResult[], context: SectionContext): ReportBlock[] {
  if (results.length === 0) return [{ kind: 'text', text: context.labels.noDocuments }]
  return [
    kpiTiles(results, context),
    ...overviewCharts(results, context),
    heading(context.labels.overview),
    documentsTable(results, context),
    ...results.flatMap((result) => [
      heading(`${result.document.name} · ${termFor(classOf(result), context.locale)}`),
      ...summaryBlocks(result.summary, citeIn(result.document, context.list)),
      ...detailBlocks(result, context),
    ]),
  ]
}

const heading = (text: string): ReportBlock => ({ kind: 'heading', text, level: 2 })
