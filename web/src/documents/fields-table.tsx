import { FileSearch } from 'lucide-react'
import type { Span } from '../api/types'
import { Badge } from '../components/badge'
import { EmptyState } from '../components/states'
import { Table } from '../components/table'
import { useFieldName, useFormat, useTranslate } from '../i18n/language'
import type { FieldSet, FieldView } from './fields'

/** A field's places that are shown now. */
export interface ShownField {
  key: string
  spans: Span[]
  documentId?: string
}

interface FieldsTableProps {
  sets: FieldSet[]
  summaries: string[]
  shown?: ShownField
  onShow: (field: ShownField) => void
}

/** What was extracted, document by document. Choosing a field shows where it stands. */
export function FieldsTable({ sets, summaries, shown, onShow }: FieldsTableProps) {
  const t = useTranslate()
  if (sets.length === 0 && summaries.length === 0)
    return <EmptyState icon={FileSearch} title={t('fields.empty.title')} text={t('fields.empty.text')} />
  return (
    <div>
      {summaries.length > 0 && (
        <div className="border-b border-line px-4 py-3">
          <h3 className="text-xs text-ink-faint">{t('fields.summary')}</h3>
          {summaries.map((summary) => (
            <p key={summary} className="mt-1 max-w-prose whitespace-pre-line">
              {summary}
            </p>
          ))}
        </div>
      )}
      {sets.map((set) => (
        <SetTable key={set.stepKey} set={set} shown={shown} onShow={onShow} />
      ))}
    </div>
  )
}

/** Below this a value wants a second look. */
const LOW_CONFIDENCE = 0.6

function SetTable({ set, shown, onShow }: { set: FieldSet } & Pick<FieldsTableProps, 'shown' | 'onShow'>) {
  const t = useTranslate()
  const format = useFormat()
  const fieldLabel = useFieldName()
  const rows: (FieldView | { name: string; missing: true })[] = [
    ...set.fields,
    ...set.missing.map((name) => ({ name, missing: true as const })),
  ]
  const key = (row: { name: string }): string => `${set.stepKey}/${row.name}`
  return (
    <div>
      {set.className !== undefined && (
        <p className="px-4 pt-3 text-ink-soft">
          {t('fields.class')} <Badge tone="brand">{fieldLabel(set.className)}</Badge>
        </p>
      )}
      <Table
        caption={t('fields.title')}
        rows={rows}
        rowKey={key}
        selected={shown?.key}
        columns={[
          {
            title: t('fields.column.name'),
            cell: (row) => <span className="text-ink-soft sm:whitespace-nowrap">{fieldLabel(row.name)}</span>,
          },
          { title: t('fields.column.value'), grow: true, cell: (row) => ('missing' in row ? <Missing /> : <Value field={row} />) },
          {
            title: t('fields.column.confidence'),
            align: 'right',
            wide: true,
            cell: (row) =>
              'missing' in row ? null : (
                <span className={row.confidence < LOW_CONFIDENCE ? 'text-warn' : undefined}>{format.percent(row.confidence)}</span>
              ),
          },
          {
            title: t('fields.column.source'),
            cell: (row) =>
              'missing' in row ? null : (
                <Source
                  field={row}
                  pressed={shown?.key === key(row)}
                  onShow={() => onShow({ key: key(row), spans: row.spans, documentId: set.documentId })}
                />
              ),
          },
        ]}
      />
    </div>
  )
}

function Missing() {
  const t = useTranslate()
  return <em className="text-ink-faint">{t('fields.missing')}</em>
}

function Value({ field }: { field: FieldView }) {
  return (
    <span className="numeric font-semibold">
      {field.value}
      {field.currency !== undefined && !field.value.includes(field.currency) && (
        <span className="ml-1.5 font-normal text-ink-faint">{field.currency}</span>
      )}
    </span>
  )
}

function Source({ field, pressed, onShow }: { field: FieldView; pressed: boolean; onShow: () => void }) {
  const t = useTranslate()
  const fieldLabel = useFieldName()
  const page = field.spans[0]?.page
  if (page === undefined) return <span className="whitespace-nowrap text-xs text-ink-faint">{t('fields.noSource')}</span>
  return (
    <button
      type="button"
      aria-pressed={pressed}
      aria-label={t('fields.show', { name: fieldLabel(field.name), page })}
      onClick={onShow}
      className="rounded font-semibold whitespace-nowrap text-brand underline decoration-dotted underline-offset-4 hover:decoration-solid"
    >
      {t('fields.page', { page })}
    </button>
  )
}
