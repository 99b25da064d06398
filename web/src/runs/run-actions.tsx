import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Ban, RotateCw } from 'lucide-react'
import { useState } from 'react'
import { useProblemText } from '../api/problem-text'
import { cancelRun, isTerminal, resumeRun } from '../api/runs'
import type { RunView } from '../api/types'
import { Button } from '../components/button'
import { Dialog } from '../components/dialog'
import { toast } from '../components/toast'
import type { MessageKey } from '../i18n/en'
import { useTranslate } from '../i18n/language'

/** What a person may do to a run as it stands: cancel what goes on, resume what failed, also while it waits elsewhere. */
export function RunActions({ run, hasFailed, onResumed }: { run: RunView; hasFailed: boolean; onResumed: () => void }) {
  const t = useTranslate()
  const [asking, setAsking] = useState(false)
  const cancel = useRunAction(
    () => cancelRun(run.id),
    run.id,
    'run.cancelled',
    () => setAsking(false),
  )
  const resume = useRunAction(() => resumeRun(run.id), run.id, 'run.resumed', onResumed)
  return (
    <>
      {(run.status === 'failed' || (run.status === 'waiting' && hasFailed)) && (
        <Button variant="primary" disabled={resume.isPending} onClick={() => resume.mutate()}>
          <RotateCw aria-hidden />
          {t('run.resume')}
        </Button>
      )}
      {!isTerminal(run.status) && (
        <Button variant="danger" onClick={() => setAsking(true)}>
          <Ban aria-hidden />
          {t('run.cancel')}
        </Button>
      )}
      {asking && (
        <Dialog
          title={t('run.cancel.title')}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>{t('run.cancel.keep')}</Button>
              <Button variant="danger" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
                {t('run.cancel.confirm')}
              </Button>
            </>
          }
        >
          <p>{t('run.cancel.text')}</p>
        </Dialog>
      )}
    </>
  )
}

function useRunAction(action: () => Promise<RunView>, runId: string, done: MessageKey, onDone: () => void) {
  const t = useTranslate()
  const problemText = useProblemText()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: action,
    onSuccess: () => {
      toast('good', t(done))
      onDone()
    },
    onError: (error) => toast('bad', problemText(error)),
    onSettled: () => Promise.all([['run', runId], ['runs'], ['approvals']].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  })
}
