import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CloudUpload } from 'lucide-react'
import { type DragEvent, useEffect, useRef, useState } from 'react'
import { useProblemText } from '../api/problem-text'
import { workflowsQuery } from '../api/workflows'
import { Button } from '../components/button'
import { classNames } from '../components/class-names'
import { SelectField } from '../components/select-field'
import { useTranslate } from '../i18n/language'
import { UploadList } from './upload-list'
import { onUploadEnd, startUploads, useUploads } from './uploads'

/** What a document starts unless the person chooses another workflow. */
const DEFAULT_WORKFLOW = 'document-intake'

/** Takes documents by drag and drop or by a file dialog, and shows how each gets on. */
export function DropZone() {
  const t = useTranslate()
  const uploads = useUploads()
  const [over, setOver] = useState(false)
  const [workflow, setWorkflow] = useState(DEFAULT_WORKFLOW)
  const input = useRef<HTMLInputElement>(null)
  const announcement = useUploadNews()

  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    startUploads([...event.dataTransfer.files], workflow)
  }
  return (
    <section aria-label={t('upload.title')} className="mb-6">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping needs a pointer; the button inside does the same by keyboard */}
      <div
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={(event) => event.currentTarget.contains(event.relatedTarget as Node | null) || setOver(false)}
        onDrop={drop}
        className={classNames(
          'flex flex-wrap items-center gap-x-4 gap-y-3 rounded-lg border-2 border-dashed px-4 py-4 transition-colors sm:px-5',
          over ? 'border-brand bg-brand-soft' : 'border-line bg-surface',
        )}
      >
        <span className="hidden rounded-full bg-brand-soft p-2.5 text-brand sm:block">
          <CloudUpload aria-hidden className="size-6" />
        </span>
        <div className="min-w-48 flex-1">
          <p className="font-semibold">{t('upload.title')}</p>
          <p className="text-xs text-ink-soft">{t('upload.lead')}</p>
        </div>
        <WorkflowChoice value={workflow} onChange={setWorkflow} />
        <Button variant="primary" onClick={() => input.current?.click()}>
          {t('upload.choose')}
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            startUploads([...(event.target.files ?? [])], workflow)
            event.target.value = ''
          }}
        />
      </div>
      {uploads.length > 0 && <UploadList uploads={uploads} />}
      <p aria-live="polite" className="sr-only">
        {announcement}
      </p>
    </section>
  )
}

function WorkflowChoice({ value, onChange }: { value: string; onChange: (name: string) => void }) {
  const t = useTranslate()
  const { data = [] } = useQuery(workflowsQuery())
  const options = data.map((workflow) => ({ value: workflow.name, label: workflow.title }))
  if (options.length < 2) return null
  return <SelectField label={t('upload.workflow')} value={value} options={options} onChange={onChange} className="min-w-0" />
}

/** Says how the last upload ended, and renews the lists that it belongs to. */
function useUploadNews(): string {
  const t = useTranslate()
  const problemText = useProblemText()
  const queries = useQueryClient()
  const [news, setNews] = useState('')
  const tell = useRef({ t, problemText })
  useEffect(() => {
    tell.current = { t, problemText }
  })
  useEffect(
    () =>
      onUploadEnd(({ name, state }) => {
        if (state.kind === 'done') {
          setNews(tell.current.t('upload.announceDone', { name }))
          void queries.invalidateQueries({ queryKey: ['runs'] })
          void queries.invalidateQueries({ queryKey: ['documents'] })
        }
        if (state.kind === 'failed')
          setNews(tell.current.t('upload.announceFailed', { name, reason: tell.current.problemText(state.error) }))
      }),
    [queries],
  )
  return news
}
