import { X } from 'lucide-react'
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { useTranslate } from '../i18n/language'
import { Button } from './button'

interface DialogProps {
  title: string
  onClose: () => void
  /** Buttons at the foot. */
  actions?: ReactNode
  children: ReactNode
}

/** A modal dialog on the browser's own element: it keeps focus inside, closes on Escape, and gives focus back. Mount it to open it. */
export function Dialog({ title, onClose, actions, children }: DialogProps) {
  const t = useTranslate()
  const titleId = useId()
  const element = useRef<HTMLDialogElement>(null)
  // A layout effect: its clean-up runs while the element is still in the page, which giving focus back needs.
  useLayoutEffect(() => {
    const dialog = element.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={element}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      className="m-auto w-[min(40rem,calc(100vw-2rem))] rounded-xl border border-line bg-surface p-0 text-ink shadow-float"
    >
      <header className="flex items-center justify-between gap-3 border-b border-line py-2 pr-2 pl-5">
        <h2 id={titleId} className="text-base">
          {title}
        </h2>
        <Button variant="ghost" size="icon" label={t('app.close')} onClick={onClose}>
          <X aria-hidden />
        </Button>
      </header>
      <div className="max-h-[70vh] overflow-y-auto px-5 py-4">{children}</div>
      {actions !== undefined && <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{actions}</footer>}
    </dialog>
  )
}
