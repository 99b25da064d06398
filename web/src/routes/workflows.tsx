import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Workflow } from 'lucide-react'
import type { WorkflowSummary } from '../api/types'
import { workflowsQuery } from '../api/workflows'
import { Badge } from '../components/badge'
import { Card } from '../components/card'
import { PageHeader } from '../components/page-header'
import { EmptyState, ErrorState, LoadingState } from '../components/states'
import { useTranslate } from '../i18n/language'

export function WorkflowsScreen() {
  const t = useTranslate()
  const query = useQuery(workflowsQuery())
  return (
    <>
      <PageHeader title={t('workflows.title')} />
      <Card flush>
        {query.isPending && <LoadingState />}
        {query.isError && query.data === undefined && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
        {query.data?.length === 0 && <EmptyState icon={Workflow} title={t('workflows.empty.title')} text={t('workflows.empty.text')} />}
        <ul className="divide-y divide-line">
          {query.data?.map((workflow) => (
            <WorkflowRow key={workflow.name} workflow={workflow} />
          ))}
        </ul>
      </Card>
    </>
  )
}

function WorkflowRow({ workflow }: { workflow: WorkflowSummary }) {
  const t = useTranslate()
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-hover">
      <div className="min-w-48 flex-1">
        <Link to="/workflows/$name" params={{ name: workflow.name }} className="font-semibold hover:text-brand hover:underline">
          {workflow.title}
        </Link>
        <p className="max-w-prose text-ink-soft">{workflow.description}</p>
      </div>
      <code className="font-mono text-xs text-ink-faint">{workflow.name}</code>
      <Badge tone={workflow.builtIn ? 'neutral' : 'brand'}>{t(workflow.builtIn ? 'workflows.builtIn' : 'workflows.own')}</Badge>
    </li>
  )
}
