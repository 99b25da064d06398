import { AppError } from '../../workers/domain/error'
import type { Reports } from '../../workers/domain/ports'
import type { ReportRecord } from '../../workers/domain/reports'

/** Rows of reports in memory. */
export function createFakeReports(): Reports {
  const rows = new Map<string, ReportRecord>()
  return {
    insert: async (report) => {
      if (rows.has(report.id)) throw new AppError('conflict', 'A report with that id is stored already.')
      rows.set(report.id, { ...report })
    },
    find: async (id) => rows.get(id),
    listByRun: async (runId) =>
      [...rows.values()].filter((row) => row.runId === runId).sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)),
  }
}
