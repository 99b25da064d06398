import { BYTE_ORDER_MARK, csvLine } from '../domain/csv'
import { readResults } from '../domain/evaluation-results'
import { batchesOf, type CaseResult, type EvaluationRecord } from '../domain/evaluations'
import type { Files } from '../domain/ports'

export const EXPORT_FORMATS = ['csv', 'json'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

interface Writer {
  mediaType: string
  head(evaluation: EvaluationRecord): string
  row(result: CaseResult, evaluation: EvaluationRecord, isFirst: boolean): string
  tail: string
}

const WRITERS = {
  csv: {
    mediaType: 'text/csv; charset=utf-8',
    head: ({ metrics }) =>
      BYTE_ORDER_MARK +
      csvLine([
        'id',
        'tags',
        'status',
        'error',
        ...metrics.map(({ name }) => name),
        'costMicroUsd',
        'latencyMs',
        'runId',
        'expected',
        'output',
      ]),
    row: (result, { metrics }) =>
      csvLine([
        result.id,
        result.tags.join(' '),
        result.status,
        result.error?.message ?? null,
        ...metrics.map(({ name }) => result.scores[name] ?? null),
        result.costMicroUsd,
        result.latencyMs,
        result.runId ?? null,
        textOf(result.expected),
        textOf(result.output),
      ]),
    tail: '',
  },
  json: {
    mediaType: 'application/json',
    head: (evaluation) => `{"evaluation":${JSON.stringify(evaluation)},"cases":[`,
    row: (result, _evaluation, isFirst) => `${isFirst ? '' : ','}\n${JSON.stringify(result)}`,
    tail: '\n]}\n',
  },
} as const satisfies Record<ExportFormat, Writer>

const textOf = (value: unknown): string | null => (value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value))

/** The results of an evaluation as a file, batch after batch, so that it is never whole in memory. */
export function exportResults(files: Pick<Files, 'read'>, evaluation: EvaluationRecord, format: ExportFormat): Response {
  const writer: Writer = WRITERS[format]
  const encoder = new TextEncoder()
  const batches = batchesOf(evaluation)
  let isFirst = true
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(writer.head(evaluation))),
    async pull(controller) {
      const batch = batches.shift()
      if (batch === undefined) {
        controller.enqueue(encoder.encode(writer.tail))
        controller.close()
        return
      }
      let text = ''
      for (const result of await readResults(files, evaluation.id, batch.from)) {
        text += writer.row(result, evaluation, isFirst)
        isFirst = false
      }
      controller.enqueue(encoder.encode(text))
    },
  })
  return new Response(body, {
    headers: { 'Content-Type': writer.mediaType, 'Content-Disposition': `attachment; filename="${evaluation.id}.${format}"` },
  })
}
