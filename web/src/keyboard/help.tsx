import { useState } from 'react'
import { Dialog } from '../components/dialog'
import { Kbd } from '../components/kbd'
import type { MessageKey } from '../i18n/en'
import { useTranslate } from '../i18n/language'
import { setShortcutsEnabled, shortcutsEnabled } from './preference'

const SHORTCUTS: { keys: string; does: MessageKey }[] = [
  { keys: '?', does: 'keyboard.help' },
  { keys: 'g r', does: 'keyboard.goRuns' },
  { keys: 'g a', does: 'keyboard.goApprovals' },
  { keys: 'g d', does: 'keyboard.goDocuments' },
  { keys: 'g w', does: 'keyboard.goWorkflows' },
  { keys: 'j', does: 'keyboard.next' },
  { keys: 'k', does: 'keyboard.previous' },
  { keys: 'a', does: 'keyboard.approve' },
  { keys: 'r', does: 'keyboard.reject' },
]

/** The list of shortcuts, and the switch that turns them off. */
export function KeyboardHelp({ onClose }: { onClose: () => void }) {
  const t = useTranslate()
  const [enabled, setEnabled] = useState(shortcutsEnabled)
  return (
    <Dialog title={t('keyboard.title')} onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2">
        {SHORTCUTS.map(({ keys, does }) => (
          <div key={keys} className="contents">
            <dt className="flex items-center gap-1.5">
              {keys.split(' ').map((key, index) => (
                <span key={key} className="flex items-center gap-1.5">
                  {index > 0 && <span className="text-xs text-ink-faint">{t('keyboard.then')}</span>}
                  <Kbd>{key}</Kbd>
                </span>
              ))}
            </dt>
            <dd>{t(does)}</dd>
          </div>
        ))}
      </dl>
      <label className="mt-5 flex items-center gap-2 border-t border-line pt-4">
        <input
          type="checkbox"
          checked={enabled}
          className="size-4 accent-brand"
          onChange={(event) => {
            setShortcutsEnabled(event.target.checked)
            setEnabled(event.target.checked)
          }}
        />
        {t('keyboard.enabled')}
      </label>
    </Dialog>
  )
}
