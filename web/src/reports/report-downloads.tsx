import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useProblemText } from '../api/problem-text'
import { reportBytesQuery } from '../api/reports'
import type { ReportFormat, ReportRecord } from '../api/types'
import { Button } from '../components/button'
import { saveFile } from '../components/save-file'
import { toast } from '../components/toast'
import { useTranslate } from '../i18n/language'

/** A button for each format that a report was written in. */
export function ReportDownloads({ report }: { report: ReportRecord }) {
  const t = useTranslate()
  const queries = useQueryClient()
  const problemText = useProblemText()
  const download = useMutation({
    mutationFn: async (format: ReportFormat) =>
      saveFile(await queries.fetchQuery(reportBytesQuery(report.id, format)), `${fileStem(report.title)}.${format}`),
    onError: (error) => toast('bad', problemText(error)),
  })
  return (
    <fieldset className="flex flex-wrap gap-1.5">
      <legend className="sr-only">{t('reports.formats')}</legend>
      {report.formats.map((format) => (
        <Button
          key={format}
          size="small"
          label={t('reports.download', { format: format.toUpperCase() })}
          disabled={download.isPending}
          onClick={() => download.mutate(format)}
        >
          <Download aria-hidden />
          {format.toUpperCase()}
        </Button>
      ))}
    </fieldset>
  )
}

const fileStem = (title: string): string => title.replace(/[^\p{L}\p{N} ._-]+/gu, ' ').trim() || 'report'
