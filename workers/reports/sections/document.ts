import type { Span } from '../../domain/documents'
import type { Citation, ReportBlock } from '../../domain/reports'
import type { CitationList } from '../citation-list'
import type { DocumentResult, EntityResult, FieldResult, QualityResult } from '../document-result'
import type { Labels } from '../labels'
import type { Formats } from '../render/formats'
import { termFor } from '../terms'
import { fieldText } from './field-value'
import { lineItemsTable } from './line-items'
import { currencyOf } from './totals'

/** What the sections of one report are written with. */
export interface SectionContext {
  locale: string
  currency: string
  labels: Labels
  formats: Formats
  list: CitationList
}

/** Below this a reader should look for himself. */
const LOW_CONFIDENCE = 0.6

/** Marks a place in one document as a source; a place that names no document is in this one. */
type Cite = (span: Span | null | undefined, status?: Citation['status'] | null) => number[]

export const citeIn =
  (document: DocumentResult['document'], list: CitationList): Cite =>
  (span, status) =>
    list.cite(span && { ...span, documentId: span.documentId ?? document.id }, document.name, status)

/** All else that was found out about one document: fields, positions, checks, names. */
export function detailBlocks(result: DocumentResult, context: SectionContext): ReportBlock[] {
  const { fields, lineItems, missing, entities, tags, quality, document } = result
  const { labels, locale } = context
  const cite = citeIn(document, context.list)
  const notFound = (missing ?? []).map((name) => termFor(name, locale)).join(', ')
  return [
    ...unreadBlocks(result, labels),
    ...(fields?.length ? [fieldsTable(fields, cite, context)] : []),
    ...(notFound ? [{ kind: 'text', text: `${labels.notFound}: ${notFound}.` } satisfies ReportBlock] : []),
    ...(lineItems?.length ? [lineItemsTable(lineItems, currencyOf(result, context.currency), labels, cite)] : []),
    ...(quality?.checks.length ? [checksTable(quality, context)] : []),
    ...foundBlocks(entities ?? [], tags ?? [], cite, context),
  ]
}

/** A notice of what was not read; nothing where everything was. */
const unreadBlocks = ({ unread }: DocumentResult, labels: Labels): ReportBlock[] =>
  unread?.length
    ? [
        { kind: 'heading', text: labels.notReadCompletely, level: 3 },
        { kind: 'list', items: unread.map((text) => ({ text, cite: [] })) },
      ]
    : []

function fieldsTable(fields: FieldResult[], cite: Cite, { labels, locale, formats }: SectionContext): ReportBlock {
  return {
    kind: 'table',
    title: labels.fields,
    columns: [
      { title: labels.field, kind: 'text', weight: 3 },
      { title: labels.value, kind: 'text', weight: 6 },
      { title: labels.source, kind: 'text', weight: 2 },
      { title: labels.confidence, kind: 'percent', weight: 2 },
    ],
    rows: fields.map((field) => [
      { value: field.label ?? termFor(field.name, locale), tone: 'muted' },
      { value: fieldText(field, formats), cite: cite(field.span, field.status), tone: 'strong' },
      field.span ? labels.page(field.span.page) : null,
      { value: field.confidence ?? null, ...((field.confidence ?? 1) < LOW_CONFIDENCE && { tone: 'bad' }) },
    ]),
  }
}

function checksTable(quality: QualityResult, { labels, locale }: SectionContext): ReportBlock {
  return {
    kind: 'table',
    title: labels.checks,
    columns: [
      { title: labels.check, kind: 'text', weight: 3 },
      { title: labels.result, kind: 'text', weight: 2 },
      { title: labels.reason, kind: 'text', weight: 7 },
    ],
    rows: quality.checks.map(({ name, passed, severity, reason }) => [
      termFor(name, locale),
      passed
        ? { value: `✓ ${labels.passed}`, tone: 'good' }
        : severity === 'warning'
          ? { value: `! ${labels.warning}`, tone: 'strong' }
          : { value: `✗ ${labels.failed}`, tone: 'bad' },
      reason,
    ]),
  }
}

/** As many as one reads; the whole list is in the run's record. */
const MAX_NAMES = 12

function foundBlocks(entities: EntityResult[], tags: string[], cite: Cite, { labels, locale }: SectionContext): ReportBlock[] {
  const kinds = Map.groupBy(entities, (entity) => termFor(entity.kind ?? entity.type ?? 'other', locale))
  const items = [...kinds].map(([kind, members]) => {
    const names = new Map(members.map((entity) => [entity.text, entity]))
    const shown = [...names.values()].slice(0, MAX_NAMES)
    return {
      text: `${kind}: ${shown.map((entity) => entity.text).join(', ')}${names.size > MAX_NAMES ? ' …' : ''}`,
      cite: [...new Set(shown.slice(0, 3).flatMap((entity) => cite(entity.span)))],
    }
  })
  if (tags.length > 0) items.push({ text: `${labels.tags}: ${tags.join(', ')}`, cite: [] })
  return items.length === 0
    ? []
    : [
        { kind: 'heading', text: labels.namesFound, level: 3 },
        { kind: 'list', items },
      ]
}
