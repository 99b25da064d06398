import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { type WorkflowDetail, workflowQuery } from '../api/workflows'
import { Card } from '../components/card'
import { PageHeader } from '../components/page-header'
import { ErrorState, LoadingState } from '../components/states'
import { type Tab, Tabs } from '../components/tabs'
import { planSteps } from '../graph/plan'
import { StepGraph } from '../graph/step-graph'
import { useTranslate } from '../i18n/language'
import { YamlView } from '../workflows/yaml-view'

export function WorkflowScreen() {
  const { name } = useParams({ from: '/shell/workflows/$name' })
  const query = useQuery(workflowQuery(name))
  if (query.isPending) return <LoadingState />
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  return <Workflow workflow={query.data} />
}

function Workflow({ workflow }: { workflow: WorkflowDetail }) {
  const t = useTranslate()
  const [tab, setTab] = useState('graph')
  const plan = useMemo(() => planSteps(workflow.steps), [workflow.steps])
  const tabs: Tab[] = [
    { id: 'graph', title: t('workflows.graph'), content: <StepGraph label={t('workflows.graph')} plan={plan} /> },
    { id: 'source', title: t('workflows.source'), content: <YamlView source={workflow.source} /> },
  ]
  return (
    <>
      <PageHeader title={workflow.title} lead={workflow.description} />
      <Card title={t('workflows.version', { version: workflow.version })} flush>
        <Tabs label={t('workflows.tabs')} tabs={tabs} value={tab} onChange={setTab} />
      </Card>
    </>
  )
}
