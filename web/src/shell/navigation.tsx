import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Activity, FileText, Hand, Workflow } from 'lucide-react'
import { openApprovalsQuery } from '../api/approvals'
import { useTranslate } from '../i18n/language'

const PLACES = [
  { to: '/', label: 'nav.runs', icon: Activity },
  { to: '/approvals', label: 'nav.approvals', icon: Hand },
  { to: '/documents', label: 'nav.documents', icon: FileText },
  { to: '/workflows', label: 'nav.workflows', icon: Workflow },
] as const

/** The places of the product: at the side where there is room, else at the foot of the screen in reach of a thumb. */
export function Navigation() {
  const t = useTranslate()
  const { data: open = [] } = useQuery(openApprovalsQuery())
  return (
    <nav
      aria-label={t('app.navigation')}
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface md:static md:border-0 md:bg-transparent"
    >
      <ul className="grid grid-cols-4 md:flex md:flex-col md:gap-0.5">
        {PLACES.map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Link
              to={to}
              activeOptions={{ exact: to === '/' }}
              className="relative flex h-14 flex-col items-center justify-center gap-0.5 rounded-md text-xs text-ink-soft -outline-offset-2 hover:text-ink md:h-9 md:flex-row md:justify-start md:gap-2.5 md:px-3 md:text-sm md:hover:bg-hover"
              activeProps={{ className: 'font-semibold !text-brand md:bg-brand-soft md:hover:bg-brand-soft' }}
            >
              <Icon aria-hidden className="size-5 md:size-4" />
              {t(label)}
              {to === '/approvals' && open.length > 0 && (
                <span className="numeric absolute top-1.5 left-1/2 ml-2 rounded-full bg-warn px-1.5 text-xs font-semibold text-surface md:static md:ml-auto">
                  <span aria-hidden>{open.length}</span>
                  <span className="sr-only">{t.count('nav.openApprovals', open.length)}</span>
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
