import { ScrollText } from 'lucide-react'
import { useState } from 'react'
import type { EventType, RunEvent } from '../api/types'
import { Button } from '../components/button'
import { classNames } from '../components/class-names'
import { JsonView } from '../components/code'
import { EmptyState } from '../components/states'
import { useFormat, useTranslate } from '../i18n/language'

/** So many events are drawn at first; the log of a long run would fill the page's memory. */
const WINDOW = 200

/** A run's events, newest first. */
export function EventLog({ events }: { events: RunEvent[] }) {
  const t = useTranslate()
  const [shown, setShown] = useState(WINDOW)
  if (events.length === 0) return <EmptyState icon={ScrollText} title={t('log.empty.title')} text={t('log.empty.text')} />
  const hidden = events.length - shown
  return (
    <>
      <ol aria-label={t('log.title')} reversed className="divide-y divide-line">
        {events
          .slice(Math.max(0, hidden))
          .toReversed()
          .map((event) => (
            <EventRow key={event.seq} event={event} />
          ))}
      </ol>
      {hidden > 0 && (
        <div className="flex justify-center border-t border-line p-3">
          <Button size="small" onClick={() => setShown(shown + WINDOW)}>
            {t('log.more', { count: Math.min(hidden, WINDOW) })}
          </Button>
        </div>
      )}
    </>
  )
}

function EventRow({ event }: { event: RunEvent }) {
  const t = useTranslate()
  const format = useFormat()
  const [open, setOpen] = useState(false)
  const message = eventMessage(event)
  return (
    <li className="px-4 py-1.5">
      <details onToggle={(toggled) => setOpen(toggled.currentTarget.open)}>
        <summary
          aria-label={`${format.clock(event.at)} ${t(`event.${event.type}`)} ${event.stepKey ?? ''} ${message}`}
          className="flex list-none flex-wrap items-baseline gap-x-3 gap-y-0.5 rounded"
        >
          <time dateTime={event.at} className="numeric text-xs text-ink-faint">
            {format.clock(event.at)}
          </time>
          <span className={classNames('font-semibold', eventTone(event.type))}>{t(`event.${event.type}`)}</span>
          {event.stepKey !== undefined && <code className="font-mono text-xs text-ink-soft">{event.stepKey}</code>}
          {message !== '' && <span className="min-w-0 text-ink-soft">{message}</span>}
        </summary>
        {open && (
          <div className="py-2">
            <JsonView label={t('log.details', { seq: event.seq })} value={event} />
          </div>
        )}
      </details>
    </li>
  )
}

/** The one sentence that an event's body tells, when it has one. */
function eventMessage({ body }: RunEvent): string {
  if (typeof body !== 'object' || body === null) return ''
  if ('message' in body && typeof body.message === 'string') return body.message
  if ('error' in body && typeof body.error === 'object' && body.error !== null && 'message' in body.error) return String(body.error.message)
  if ('comment' in body && typeof body.comment === 'string') return body.comment
  return ''
}

function eventTone(type: EventType): string | undefined {
  if (type.endsWith('.failed') || type.endsWith('.unknown')) return 'text-bad'
  if (type.endsWith('.completed') || type.endsWith('.settled')) return 'text-good'
  return type === 'step.progress' || type === 'step.scheduled' ? 'font-normal text-ink-soft' : undefined
}
