import { Handle, type NodeProps, Position } from '@xyflow/react'
import { classNames } from '../components/class-names'
import { StatusIcon } from '../components/status'
import { useTranslate } from '../i18n/language'
import type { StepFlowNode } from './flow'
import { KindIcon } from './kind-icon'

const FRAMES = {
  pending: 'border-line border-dashed',
  running: 'border-live',
  retrying: 'border-warn',
  waiting: 'border-warn',
  completed: 'border-line',
  failed: 'border-bad',
  skipped: 'border-line border-dashed opacity-70',
  cancelled: 'border-line opacity-70',
} as const

/**
 * One step of the graph: what it is, how it stands. A button where it has details to show; it asks for pointer events by name,
 * because the library switches them off for nodes that can be neither moved nor selected.
 */
export function StepNode({ data: { step, progress, onOpen } }: NodeProps<StepFlowNode>) {
  const t = useTranslate()
  const status = progress?.status ?? 'pending'
  const items =
    progress !== undefined && progress.total > 1 ? t.count('run.step.items', progress.total, { done: progress.done }) : undefined
  const look = classNames(
    'flex size-full items-center gap-2 rounded-lg border bg-surface px-2.5 text-left shadow-card',
    onOpen === undefined ? 'border-line' : FRAMES[status],
    onOpen !== undefined && 'nopan pointer-events-auto hover:bg-hover',
  )
  const content = (
    <>
      {onOpen === undefined ? <KindIcon kind={step.kind} /> : <StatusIcon status={status} />}
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm font-semibold">{step.name}</span>
        <span className="numeric block truncate text-xs text-ink-faint">{items ?? step.agent ?? step.kind}</span>
      </span>
    </>
  )
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} className="step-handle" />
      {onOpen === undefined ? (
        <div className={look}>{content}</div>
      ) : (
        <button
          type="button"
          className={look}
          aria-label={t('run.step.open', { name: step.name, status: t(`status.${status}`) })}
          onClick={() => onOpen(step)}
        >
          {content}
        </button>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} className="step-handle" />
    </>
  )
}
