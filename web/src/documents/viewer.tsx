import { useQuery } from '@tanstack/react-query'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useEffect, useState } from 'react'
import { documentQuery, parsedQuery } from '../api/documents'
import type { DocumentRecord, Page, ParsedDocument, Span } from '../api/types'
import { Badge } from '../components/badge'
import { Button } from '../components/button'
import { Segmented } from '../components/segmented'
import { ErrorState, LoadingState } from '../components/states'
import { useTranslate } from '../i18n/language'
import { OriginalPage } from './original-page'
import { TextPage } from './text-page'

interface ViewerProps {
  documentId: string
  /** Places to show; choosing others turns to the page of the first. */
  spans: Span[]
}

/** A document page by page: its picture where there is one, else its text, with places highlighted. */
export function Viewer({ documentId, spans }: ViewerProps) {
  const t = useTranslate()
  const document = useQuery(documentQuery(documentId))
  const parsed = useQuery(parsedQuery(documentId))
  if (document.isPending || parsed.isPending) return <LoadingState />
  if (document.isError) return <ErrorState error={document.error} onRetry={() => void document.refetch()} />
  if (parsed.isError) return <ErrorState error={parsed.error} onRetry={() => void parsed.refetch()} />
  if (parsed.data === null || parsed.data.pages.length === 0)
    return <p className="p-6 text-center text-ink-soft">{t('documents.notParsed')}</p>
  return <Pages document={document.data} parsed={parsed.data} spans={spans} />
}

const MODES = ['original', 'text'] as const

function Pages({ document, parsed, spans }: { document: DocumentRecord; parsed: ParsedDocument; spans: Span[] }) {
  const t = useTranslate()
  const pictured = hasPicture(document.mediaType)
  const [mode, setMode] = useState<(typeof MODES)[number]>(pictured ? 'original' : 'text')
  const [number, setNumber] = useState(spans[0]?.page ?? 1)
  useEffect(() => {
    if (spans[0] !== undefined) setNumber(spans[0].page)
  }, [spans])
  const page = parsed.pages.find((candidate) => candidate.number === number) ?? parsed.pages[0]
  if (page === undefined) return null
  const here = spans.filter((span) => span.page === page.number)
  return (
    <div>
      <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line px-2 py-1.5">
        <PageTurner page={page} count={parsed.pages.length} onTurn={setNumber} />
        <div className="flex items-center gap-2">
          {page.source === 'ocr' && <Badge>{t('viewer.ocr')}</Badge>}
          {pictured && (
            <Segmented
              label={t('viewer.mode')}
              value={mode}
              onChange={setMode}
              options={MODES.map((value) => ({ value, label: t(`viewer.${value}`) }))}
            />
          )}
        </div>
      </div>
      <p aria-live="polite" className="sr-only">
        {here[0] !== undefined && t('viewer.highlighted', { page: page.number, quote: here[0].quote })}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <section aria-label={t('viewer.title')} tabIndex={0} className="max-h-[80vh] overflow-auto -outline-offset-2">
        {mode === 'original' ? <OriginalPage document={document} page={page} spans={here} /> : <TextPage page={page} spans={here} />}
      </section>
    </div>
  )
}

const hasPicture = (mediaType: string): boolean => mediaType === 'application/pdf' || /^image\/(png|jpeg|webp|gif)$/.test(mediaType)

function PageTurner({ page, count, onTurn }: { page: Page; count: number; onTurn: (page: number) => void }) {
  const t = useTranslate()
  return (
    <div className="flex items-center gap-1">
      <Button variant="ghost" size="icon" label={t('viewer.previous')} disabled={page.number <= 1} onClick={() => onTurn(page.number - 1)}>
        <ChevronLeft aria-hidden />
      </Button>
      <span className="numeric text-xs text-ink-soft">{t('viewer.page', { page: page.number, count })}</span>
      <Button variant="ghost" size="icon" label={t('viewer.next')} disabled={page.number >= count} onClick={() => onTurn(page.number + 1)}>
        <ChevronRight aria-hidden />
      </Button>
    </div>
  )
}
