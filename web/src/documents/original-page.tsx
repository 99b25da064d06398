import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { contentQuery } from '../api/documents'
import type { DocumentRecord, Page, Span } from '../api/types'
import { ErrorState, LoadingState } from '../components/states'
import { useTranslate } from '../i18n/language'
import { PageOverlay } from './page-overlay'
import { PdfPage } from './pdf-pages'

interface OriginalPageProps {
  document: DocumentRecord
  page: Page
  spans: Span[]
}

/** The page as it came in: a PDF page or a picture. */
export function OriginalPage({ document, page, spans }: OriginalPageProps) {
  const t = useTranslate()
  const content = useQuery(contentQuery(document.id))
  if (content.isPending) return <LoadingState />
  if (content.isError) return <ErrorState error={content.error} onRetry={() => void content.refetch()} />
  const label = t('viewer.pageImage', { page: page.number, name: document.name })
  const overlay = <PageOverlay page={page} spans={spans} />
  if (document.mediaType === 'application/pdf') return <PdfPage bytes={content.data} page={page.number} label={label} overlay={overlay} />
  return (
    <div className="relative bg-white">
      <Picture bytes={content.data} label={label} />
      {overlay}
    </div>
  )
}

function Picture({ bytes, label }: { bytes: Blob; label: string }) {
  const [address, setAddress] = useState<string>()
  useEffect(() => {
    const made = URL.createObjectURL(bytes)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [bytes])
  return <img src={address} alt={label} className="block h-auto w-full" />
}
