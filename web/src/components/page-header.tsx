import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslate } from '../i18n/language'

interface PageHeaderProps {
  title: string
  /** Beside the title: a badge or two. */
  badges?: ReactNode
  /** Below the title. */
  lead?: ReactNode
  actions?: ReactNode
}

/** A screen's heading. It names the browser's tab and takes the focus, so that a screen reader says where one has come to. */
export function PageHeader({ title, badges, lead, actions }: PageHeaderProps) {
  const t = useTranslate()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`
  }, [title, t])
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <header className="mb-4 flex flex-wrap items-start justify-between gap-3">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 ref={heading} tabIndex={-1} className="text-xl">
            {title}
          </h1>
          {badges}
        </div>
        {lead !== undefined && <div className="mt-1 text-ink-soft">{lead}</div>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  )
}
