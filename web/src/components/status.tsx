import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleX,
  Clock,
  Hand,
  HelpCircle,
  LoaderCircle,
  type LucideIcon,
  RotateCw,
  SkipForward,
} from 'lucide-react'
import type { ApprovalView, EffectView, RunStatus, StepStatus } from '../api/types'
import { useTranslate } from '../i18n/language'
import { Badge, type Tone } from './badge'
import { classNames } from './class-names'

export type Status = RunStatus | StepStatus | ApprovalView['status'] | EffectView['status']

/** One sign and one tone for each status, wherever it is shown. */
export const STATUS_LOOKS = {
  running: { icon: LoaderCircle, tone: 'live' },
  waiting: { icon: Hand, tone: 'warn' },
  completed: { icon: CircleCheck, tone: 'good' },
  failed: { icon: CircleX, tone: 'bad' },
  cancelled: { icon: Ban, tone: 'neutral' },
  pending: { icon: CircleDashed, tone: 'neutral' },
  retrying: { icon: RotateCw, tone: 'warn' },
  skipped: { icon: SkipForward, tone: 'neutral' },
  open: { icon: Hand, tone: 'warn' },
  approved: { icon: CircleCheck, tone: 'good' },
  rejected: { icon: CircleX, tone: 'bad' },
  expired: { icon: Clock, tone: 'neutral' },
  planned: { icon: CircleDashed, tone: 'neutral' },
  settled: { icon: CircleCheck, tone: 'good' },
  unknown: { icon: HelpCircle, tone: 'warn' },
} as const satisfies Record<Status, { icon: LucideIcon; tone: Tone }>

const ICON_TONES = { neutral: 'text-ink-faint', good: 'text-good', bad: 'text-bad', warn: 'text-warn', live: 'text-live' } as const

export function StatusIcon({ status, className }: { status: Status; className?: string }) {
  const { icon: Icon, tone } = STATUS_LOOKS[status]
  return <Icon aria-hidden className={classNames('size-4 shrink-0', ICON_TONES[tone], status === 'running' && 'animate-spin', className)} />
}

export function StatusBadge({ status }: { status: Status }) {
  const t = useTranslate()
  const { icon: Icon, tone } = STATUS_LOOKS[status]
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className={status === 'running' ? 'animate-spin' : undefined} />
      {t(`status.${status}`)}
    </Badge>
  )
}
