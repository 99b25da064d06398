import { LoaderCircle, type LucideIcon, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useProblemText } from '../api/problem-text'
import { useTranslate } from '../i18n/language'
import { Button } from './button'

interface EmptyStateProps {
  icon: LucideIcon
  title: string
  text: string
  children?: ReactNode
}

/** Says that there is nothing and how something comes to be here. */
export function EmptyState({ icon: Icon, title, text, children }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-1.5 px-6 py-12 text-center">
      <span className="mb-2 rounded-full bg-sunken p-3 text-ink-faint">
        <Icon aria-hidden className="size-6" />
      </span>
      <p className="font-semibold">{title}</p>
      <p className="max-w-md text-ink-soft">{text}</p>
      {children}
    </div>
  )
}

/** Says what went wrong and offers to try again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useTranslate()
  const text = useProblemText()
  return (
    <div role="alert" className="flex flex-col items-center gap-1.5 px-6 py-12 text-center">
      <span className="mb-2 rounded-full bg-bad-soft p-3 text-bad">
        <TriangleAlert aria-hidden className="size-6" />
      </span>
      <p className="font-semibold">{t('error.title')}</p>
      <p className="max-w-md text-ink-soft">{text(error)}</p>
      {onRetry && (
        <Button className="mt-3" onClick={onRetry}>
          {t('app.retry')}
        </Button>
      )}
    </div>
  )
}

/** Holds the place while something loads. */
export function LoadingState({ label }: { label?: string }) {
  const t = useTranslate()
  return (
    <div role="status" className="flex items-center justify-center gap-2 px-6 py-12 text-ink-soft">
      <LoaderCircle aria-hidden className="size-5 animate-spin" />
      {label ?? t('app.loading')}
    </div>
  )
}
