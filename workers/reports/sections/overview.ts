import type { ReportBlock } from '../../domain/reports'
import { classOf, type DocumentResult } from '../document-result'
import { termFor } from '../terms'
import type { SectionContext } from './document'
import { sumOf, totalOf } from './totals'

type Tile = Extract<ReportBlock, { kind: 'kpis' }>['tiles'][number]

const failedChecks = (results: DocumentResult[]): number =>
  results.flatMap((result) => result.quality?.checks ?? []).filter((check) => !check.passed).length

const QUALITY_GOOD = 0.8

/** The figures on top: what it is, what it is worth, how much was found, how good that is. */
export function kpiTiles(results: DocumentResult[], context: SectionContext): ReportBlock {
  const { labels, formats } = context
  const total = sumOf(results.flatMap((result) => totalOf(result, context.currency) ?? []))
  const fields = results.flatMap((result) => result.fields ?? [])
  const scores = results.flatMap((result) => result.quality?.score ?? [])
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
  const missing = results.flatMap((result) => result.missing ?? []).length
  const tiles: Tile[] = [
    firstTile(results, context),
    ...(total ? [{ label: labels.total, value: formats.money(total.value, total.currency) }] : []),
    {
      label: labels.fieldsFound,
      value: formats.number(fields.length),
      ...(missing > 0 && { change: labels.missing(missing), tone: 'bad' as const }),
    },
    ...(scores.length > 0
      ? [
          {
            label: labels.quality,
            value: formats.percent(mean),
            change: labels.checksFailed(failedChecks(results)),
            tone: failedChecks(results) === 0 ? ('good' as const) : ('bad' as const),
          },
        ]
      : []),
  ]
  return { kind: 'kpis', tiles }
}

function firstTile(results: DocumentResult[], { labels, formats, locale }: SectionContext): Tile {
  const [only, ...others] = results
  if (!only || others.length > 0) return { label: labels.documentsKpi, value: formats.number(results.length) }
  const confidence = only.classification?.confidence
  return {
    label: labels.class,
    value: termFor(classOf(only), locale),
    ...(typeof confidence === 'number' && { change: labels.certain(formats.percent(confidence)) }),
  }
}

/** One row a document, with what it is worth where all amounts are of one currency. */
export function documentsTable(results: DocumentResult[], context: SectionContext): ReportBlock {
  const { labels, locale } = context
  const totals = results.map((result) => totalOf(result, context.currency))
  const sum = sumOf(totals.filter((total) => total !== undefined))
  return {
    kind: 'table',
    columns: [
      { title: labels.document, kind: 'text' },
      { title: labels.class, kind: 'text' },
      { title: labels.confidence, kind: 'percent' },
      { title: labels.pages, kind: 'number' },
      { title: labels.quality, kind: 'percent' },
      ...(sum ? [{ title: labels.total, kind: 'money' as const, currency: sum.currency }] : []),
    ],
    rows: results.map((result, index) => [
      { value: result.document.name, tone: 'strong' },
      termFor(classOf(result), locale),
      result.classification?.confidence ?? null,
      result.document.pageCount ?? null,
      { value: result.quality?.score ?? null, ...((result.quality?.score ?? 1) < QUALITY_GOOD && { tone: 'bad' as const }) },
      ...(sum ? [totals[index]?.value ?? null] : []),
    ]),
    ...(sum && { totals: [labels.total, null, null, null, null, sum.value] }),
  }
}

interface Point {
  name: string
  value: number
}

/** Charts of several documents: shares of the classes, and what each is worth, or how good it is. */
export function overviewCharts(results: DocumentResult[], { labels, locale, currency }: SectionContext): ReportBlock[] {
  const byClass = [...Map.groupBy(results, (result) => termFor(classOf(result), locale))].map(([name, group]) => ({
    name,
    value: group.length,
  }))
  const worth = results.flatMap((result) => {
    const total = totalOf(result, currency)
    return total ? [{ name: result.document.name, ...total }] : []
  })
  const scored = results.flatMap((result) =>
    result.quality ? [{ name: result.document.name, value: percentOf(result.quality.score) }] : [],
  )
  const sum = sumOf(worth)
  return [
    ...chart('donut', labels.byClass, undefined, byClass),
    ...(sum && worth.length > 1
      ? chart('bar', labels.totalByDocument, sum.currency, worth)
      : chart('bar', labels.qualityByDocument, '%', scored)),
  ]
}

/** Charts of a single document: where its amount comes from, and how sure its fields are. */
export function documentCharts(result: DocumentResult, { labels, locale, currency }: SectionContext): ReportBlock[] {
  const items = (result.lineItems ?? []).flatMap(({ description, amount }) =>
    (amount ?? 0) > 0 ? [{ name: description, value: amount ?? 0 }] : [],
  )
  const fields = (result.fields ?? []).flatMap(({ label, name, confidence }) =>
    typeof confidence === 'number' ? [{ name: label ?? termFor(name, locale), value: percentOf(confidence) }] : [],
  )
  const unit = totalOf(result, currency)?.currency ?? currency
  return [...chart('donut', labels.amountByItem, unit, items), ...chart('bar', labels.confidenceByField, '%', fields)]
}

const percentOf = (share: number): number => Math.round(share * 100)

/** Nothing for a single value: there is nothing to compare. */
function chart(kind: 'bar' | 'donut', title: string, unit: string | undefined, points: Point[]): ReportBlock[] {
  if (points.length < 2) return []
  const series = [{ name: title, values: points.map((point) => point.value) }]
  return [{ kind: 'chart', chart: kind, title, ...(unit && { unit }), labels: points.map((point) => point.name), series }]
}
