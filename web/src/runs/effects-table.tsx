import { Send } from 'lucide-react'
import type { EffectView } from '../api/types'
import { EmptyState } from '../components/states'
import { StatusBadge } from '../components/status'
import { Table } from '../components/table'
import { useFormat, useTranslate } from '../i18n/language'

/** What a run did to the outside world, from its ledger. */
export function EffectsTable({ effects }: { effects: EffectView[] }) {
  const t = useTranslate()
  const format = useFormat()
  if (effects.length === 0) return <EmptyState icon={Send} title={t('effects.empty.title')} text={t('effects.empty.text')} />
  return (
    <Table
      caption={t('run.tab.effects')}
      rows={effects}
      rowKey={(effect) => effect.id}
      columns={[
        { title: t('effects.column.kind'), cell: (effect) => <span className="font-semibold">{effect.kind}</span> },
        { title: t('effects.column.target'), grow: true, cell: (effect) => effect.target },
        {
          title: t('effects.column.status'),
          cell: (effect) => (
            <>
              <StatusBadge status={effect.status} />
              {effect.error !== undefined && <p className="mt-1 text-xs text-bad">{effect.error.message}</p>}
            </>
          ),
        },
        { title: t('effects.column.attempts'), align: 'right', wide: true, cell: (effect) => effect.attempts },
        {
          title: t('effects.column.when'),
          align: 'right',
          wide: true,
          cell: (effect) => <span className="whitespace-nowrap">{format.dateTime(effect.settledAt ?? effect.plannedAt)}</span>,
        },
      ]}
    />
  )
}
