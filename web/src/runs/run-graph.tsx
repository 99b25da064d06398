import { useCallback, useMemo, useState } from 'react'
import type { RunView, StepView } from '../api/types'
import { LoadingState } from '../components/states'
import type { PlannedNode } from '../graph/plan'
import { progressByStep } from '../graph/progress'
import { StepGraph } from '../graph/step-graph'
import { useTranslate } from '../i18n/language'
import { StepDialog } from './step-dialog'
import { usePlan } from './use-plan'

/** The run's steps as a graph; a step opens its details. */
export function RunGraph({ run, steps }: { run: RunView; steps: StepView[] }) {
  const t = useTranslate()
  const plan = usePlan(run, steps)
  const progress = useMemo(() => progressByStep(steps, run.status === 'completed' ? plan : undefined), [steps, run.status, plan])
  const [opened, setOpened] = useState<PlannedNode>()
  const open = useCallback((step: PlannedNode) => setOpened(step), [])
  if (plan === undefined) return <LoadingState />
  if (plan.nodes.length === 0) return <p className="p-6 text-center text-ink-soft">{t('run.graph.empty')}</p>
  return (
    <>
      <StepGraph label={t('run.graph')} plan={plan} progress={progress} onOpen={open} />
      {opened !== undefined && (
        <StepDialog
          runId={run.id}
          name={opened.name}
          steps={steps.filter((step) => step.stepId === opened.id)}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  )
}
