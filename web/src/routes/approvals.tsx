import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { openApprovalsQuery } from '../api/approvals'
import type { OpenApproval } from '../api/types'
import { ApprovalCard } from '../approvals/approval-card'
import { useApprovalKeys } from '../approvals/use-approval-keys'
import { Card } from '../components/card'
import { PageHeader } from '../components/page-header'
import { EmptyState, ErrorState, LoadingState } from '../components/states'
import { useTranslate } from '../i18n/language'

/** Everything that waits for a person, oldest first. */
export function ApprovalsScreen() {
  const t = useTranslate()
  const query = useQuery(openApprovalsQuery())
  useApprovalKeys()
  return (
    <>
      <PageHeader title={t('approvals.title')} lead={<span className="hidden md:inline">{t('approvals.hint')}</span>} />
      {query.isPending && <LoadingState />}
      {query.isError && query.data === undefined && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.data !== undefined && <Inbox open={query.data} />}
    </>
  )
}

function Inbox({ open }: { open: OpenApproval[] }) {
  const t = useTranslate()
  if (open.length === 0) {
    return (
      <Card flush>
        <EmptyState icon={CircleCheck} title={t('approvals.empty.title')} text={t('approvals.empty.text')} />
      </Card>
    )
  }
  return (
    <section aria-label={t('approvals.open')} className="flex max-w-4xl flex-col gap-4">
      {open.map(({ approval, run }) => (
        <ApprovalCard
          key={approval.id}
          runId={run.id}
          approval={approval}
          origin={
            <>
              {t('approvals.run')}{' '}
              <Link to="/runs/$runId" params={{ runId: run.id }} className="font-semibold text-brand hover:underline">
                {run.title ?? t('runs.untitled', { id: run.id.slice(-8) })}
              </Link>
            </>
          }
        />
      ))}
    </section>
  )
}
