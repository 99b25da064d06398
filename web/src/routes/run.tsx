import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { documentQuery } from '../api/documents'
import { runQuery } from '../api/runs'
import type { RunView } from '../api/types'
import { ApprovalCard } from '../approvals/approval-card'
import { useApprovalKeys } from '../approvals/use-approval-keys'
import { Card } from '../components/card'
import { PageHeader } from '../components/page-header'
import { ErrorState, LoadingState } from '../components/states'
import { StatusBadge } from '../components/status'
import { useTranslate } from '../i18n/language'
import { useRunLog } from '../live/use-run-log'
import { DoubtfulEffect } from '../runs/doubtful-effect'
import { LiveBadge } from '../runs/live-badge'
import { RunActions } from '../runs/run-actions'
import { runDocumentId } from '../runs/run-document'
import { RunFacts } from '../runs/run-facts'
import { RunFindings } from '../runs/run-findings'
import { RunGraph } from '../runs/run-graph'
import { RunReports } from '../runs/run-reports'
import { useSteps } from '../runs/use-steps'

export function RunScreen() {
  const t = useTranslate()
  const { runId } = useParams({ from: '/shell/runs/$runId' })
  const query = useQuery(runQuery(runId))
  if (query.isPending) return <LoadingState label={t('run.loading')} />
  if (query.isError && query.data === undefined) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  return <Run key={runId} run={query.data} />
}

/** One run, live: how its steps stand, what was found, what waits for a decision, what was written. */
function Run({ run }: { run: RunView }) {
  const t = useTranslate()
  const [resumes, setResumes] = useState(0)
  const { log, connection } = useRunLog(run.id, resumes)
  const steps = useSteps(run.id, log.steps)
  const documentId = runDocumentId(run, steps)
  const document = useQuery({ ...documentQuery(documentId ?? ''), enabled: documentId !== undefined })
  useApprovalKeys()
  const open = run.approvals.filter((approval) => approval.status === 'open')
  const doubtful = run.effects.filter((effect) => effect.status === 'unknown')
  return (
    <div className="flex flex-col gap-4 [&>header]:mb-0">
      <PageHeader
        title={document.data?.name ?? t('runs.untitled', { id: run.id.slice(-8) })}
        badges={
          <>
            <StatusBadge status={run.status} />
            <LiveBadge state={connection} />
          </>
        }
        actions={
          <RunActions run={run} hasFailed={steps.some((step) => step.status === 'failed')} onResumed={() => setResumes(resumes + 1)} />
        }
      />
      <p aria-live="polite" className="sr-only">
        {t('run.statusNow', { status: t(`status.${run.status}`) })}
      </p>
      <RunFacts run={run} steps={steps} documentId={documentId} />
      <RunError run={run} />
      {open.map((approval) => (
        <ApprovalCard key={approval.id} runId={run.id} approval={approval} />
      ))}
      {doubtful.map((effect) => (
        <DoubtfulEffect key={effect.id} runId={run.id} effect={effect} />
      ))}
      <RunReports runId={run.id} />
      <Card title={t('run.steps')} flush>
        <RunGraph run={run} steps={steps} />
      </Card>
      <RunFindings run={run} steps={steps} events={log.events} />
    </div>
  )
}

function RunError({ run }: { run: RunView }) {
  const t = useTranslate()
  if (run.error === undefined) return null
  return (
    <div role="alert" className="rounded-lg border border-bad bg-bad-soft px-4 py-3 text-bad">
      <p className="font-semibold">{run.error.stepKey === undefined ? t('run.error') : t('run.errorAt', { step: run.error.stepKey })}</p>
      <p>{run.error.message}</p>
    </div>
  )
}
