import { Badge, type Tone } from '../components/badge'
import { classNames } from '../components/class-names'
import { useTranslate } from '../i18n/language'
import type { StreamState } from '../live/stream'

const TONES = { connecting: 'neutral', live: 'live', reconnecting: 'warn', closed: 'neutral' } as const satisfies Record<StreamState, Tone>

/** Whether what is shown is up to the second. */
export function LiveBadge({ state }: { state: StreamState }) {
  const t = useTranslate()
  return (
    <Badge tone={TONES[state]}>
      <span aria-hidden className={classNames('size-2 rounded-full bg-current', state === 'live' && 'animate-pulse')} />
      {t(`live.${state}`)}
    </Badge>
  )
}
