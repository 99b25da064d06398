import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { contentQuery, documentQuery, parsedQuery } from '../api/documents'
import { useProblemText } from '../api/problem-text'
import type { DocumentRecord, Span } from '../api/types'
import { Button } from '../components/button'
import { Card } from '../components/card'
import { Facts } from '../components/facts'
import { PageHeader } from '../components/page-header'
import { saveFile } from '../components/save-file'
import { ErrorState, LoadingState } from '../components/states'
import { toast } from '../components/toast'
import { Viewer } from '../documents/viewer'
import { useFormat, useTranslate } from '../i18n/language'

const NO_SPANS: Span[] = []

export function DocumentScreen() {
  const { documentId } = useParams({ from: '/shell/documents/$documentId' })
  const query = useQuery(documentQuery(documentId))
  if (query.isPending) return <LoadingState />
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  return <Document document={query.data} />
}

function Document({ document }: { document: DocumentRecord }) {
  const t = useTranslate()
  return (
    <>
      <PageHeader title={document.name} actions={<DownloadButton document={document} />} />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Card flush title={t('viewer.title')}>
          <Viewer documentId={document.id} spans={NO_SPANS} />
        </Card>
        <Metadata document={document} />
      </div>
    </>
  )
}

function DownloadButton({ document }: { document: DocumentRecord }) {
  const t = useTranslate()
  const queries = useQueryClient()
  const problemText = useProblemText()
  const download = useMutation({
    mutationFn: async () => saveFile(await queries.fetchQuery(contentQuery(document.id)), document.name),
    onError: (error) => toast('bad', problemText(error)),
  })
  return (
    <Button disabled={download.isPending} onClick={() => download.mutate()}>
      <Download aria-hidden />
      {t('documents.download')}
    </Button>
  )
}

function Metadata({ document }: { document: DocumentRecord }) {
  const t = useTranslate()
  const format = useFormat()
  const parsed = useQuery(parsedQuery(document.id)).data
  return (
    <Card title={t('documents.metadata')}>
      <Facts
        facts={[
          { name: t('documents.column.type'), value: document.mediaType },
          { name: t('documents.column.size'), value: format.bytes(document.size) },
          { name: t('documents.column.source'), value: t(`documents.source.${document.source}`) },
          { name: t('documents.column.received'), value: format.dateTime(document.createdAt) },
          {
            name: t('documents.parent'),
            value: document.parentId && (
              <Link to="/documents/$documentId" params={{ documentId: document.parentId }} className="text-brand hover:underline">
                {document.parentId.slice(-8)}
              </Link>
            ),
          },
          ...Object.entries(parsed?.metadata ?? {}).map(([name, value]) => ({ name, value })),
        ]}
      />
      {parsed != null && parsed.warnings.length > 0 && (
        <div className="mt-4 rounded-md bg-warn-soft px-3 py-2 text-warn">
          <h3>{t('documents.warnings')}</h3>
          <ul className="mt-1 list-disc pl-5">
            {parsed.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </div>
      )}
    </Card>
  )
}
