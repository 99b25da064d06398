import { X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useTranslate } from '../i18n/language'
import { Button } from './button'
import { StatusIcon } from './status'

interface Message {
  id: number
  tone: 'good' | 'bad'
  text: string
}

const GOOD_LASTS_MS = 5_000
let messages: Message[] = []
let nextId = 1
const listeners = new Set<() => void>()

function set(next: Message[]): void {
  messages = next
  for (const listener of listeners) listener()
}
const dismiss = (id: number): void => set(messages.filter((message) => message.id !== id))

/** Tells the person something in passing. Good news goes by itself; bad news stays until it is closed. */
export function toast(tone: Message['tone'], text: string): void {
  const id = nextId++
  set([...messages, { id, tone, text }])
  if (tone === 'good') setTimeout(() => dismiss(id), GOOD_LASTS_MS)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Where toasts appear; one on every page. Screen readers hear each as it comes. */
export function Toasts() {
  const t = useTranslate()
  const shown = useSyncExternalStore(subscribe, () => messages)
  return (
    <div aria-live="polite" role="status" className="pointer-events-none fixed inset-x-4 bottom-4 z-50 flex flex-col items-end gap-2">
      {shown.map((message) => (
        <div
          key={message.id}
          className="pointer-events-auto flex w-full max-w-sm items-start gap-2 rounded-lg border border-line bg-surface py-2 pr-1 pl-3 shadow-float"
        >
          <StatusIcon status={message.tone === 'good' ? 'completed' : 'failed'} className="mt-2" />
          <p className="min-w-0 flex-1 py-1.5">{message.text}</p>
          <Button variant="ghost" size="icon" label={t('app.close')} onClick={() => dismiss(message.id)}>
            <X aria-hidden />
          </Button>
        </div>
      ))}
    </div>
  )
}
