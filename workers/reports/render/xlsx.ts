import { type WriteSheet, writeXlsx } from 'hucre/xlsx'
import type { Branding, Citation, Report } from '../../domain/reports'
import { type TableBlock, tablesOf } from './cells'
import { formatsFor } from './formats'
import { type Words, wordsFor } from './words'
import { overviewSheet } from './xlsx/overview'
import { tableSheet } from './xlsx/sheet'

/** An overview, a sheet for each table, and the sources. No cell is ever a formula, whatever a text begins with. */
export async function renderXlsx(report: Report, branding: Branding): Promise<Uint8Array> {
  const words = wordsFor(report.locale)
  const tables = tablesOf(report)
  const [, ...names] = sheetNames([words.overview, ...tables.map((table, index) => table.title ?? words.table(index + 1)), words.sources])
  const sheets: WriteSheet[] = [
    overviewSheet(report, branding, names, formatsFor(report.locale), words),
    ...tables.map((table, index) => tableSheet(names[index] ?? words.table(index + 1), table)),
    ...(report.citations.length > 0 ? [tableSheet(names[tables.length] ?? words.sources, sourcesTable(report.citations, words))] : []),
  ]
  const createdAt = new Date(report.createdAt)
  return writeXlsx({
    sheets,
    properties: {
      title: report.title,
      subject: report.subtitle,
      creator: branding.name,
      company: branding.name,
      created: createdAt,
      modified: createdAt,
    },
  })
}

/** Names that Excel accepts: at most 31 characters, none of `[]:*?/\`, no apostrophe at an end, no two alike whatever their case. */
export function sheetNames(wanted: string[]): string[] {
  const taken = new Set<string>()
  return wanted.map((name, index) => {
    const clean =
      name
        .replace(/[[\]:*?/\\]|\p{Cc}/gu, ' ')
        .replace(/\s+/g, ' ')
        .trim()
        .replace(/^'+|'+$/g, '') || `Sheet ${index + 1}`
    const cut = (suffix: string) =>
      Array.from(clean.toWellFormed())
        .slice(0, 31 - suffix.length)
        .join('')
        .slice(0, 31 - suffix.length)
        .trim() + suffix
    let candidate = cut('')
    for (let number = 2; taken.has(candidate.toLowerCase()); number++) candidate = cut(` (${number})`)
    taken.add(candidate.toLowerCase())
    return candidate
  })
}

function sourcesTable(citations: Citation[], words: Words): TableBlock {
  return {
    kind: 'table',
    columns: [
      { title: '#', kind: 'number' },
      { title: words.source.label, kind: 'text' },
      { title: words.source.page, kind: 'number' },
      { title: words.source.status, kind: 'text' },
      { title: words.source.quote, kind: 'text' },
    ],
    rows: citations.map(({ label, span, status }, index) => [
      index + 1,
      label,
      span?.page ?? null,
      words.status[status],
      span?.quote ?? null,
    ]),
  }
}
