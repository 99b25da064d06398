import { Link } from '@tanstack/react-router'
import { Hand } from 'lucide-react'
import { isTerminal } from '../api/runs'
import type { RunSummary } from '../api/types'
import { Badge } from '../components/badge'
import { StatusBadge } from '../components/status'
import { Table } from '../components/table'
import { useNow } from '../components/use-now'
import { useFormat, useTranslate } from '../i18n/language'

export function RunsTable({ runs }: { runs: RunSummary[] }) {
  const t = useTranslate()
  const format = useFormat()
  const now = useNow(true)
  return (
    <Table
      caption={t('runs.title')}
      rows={runs}
      rowKey={(run) => run.id}
      columns={[
        { title: t('runs.column.title'), grow: true, cell: (run) => <Subject run={run} /> },
        {
          title: t('runs.column.status'),
          cell: (run) => (run.openApprovals > 0 && !isTerminal(run.status) ? <NeedsApproval /> : <StatusBadge status={run.status} />),
        },
        {
          title: t('runs.column.workflow'),
          wide: true,
          cell: (run) => <span className="whitespace-nowrap text-ink-soft">{run.workflow}</span>,
        },
        {
          title: t('runs.column.started'),
          wide: true,
          align: 'right',
          cell: (run) => (
            <time dateTime={run.createdAt} title={format.dateTime(run.createdAt)} className="whitespace-nowrap text-ink-soft">
              {format.ago(run.createdAt, now)}
            </time>
          ),
        },
        {
          title: t('runs.column.duration'),
          wide: true,
          align: 'right',
          cell: (run) => <span className="whitespace-nowrap">{format.duration(runDuration(run, now))}</span>,
        },
        { title: t('runs.column.cost'), wide: true, align: 'right', cell: (run) => format.cost(run.costMicroUsd) },
      ]}
    />
  )
}

function NeedsApproval() {
  const t = useTranslate()
  return (
    <Badge tone="warn">
      <Hand aria-hidden />
      {t('runs.needsApproval')}
    </Badge>
  )
}

function Subject({ run }: { run: RunSummary }) {
  const t = useTranslate()
  return (
    <div className="min-w-28">
      <Link to="/runs/$runId" params={{ runId: run.id }} className="font-semibold hover:text-brand hover:underline">
        {run.title ?? t('runs.untitled', { id: run.id.slice(-8) })}
      </Link>
      {run.errorMessage !== undefined && <p className="line-clamp-2 text-xs text-bad">{run.errorMessage}</p>}
    </div>
  )
}

/** How long a run has gone on, or went on, milliseconds. */
export function runDuration(run: Pick<RunSummary, 'status' | 'createdAt' | 'updatedAt' | 'endedAt'>, now: number): number {
  const end = run.endedAt ?? (isTerminal(run.status) ? run.updatedAt : undefined)
  return (end === undefined ? now : Date.parse(end)) - Date.parse(run.createdAt)
}
