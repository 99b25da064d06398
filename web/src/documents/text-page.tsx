import { useEffect, useRef } from 'react'
import type { Page, Span } from '../api/types'
import { useTranslate } from '../i18n/language'
import { markText } from './highlight'

/** A page's text with the highlighted places marked. */
export function TextPage({ page, spans }: { page: Page; spans: Span[] }) {
  const t = useTranslate()
  const first = useRef<HTMLElement>(null)
  const place = spans.map((span) => span.start).join(' ')
  useEffect(() => {
    if (place !== '') first.current?.scrollIntoView({ block: 'center', behavior: 'smooth' })
  }, [place])
  if (page.text.trim() === '') return <p className="p-6 text-center text-ink-soft">{t('viewer.emptyPage')}</p>
  const pieces = markText(page.text, spans)
  const firstMark = pieces.findIndex((piece) => piece.marked)
  return (
    <p className="p-4 font-mono text-xs leading-relaxed whitespace-pre-wrap">
      {pieces.map((piece, index) =>
        piece.marked ? (
          <mark key={piece.start} ref={index === firstMark ? first : undefined} data-highlight className="rounded-sm bg-mark text-ink">
            {piece.text}
          </mark>
        ) : (
          <span key={piece.start}>{piece.text}</span>
        ),
      )}
    </p>
  )
}
