import { useInfiniteQuery } from '@tanstack/react-query'
import { Inbox } from 'lucide-react'
import { useState } from 'react'
import { runsQuery } from '../api/runs'
import type { RunStatus } from '../api/types'
import { Card } from '../components/card'
import { LoadMore } from '../components/load-more'
import { PageHeader } from '../components/page-header'
import { SelectField } from '../components/select-field'
import { EmptyState, ErrorState, LoadingState } from '../components/states'
import { useTranslate } from '../i18n/language'
import { RunsTable } from '../runs/runs-table'
import { DropZone } from '../upload/drop-zone'

const FILTERS = ['all', 'running', 'waiting', 'completed', 'failed', 'cancelled'] as const satisfies readonly (RunStatus | 'all')[]

/** Home: drop a document, see every run. */
export function RunsScreen() {
  const t = useTranslate()
  const [filter, setFilter] = useState<(typeof FILTERS)[number]>('all')
  const options = FILTERS.map((value) => ({ value, label: t(value === 'all' ? 'runs.filter.all' : `status.${value}`) }))
  return (
    <>
      <PageHeader title={t('runs.title')} />
      <DropZone />
      <Card
        title={t('runs.list')}
        flush
        actions={<SelectField label={t('runs.filter')} value={filter} options={options} onChange={setFilter} />}
      >
        <RunsList filter={filter} />
      </Card>
    </>
  )
}

function RunsList({ filter }: { filter: RunStatus | 'all' }) {
  const t = useTranslate()
  const query = useInfiniteQuery(runsQuery(filter === 'all' ? undefined : filter))
  if (query.isPending) return <LoadingState />
  if (query.isError && query.data === undefined) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  const runs = query.data.pages.flatMap((page) => page.items)
  const emptiness = filter === 'all' ? 'runs.empty' : 'runs.emptyFiltered'
  if (runs.length === 0) return <EmptyState icon={Inbox} title={t(`${emptiness}.title`)} text={t(`${emptiness}.text`)} />
  return (
    <>
      <RunsTable runs={runs} />
      <LoadMore query={query} />
    </>
  )
}
