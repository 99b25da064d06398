import { type ReactNode, useId } from 'react'
import { classNames } from './class-names'

interface CardProps {
  title?: ReactNode
  /** Beside the title, at the right. */
  actions?: ReactNode
  /** Without padding, for tables and canvases that reach the edge. */
  flush?: boolean
  className?: string
  children: ReactNode
}

/** A region of a screen, named by its title. */
export function Card({ title, actions, flush = false, className, children }: CardProps) {
  const titleId = useId()
  return (
    <section
      aria-labelledby={title === undefined ? undefined : titleId}
      className={classNames('min-w-0 rounded-lg border border-line bg-surface shadow-card', className)}
    >
      {title !== undefined && (
        <header className="flex min-h-12 flex-wrap items-center justify-between gap-x-3 gap-y-1 border-b border-line px-4 py-2">
          <h2 id={titleId}>{title}</h2>
          {actions}
        </header>
      )}
      <div className={flush ? undefined : 'p-4'}>{children}</div>
    </section>
  )
}
