import { Link } from '@tanstack/react-router'
import { ArrowRight, X } from 'lucide-react'
import { useProblemText } from '../api/problem-text'
import { Button, buttonClass } from '../components/button'
import { Progress } from '../components/progress'
import { StatusIcon } from '../components/status'
import { useFormat, useTranslate } from '../i18n/language'
import { removeUpload, type Upload, type UploadState } from './uploads'

const ICONS = { waiting: 'pending', sending: 'running', done: 'completed', failed: 'failed' } as const satisfies Record<
  UploadState['kind'],
  string
>

export function UploadList({ uploads }: { uploads: Upload[] }) {
  const t = useTranslate()
  return (
    <ul aria-label={t('upload.list')} className="mt-2 divide-y divide-line rounded-lg border border-line bg-surface">
      {uploads.map((upload) => (
        <UploadRow key={upload.id} upload={upload} />
      ))}
    </ul>
  )
}

function UploadRow({ upload: { id, name, size, state } }: { upload: Upload }) {
  const t = useTranslate()
  const format = useFormat()
  const under = state.kind === 'waiting' || state.kind === 'sending'
  return (
    <li className="flex items-center gap-3 px-4 py-2">
      <StatusIcon status={ICONS[state.kind]} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap gap-x-2">
          <span className="truncate font-semibold">{name}</span>
          <span className="numeric text-ink-faint">{format.bytes(size)}</span>
        </p>
        {state.kind === 'sending' && <Progress label={name} share={state.share} />}
        <p className="text-xs text-ink-soft">
          <StateText state={state} />
        </p>
      </div>
      {state.kind === 'done' && state.answer.run !== undefined && (
        <Link to="/runs/$runId" params={{ runId: state.answer.run.id }} className={buttonClass({ size: 'small' })}>
          {t('upload.open')}
          <ArrowRight aria-hidden />
        </Link>
      )}
      <Button variant="ghost" size="icon" label={t(under ? 'upload.cancel' : 'upload.remove', { name })} onClick={() => removeUpload(id)}>
        <X aria-hidden />
      </Button>
    </li>
  )
}

function StateText({ state }: { state: UploadState }) {
  const t = useTranslate()
  const format = useFormat()
  const problemText = useProblemText()
  switch (state.kind) {
    case 'waiting':
      return t('upload.waiting')
    case 'sending':
      return state.share === 1 ? t('upload.storing') : t('upload.sending', { percent: format.percent(state.share) })
    case 'done':
      return t(state.answer.run === undefined ? 'upload.stored' : 'upload.done')
    case 'failed':
      return problemText(state.error)
  }
}
