import type { ParsedDocument } from '../../domain/documents'
import { decide, type Evidence, score } from './evidence'
import { FEATURES } from './features'
import { classifyByWords } from './labels'
import type { ClassifyOutput, CustomLabel, DocumentClass } from './schema'

/** The score of `other`: with less evidence than this no class is named. */
const OTHER_SCORE = 2.2

/** What the format and the metadata say before any word is read. */
function structure(document: ParsedDocument): Partial<Record<DocumentClass, Evidence[]>> {
  const { format, metadata, pages } = document
  const bulk = Object.keys(metadata).some((key) => /^list-?(?:unsubscribe|id)$/i.test(key)) || metadata.precedence === 'bulk'
  const lines = pages.flatMap((page) => page.text.split('\n')).filter((line) => line.trim() !== '').length
  const tableRows = document.tables.reduce((sum, table) => sum + table.rows.length, 0)
  return {
    ...(format === 'eml' && { email: [{ term: 'mail format', weight: 6 }] }),
    ...(format === 'eml' && bulk && { newsletter: [{ term: 'mailing-list header', weight: 6 }] }),
    ...((format === 'csv' || format === 'xlsx') && { table: [{ term: `${format} format`, weight: 5 }] }),
    ...(format !== 'csv' &&
      format !== 'xlsx' &&
      tableRows > 8 &&
      tableRows > 0.8 * lines && { table: [{ term: 'mostly tables', weight: 3 }] }),
    ...(pages.length > 8 && {
      report: [{ term: `${pages.length} pages`, weight: 1 }],
      contract: [{ term: `${pages.length} pages`, weight: 0.4 }],
    }),
  }
}

/** The class of a document by words, phrases and structure in six languages, or the label of the caller that its words fit. */
export function classifyEmbedded(document: ParsedDocument, labels?: CustomLabel[]): ClassifyOutput {
  if (labels) return classifyByWords(document, labels)
  const extra = structure(document)
  const classes = Object.keys(FEATURES) as Exclude<DocumentClass, 'other'>[]
  return decide(
    classes.map((name) => score(document, name, FEATURES[name], extra[name] ?? [])),
    { class: 'other', score: OTHER_SCORE },
  )
}
