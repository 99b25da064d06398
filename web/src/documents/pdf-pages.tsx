import type { ReactNode } from 'react'
import { ErrorState, LoadingState } from '../components/states'
import { useTranslate } from '../i18n/language'
import { usePdf } from './pdf'
import { PdfCanvas } from './pdf-canvas'

interface PdfPageProps {
  bytes: Blob
  page: number
  label: string
  /** Drawn over the page. */
  overlay?: ReactNode
}

/** One page of a PDF. */
export function PdfPage({ bytes, page, label, overlay }: PdfPageProps) {
  const state = usePdf(bytes)
  if (state.kind === 'loading') return <LoadingState />
  if (state.kind === 'failed') return <ErrorState error={state.error} />
  return <PdfCanvas pdf={state.pdf} page={page} label={label} overlay={overlay} />
}

/** More pages than this are not drawn at once: a download serves better. */
const MAX_PAGES = 50

/** All pages of a PDF, one below the other. */
export function PdfPages({ bytes, name }: { bytes: Blob; name: string }) {
  const t = useTranslate()
  const state = usePdf(bytes)
  if (state.kind === 'loading') return <LoadingState />
  if (state.kind === 'failed') return <ErrorState error={state.error} />
  const numbers = Array.from({ length: Math.min(state.pdf.numPages, MAX_PAGES) }, (_, index) => index + 1)
  return (
    <div className="flex flex-col gap-px bg-line">
      {numbers.map((page) => (
        <PdfCanvas key={page} pdf={state.pdf} page={page} label={t('viewer.pageImage', { page, name })} />
      ))}
    </div>
  )
}
