import { Link } from '@tanstack/react-router'
import { isTerminal } from '../api/runs'
import type { RunView, StepView } from '../api/types'
import { Facts } from '../components/facts'
import { useNow } from '../components/use-now'
import { countDone } from '../graph/progress'
import { useFormat, useTranslate } from '../i18n/language'
import { runDuration } from './runs-table'

/** Time, cost and origin of a run; the time goes on while the run does. */
export function RunFacts({ run, steps, documentId }: { run: RunView; steps: StepView[]; documentId?: string }) {
  const t = useTranslate()
  const format = useFormat()
  const now = useNow(!isTerminal(run.status))
  return (
    <Facts
      facts={[
        { name: t('run.elapsed'), value: <span className="text-base font-semibold">{format.duration(runDuration(run, now))}</span> },
        { name: t('run.cost'), value: <span className="text-base font-semibold">{format.cost(run.costMicroUsd)}</span> },
        { name: t('run.steps'), value: t('run.stepsDone', countDone(steps)) },
        { name: t('run.trigger'), value: t(`trigger.${run.trigger}`) },
        {
          name: t('runs.column.workflow'),
          value: (
            <Link to="/workflows/$name" params={{ name: run.workflow }} className="text-brand hover:underline">
              {run.workflow}
            </Link>
          ),
        },
        { name: t('run.version'), value: <code className="font-mono text-xs">{run.workflowVersion.slice(0, 8)}</code> },
        {
          name: t('run.document'),
          value: documentId && (
            <Link to="/documents/$documentId" params={{ documentId }} className="text-brand hover:underline">
              {documentId.slice(0, 4)}…{documentId.slice(-6)}
            </Link>
          ),
        },
        {
          name: t('run.forkedFrom'),
          value: run.forkedFrom && (
            <Link to="/runs/$runId" params={{ runId: run.forkedFrom.runId }} className="text-brand hover:underline">
              {run.forkedFrom.runId.slice(-8)}, {run.forkedFrom.stepKey}
            </Link>
          ),
        },
      ]}
    />
  )
}
