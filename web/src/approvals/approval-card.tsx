import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Check, X } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { useProblemText } from '../api/problem-text'
import { type Decision, decideApproval } from '../api/runs'
import type { ApprovalView } from '../api/types'
import { Button } from '../components/button'
import { INPUT_CLASS } from '../components/text-field'
import { toast } from '../components/toast'
import { useNow } from '../components/use-now'
import { useFormat, useTranslate } from '../i18n/language'
import { ApprovalDetails } from './approval-details'
import { approvalTitle } from './untrusted-arguments'
import { useStanding } from './use-standing'

interface ApprovalCardProps {
  runId: string
  approval: ApprovalView
  /** Where the approval comes from, for the inbox. */
  origin?: ReactNode
}

/** One open approval with its decision. `data-approval` and `data-decision` are what the keyboard looks for. */
export function ApprovalCard({ runId, approval, origin }: ApprovalCardProps) {
  const t = useTranslate()
  const titleId = useId()
  return (
    <article
      aria-labelledby={titleId}
      tabIndex={-1}
      data-approval={approval.id}
      className="rounded-lg border border-line border-l-4 border-l-warn bg-surface shadow-card focus-within:border-l-brand"
    >
      <header className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 px-4 pt-3">
        <h3 id={titleId} className="text-base">
          {approvalTitle(approval, t)}
        </h3>
        <Times approval={approval} />
        {origin !== undefined && <div className="w-full text-ink-soft">{origin}</div>}
      </header>
      <div className="px-4 py-3">
        <ApprovalDetails details={approval.details} />
      </div>
      <Answer runId={runId} approval={approval} />
    </article>
  )
}

/** The decision, or why it is somebody else's. */
function Answer({ runId, approval }: Pick<ApprovalCardProps, 'runId' | 'approval'>) {
  const t = useTranslate()
  const standing = useStanding(approval)
  const [comment, setComment] = useState('')
  const decision = useDecision(approval)
  const decide = (answer: Decision['decision']): void =>
    decision.mutate({ runId, approvalId: approval.id, decision: answer, ...(comment.trim() !== '' && { comment: comment.trim() }) })
  const busy = decision.isPending || decision.isSuccess || standing === 'unknown'
  if (standing === 'barred') return <p className="border-t border-line px-4 py-3 text-ink-soft">{t('approvals.barred')}</p>
  return (
    <footer className="flex flex-wrap items-end gap-2 border-t border-line px-4 py-3">
      <Comment value={comment} onChange={setComment} disabled={busy} />
      <Button variant="danger" data-decision="reject" disabled={busy} onClick={() => decide('reject')}>
        <X aria-hidden />
        {t('approvals.reject')}
      </Button>
      <Button variant="primary" data-decision="approve" disabled={busy} onClick={() => decide('approve')}>
        <Check aria-hidden />
        {t('approvals.approve')}
      </Button>
    </footer>
  )
}

function useDecision(approval: ApprovalView) {
  const t = useTranslate()
  const problemText = useProblemText()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: decideApproval,
    onSuccess: (_run, { decision }) =>
      toast('good', t(decision === 'approve' ? 'approvals.approved' : 'approvals.rejected', { title: approvalTitle(approval, t) })),
    onError: (error) => toast('bad', problemText(error)),
    // Also after a refusal: someone else may have decided meanwhile.
    onSettled: (_run, _error, { runId }) =>
      Promise.all([['approvals'], ['run', runId], ['runs']].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  })
}

function Comment({ value, onChange, disabled }: { value: string; onChange: (value: string) => void; disabled: boolean }) {
  const t = useTranslate()
  const id = useId()
  return (
    <div className="min-w-48 flex-1">
      <label htmlFor={id} className="text-xs font-semibold text-ink-soft">
        {t('approvals.comment')}
      </label>
      <input
        id={id}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
        placeholder={t('approvals.commentHint')}
        className={`${INPUT_CLASS} mt-1 h-9`}
      />
    </div>
  )
}

function Times({ approval }: { approval: ApprovalView }) {
  const t = useTranslate()
  const format = useFormat()
  const now = useNow(true, 10_000)
  return (
    <p className="text-xs text-ink-faint">
      {t('approvals.requested')} <time dateTime={approval.requestedAt}>{format.ago(approval.requestedAt, now)}</time>
      {approval.expiresAt !== undefined && (
        <>
          {' · '}
          {t('approvals.expires')} <time dateTime={approval.expiresAt}>{format.ago(approval.expiresAt, now)}</time>
        </>
      )}
    </p>
  )
}
