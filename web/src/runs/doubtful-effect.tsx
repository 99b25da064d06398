import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Check, X } from 'lucide-react'
import { useId } from 'react'
import { useProblemText } from '../api/problem-text'
import { settleEffect } from '../api/runs'
import type { EffectView } from '../api/types'
import { Button } from '../components/button'
import { toast } from '../components/toast'
import { useTranslate } from '../i18n/language'

/** An effect of which nobody knows whether it happened: a person looks on the other side and says so. Until then it is not repeated. */
export function DoubtfulEffect({ runId, effect }: { runId: string; effect: EffectView }) {
  const t = useTranslate()
  const titleId = useId()
  const problemText = useProblemText()
  const queries = useQueryClient()
  const answer = useMutation({
    mutationFn: (outcome: 'settled' | 'failed') => settleEffect(runId, effect.id, outcome),
    onSuccess: () => toast('good', t('effects.doubt.done')),
    onError: (error) => toast('bad', problemText(error)),
    // Also after a refusal: someone else may have said it meanwhile.
    onSettled: () => Promise.all([['run', runId], ['runs']].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  })
  const isBusy = answer.isPending || answer.isSuccess
  return (
    <article aria-labelledby={titleId} className="rounded-lg border border-line border-l-4 border-l-warn bg-surface shadow-card">
      <div className="px-4 py-3">
        <h3 id={titleId} className="text-base">
          {t('effects.doubt.title', { kind: effect.kind, target: effect.target })}
        </h3>
        <p className="text-ink-soft">{t('effects.doubt.text')}</p>
      </div>
      <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">
        <Button disabled={isBusy} onClick={() => answer.mutate('failed')}>
          <X aria-hidden />
          {t('effects.doubt.failed')}
        </Button>
        <Button variant="primary" disabled={isBusy} onClick={() => answer.mutate('settled')}>
          <Check aria-hidden />
          {t('effects.doubt.settled')}
        </Button>
      </footer>
    </article>
  )
}
