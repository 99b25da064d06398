import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { GitBranch } from 'lucide-react'
import { useState } from 'react'
import { useProblemText } from '../api/problem-text'
import { forkRun, stepOutputQuery } from '../api/runs'
import type { StepView } from '../api/types'
import { Button } from '../components/button'
import { JsonView } from '../components/code'
import { Dialog } from '../components/dialog'
import { Facts } from '../components/facts'
import { SelectField } from '../components/select-field'
import { ErrorState, LoadingState } from '../components/states'
import { StatusBadge } from '../components/status'
import { toast } from '../components/toast'
import { useNow } from '../components/use-now'
import { useFormat, useTranslate } from '../i18n/language'

interface StepDialogProps {
  runId: string
  name: string
  /** One, or all the items of a step inside a forEach. */
  steps: StepView[]
  onClose: () => void
}

/** A step's attempts, time, cost and output; from here a run can be forked. */
export function StepDialog({ runId, name, steps, onClose }: StepDialogProps) {
  const t = useTranslate()
  const [key, setKey] = useState(steps[0]?.key)
  const step = steps.find((candidate) => candidate.key === key) ?? steps[0]
  return (
    <Dialog
      title={t('run.step.details', { name })}
      onClose={onClose}
      actions={step !== undefined && <ForkButton runId={runId} stepKey={step.key} />}
    >
      {steps.length > 1 && step !== undefined && (
        <SelectField
          label={t('log.column.step')}
          value={step.key}
          options={steps.map(({ key }) => ({ value: key, label: key }))}
          onChange={setKey}
          className="mb-4"
        />
      )}
      {step === undefined ? <p>{t('run.step.notReached')}</p> : <StepDetails runId={runId} step={step} />}
    </Dialog>
  )
}

function StepDetails({ runId, step }: { runId: string; step: StepView }) {
  const t = useTranslate()
  const format = useFormat()
  const now = useNow(step.endedAt === undefined)
  const duration =
    step.startedAt === undefined ? undefined : (step.endedAt === undefined ? now : Date.parse(step.endedAt)) - Date.parse(step.startedAt)
  return (
    <div className="flex flex-col gap-4">
      <Facts
        facts={[
          { name: t('runs.column.status'), value: <StatusBadge status={step.status} /> },
          { name: t('run.step.attempt'), value: step.attempt },
          { name: t('run.step.agent'), value: step.agent && `${step.agent}.${step.operation ?? ''}` },
          { name: t('run.step.duration'), value: duration === undefined ? undefined : format.duration(duration) },
          { name: t('run.cost'), value: format.cost(step.costMicroUsd) },
          {
            name: t('run.step.provider'),
            value: step.provider && `${step.provider}${step.degraded ? ` (${t('run.step.degraded')})` : ''}`,
          },
        ]}
      />
      {step.error !== undefined && (
        <div className="rounded-md bg-bad-soft px-3 py-2 text-bad">
          <p className="font-semibold">{t('run.step.error')}</p>
          <p>{step.error.message}</p>
        </div>
      )}
      <StepOutput runId={runId} step={step} />
    </div>
  )
}

/** The output; one that is too large for the list of steps is fetched now. */
function StepOutput({ runId, step }: { runId: string; step: StepView }) {
  const t = useTranslate()
  const inList = step.output !== undefined || step.outputRef === undefined
  const whole = useQuery({ ...stepOutputQuery(runId, step.key, step.attempt), enabled: !inList })
  if (!inList && whole.isPending) return <LoadingState />
  if (whole.isError) return <ErrorState error={whole.error} onRetry={() => void whole.refetch()} />
  const output = inList ? step.output : whole.data
  return output === undefined ? null : <JsonView label={t('run.step.output')} value={output} />
}

function ForkButton({ runId, stepKey }: { runId: string; stepKey: string }) {
  const t = useTranslate()
  const navigate = useNavigate()
  const problemText = useProblemText()
  const fork = useMutation({
    mutationFn: () => forkRun(runId, stepKey),
    onSuccess: (run) => {
      toast('good', t('run.forked'))
      return navigate({ to: '/runs/$runId', params: { runId: run.id } })
    },
    onError: (error) => toast('bad', problemText(error)),
  })
  return (
    <Button disabled={fork.isPending} onClick={() => fork.mutate()}>
      <GitBranch aria-hidden />
      {t('run.fork')}
    </Button>
  )
}
