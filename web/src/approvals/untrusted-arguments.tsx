import { Link } from '@tanstack/react-router'
import { JsonView } from '../components/code'
import { useTranslate } from '../i18n/language'
import type { Translate } from '../i18n/translate'
import { type OriginView, originsOf, readUntrustedEffect, type UntrustedEffectView, type UntrustedView } from './untrusted'

/** The title of an approval in the reader's language, where the product and not a workflow has written it. */
export function approvalTitle({ title, details }: { title: string; details?: unknown }, t: Translate): string {
  const effect = readUntrustedEffect(details)
  if (effect === undefined) return title
  const [first, ...more] = originsOf(effect)
  const from = first === undefined ? t('approvals.untrusted.unknown') : `${first.name}${more.length > 0 ? ' …' : ''}`
  return t('approvals.untrusted.title', { action: effect.action, paths: effect.untrusted.map(({ path }) => path).join(', '), from })
}

/** What would be sent that nobody here wrote, each value with the places that it comes from, and then the whole. */
export function UntrustedArguments({ effect }: { effect: UntrustedEffectView }) {
  const t = useTranslate()
  return (
    <div className="flex flex-col gap-3">
      <p className="max-w-prose">{t('approvals.untrusted.lead')}</p>
      <ul className="flex flex-col gap-3">
        {effect.untrusted.map((argument) => (
          <li key={argument.path} className="border-l-2 border-l-warn pl-3">
            <Argument argument={argument} />
          </li>
        ))}
      </ul>
      {Object.keys(effect.arguments).length > 0 && (
        <div>
          <p className="mb-1 text-xs text-ink-faint">{t('approvals.untrusted.whole')}</p>
          <JsonView label={t('approvals.untrusted.whole')} value={effect.arguments} />
        </div>
      )}
    </div>
  )
}

function Argument({ argument: { path, value, origins, quotes } }: { argument: UntrustedView }) {
  const t = useTranslate()
  return (
    <>
      <p>
        <code className="font-mono text-xs text-ink-soft">{path}</code>{' '}
        <span className="font-semibold break-words whitespace-pre-wrap">{value}</span>
      </p>
      {quotes.length > 0 ? (
        <ul className="mt-1 text-ink-soft">
          {quotes.map(({ quote, origin, page }) => (
            <li key={`${origin.id} ${page ?? ''} ${quote}`}>
              <q className="break-words">{quote}</q> <OriginLink origin={origin} />
              {page !== undefined && <span>, {t('approvals.untrusted.page', { page })}</span>}
            </li>
          ))}
        </ul>
      ) : (
        <p className="mt-1 text-ink-soft">
          {t('approvals.untrusted.made')}{' '}
          {origins.length === 0
            ? t('approvals.untrusted.unknown')
            : origins.map((origin, index) => (
                <span key={origin.id}>
                  {index > 0 && ', '}
                  <OriginLink origin={origin} />
                </span>
              ))}
        </p>
      )}
    </>
  )
}

/** A stored document can be opened; the address of a page is shown and leads nowhere, because it may be a trap. */
function OriginLink({ origin: { kind, id, name } }: { origin: OriginView }) {
  if (kind !== 'document' && kind !== 'mail') return <span className="break-all">{name}</span>
  return (
    <Link to="/documents/$documentId" params={{ documentId: id }} className="font-semibold text-brand hover:underline">
      {name}
    </Link>
  )
}
