import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { FileChartColumn } from 'lucide-react'
import { runReportsQuery } from '../api/runs'
import { Card } from '../components/card'
import { useFormat, useTranslate } from '../i18n/language'
import { ReportDownloads } from '../reports/report-downloads'

/** The reports that a run has written; nothing while there are none. */
export function RunReports({ runId }: { runId: string }) {
  const t = useTranslate()
  const format = useFormat()
  const { data: reports = [] } = useQuery(runReportsQuery(runId))
  if (reports.length === 0) return null
  return (
    <Card title={t('reports.title')} flush>
      <ul className="divide-y divide-line">
        {reports.map((report) => (
          <li key={report.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
            <FileChartColumn aria-hidden className="size-5 text-brand" />
            <div className="min-w-40 flex-1">
              <Link
                to="/reports/$reportId"
                params={{ reportId: report.id }}
                aria-label={t('reports.open', { title: report.title })}
                className="font-semibold hover:text-brand hover:underline"
              >
                {report.title}
              </Link>
              <p className="text-xs text-ink-faint">{t('reports.created', { when: format.dateTime(report.createdAt) })}</p>
            </div>
            <ReportDownloads report={report} />
          </li>
        ))}
      </ul>
    </Card>
  )
}
