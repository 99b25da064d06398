import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { reportBytesQuery, reportQuery } from '../api/reports'
import type { ReportRecord } from '../api/types'
import { buttonClass } from '../components/button'
import { Card } from '../components/card'
import { PageHeader } from '../components/page-header'
import { ErrorState, LoadingState } from '../components/states'
import { PdfPages } from '../documents/pdf-pages'
import { useFormat, useTranslate } from '../i18n/language'
import { ReportDownloads } from '../reports/report-downloads'

/** A written report: its PDF to read, every format to download. */
export function ReportScreen() {
  const { reportId } = useParams({ from: '/shell/reports/$reportId' })
  const query = useQuery(reportQuery(reportId))
  if (query.isPending) return <LoadingState />
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  return <Report report={query.data} />
}

function Report({ report }: { report: ReportRecord }) {
  const t = useTranslate()
  const format = useFormat()
  return (
    <>
      <PageHeader
        title={report.title}
        lead={t('reports.created', { when: format.dateTime(report.createdAt) })}
        actions={
          <>
            <Link to="/runs/$runId" params={{ runId: report.runId }} className={buttonClass({ size: 'small' })}>
              <ArrowLeft aria-hidden />
              {t('app.back')}
            </Link>
            <ReportDownloads report={report} />
          </>
        }
      />
      <Card flush className="mx-auto max-w-4xl">
        {report.formats.includes('pdf') ? (
          <ReportPdf report={report} />
        ) : (
          <p className="p-6 text-center text-ink-soft">{t('reports.none')}</p>
        )}
      </Card>
    </>
  )
}

function ReportPdf({ report }: { report: ReportRecord }) {
  const query = useQuery(reportBytesQuery(report.id, 'pdf'))
  if (query.isPending) return <LoadingState />
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  return <PdfPages bytes={query.data} name={report.title} />
}
