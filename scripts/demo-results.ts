import { writeFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import type { Client } from './client.ts'
import type { WatchedRun } from './demo-watch.ts'

interface Field {
  name: string
  value: unknown
  normalized?: unknown
  span?: { page: number }
}
interface Step {
  key: string
  operation?: string
  status: string
  output?: { class?: string; confidence?: number; fields?: Field[]; summary?: string }
}

export interface RunResult {
  file: string
  run: WatchedRun
  class: string
  fields: Field[]
  summary: string
}

/** What a run found out, read from its steps. */
export async function resultOf(client: Client, file: string, run: WatchedRun): Promise<RunResult> {
  const { items } = await client.get<{ items: Step[] }>(`/api/v1/runs/${run.id}/steps`)
  const outputs = (operation: string) =>
    items.filter((step) => step.operation === operation && step.status === 'completed').map((step) => step.output)
  const classified = outputs('classify')
  return {
    file,
    run,
    class: classified.map((output) => `${output?.class ?? '?'} ${Math.round((output?.confidence ?? 0) * 100)} %`).join(', '),
    fields: outputs('extract').flatMap((output) => output?.fields ?? []),
    summary: outputs('summarise')
      .map((output) => output?.summary ?? '')
      .join(' '),
  }
}

const MAX_FIELDS = 8
const WIDTHS = { file: 27, class: 20, fields: 52, summary: 60 }

/** Document, class, fields with page citations, summary. */
export function printTable(results: RunResult[]): void {
  console.log(row('document', 'class', 'fields (page)', 'summary'))
  console.log(row(...(Object.values(WIDTHS).map((width) => '─'.repeat(width)) as [string, string, string, string])))
  for (const result of results) {
    const fields = result.fields.filter((field) => field.value !== null && field.value !== '').slice(0, MAX_FIELDS)
    const columns = [
      wrap(result.file, WIDTHS.file),
      wrap(result.class || result.run.status, WIDTHS.class),
      fields.flatMap((field) =>
        wrap(`${field.name}: ${textOf(field)}${field.span === undefined ? '' : ` (p. ${field.span.page})`}`, WIDTHS.fields),
      ),
      wrap(result.run.status === 'failed' ? (result.run.error?.message ?? '') : result.summary, WIDTHS.summary).slice(0, MAX_FIELDS),
    ]
    for (let line = 0; line < Math.max(...columns.map((column) => column.length)); line += 1) {
      console.log(row(...(columns.map((column) => column[line] ?? '') as [string, string, string, string])))
    }
    console.log()
  }
}

const textOf = ({ normalized, value }: Field): string => {
  const shown = normalized ?? value
  return typeof shown === 'object' ? JSON.stringify(shown) : String(shown)
}

const row = (file: string, kind: string, fields: string, summary: string): string =>
  `${file.padEnd(WIDTHS.file)}  ${kind.padEnd(WIDTHS.class)}  ${fields.padEnd(WIDTHS.fields)}  ${summary}`.trimEnd()

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.replace(/\s+/g, ' ').split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word.slice(0, width) : `${line} ${word}`
  }
  return [...lines, line]
}

/** Saves every report as out/<document>.<format>. */
export async function saveReports(client: Client, results: RunResult[], folder: string): Promise<string[]> {
  const saved: string[] = []
  for (const { file, run } of results) {
    const { items } = await client.get<{ items: { id: string; formats: string[] }[] }>(`/api/v1/runs/${run.id}/reports`)
    for (const report of items) {
      for (const format of report.formats) {
        const path = join(folder, `${basename(file, extname(file))}.${format}`)
        writeFileSync(path, await client.bytes(`/api/v1/reports/${report.id}/${format}`))
        saved.push(path)
      }
    }
  }
  return saved
}
