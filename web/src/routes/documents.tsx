import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { FileText } from 'lucide-react'
import { documentsQuery } from '../api/documents'
import type { DocumentRecord } from '../api/types'
import { Card } from '../components/card'
import { LoadMore } from '../components/load-more'
import { PageHeader } from '../components/page-header'
import { EmptyState, ErrorState, LoadingState } from '../components/states'
import { Table } from '../components/table'
import { useFormat, useTranslate } from '../i18n/language'

export function DocumentsScreen() {
  const t = useTranslate()
  return (
    <>
      <PageHeader title={t('documents.title')} />
      <Card flush>
        <DocumentsList />
      </Card>
    </>
  )
}

function DocumentsList() {
  const t = useTranslate()
  const query = useInfiniteQuery(documentsQuery())
  if (query.isPending) return <LoadingState />
  if (query.isError && query.data === undefined) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  const documents = query.data.pages.flatMap((page) => page.items)
  if (documents.length === 0) return <EmptyState icon={FileText} title={t('documents.empty.title')} text={t('documents.empty.text')} />
  return (
    <>
      <DocumentsTable documents={documents} />
      <LoadMore query={query} />
    </>
  )
}

function DocumentsTable({ documents }: { documents: DocumentRecord[] }) {
  const t = useTranslate()
  const format = useFormat()
  return (
    <Table
      caption={t('documents.title')}
      rows={documents}
      rowKey={(document) => document.id}
      columns={[
        {
          title: t('documents.column.name'),
          grow: true,
          cell: (document) => (
            <Link
              to="/documents/$documentId"
              params={{ documentId: document.id }}
              className="font-semibold hover:text-brand hover:underline"
            >
              {document.name}
            </Link>
          ),
        },
        {
          title: t('documents.column.type'),
          wide: true,
          cell: (document) => <span className="whitespace-nowrap text-ink-soft">{shortType(document.mediaType)}</span>,
        },
        {
          title: t('documents.column.source'),
          wide: true,
          cell: (document) => <span className="text-ink-soft">{t(`documents.source.${document.source}`)}</span>,
        },
        {
          title: t('documents.column.size'),
          align: 'right',
          cell: (document) => <span className="whitespace-nowrap">{format.bytes(document.size)}</span>,
        },
        {
          title: t('documents.column.received'),
          align: 'right',
          wide: true,
          cell: (document) => <span className="whitespace-nowrap">{format.dateTime(document.createdAt)}</span>,
        },
      ]}
    />
  )
}

/** Names that people know, for media types that nobody can read. */
const KNOWN_TYPES: Record<string, string> = {
  'application/pdf': 'PDF',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'DOCX',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'XLSX',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'PPTX',
  'message/rfc822': 'EML',
}
const shortType = (mediaType: string): string =>
  KNOWN_TYPES[mediaType] ?? mediaType.replace(/^(application|text|image)\//, '').toUpperCase()
