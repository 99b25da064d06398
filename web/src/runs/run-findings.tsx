import { useState } from 'react'
import type { RunEvent, RunView, StepView } from '../api/types'
import { Card } from '../components/card'
import { JsonView } from '../components/code'
import { type Tab, Tabs } from '../components/tabs'
import { readFieldSets, readSummaries } from '../documents/fields'
import { FieldsTable, type ShownField } from '../documents/fields-table'
import { Viewer } from '../documents/viewer'
import { useTranslate } from '../i18n/language'
import { EffectsTable } from './effects-table'
import { EventLog } from './event-log'
import { runDocumentId } from './run-document'

interface RunFindingsProps {
  run: RunView
  steps: StepView[]
  events: RunEvent[]
}

/** Fields, log, effects and output at the left; the document beside them. */
export function RunFindings({ run, steps, events }: RunFindingsProps) {
  const t = useTranslate()
  const [tab, setTab] = useState('fields')
  const [shown, setShown] = useState<ShownField>()
  const documentId = shown?.documentId ?? runDocumentId(run, steps)
  const sets = readFieldSets(steps)
  const tabs: Tab[] = [
    {
      id: 'fields',
      title: t('run.tab.fields'),
      count: sets.reduce((sum, set) => sum + set.fields.length, 0),
      content: <FieldsTable sets={sets} summaries={readSummaries(steps)} shown={shown} onShow={setShown} />,
    },
    { id: 'log', title: t('run.tab.log'), count: events.length, content: <EventLog events={events} /> },
    { id: 'effects', title: t('run.tab.effects'), count: run.effects.length, content: <EffectsTable effects={run.effects} /> },
    ...(run.outputs === undefined ? [] : [{ id: 'output', title: t('run.tab.output'), content: <Output value={run.outputs} /> }]),
  ]
  return (
    <div className="grid items-start gap-4 xl:grid-cols-2">
      <Card flush>
        <Tabs label={t('run.tabs')} tabs={tabs} value={tab} onChange={setTab} />
      </Card>
      {documentId !== undefined && (
        <Card flush title={t('run.document')} className="xl:sticky xl:top-4">
          <Viewer key={documentId} documentId={documentId} spans={shown?.spans ?? NO_SPANS} />
        </Card>
      )}
    </div>
  )
}

const NO_SPANS: ShownField['spans'] = []

function Output({ value }: { value: unknown }) {
  const t = useTranslate()
  return (
    <div className="p-4">
      <JsonView label={t('run.tab.output')} value={value} />
    </div>
  )
}
