import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useSession } from '../api/session'
import { useTranslate } from '../i18n/language'
import { KeyboardHelp } from '../keyboard/help'
import { useKeys } from '../keyboard/use-keys'
import { AccountMenu } from './account-menu'
import { Logo } from './logo'
import { Navigation } from './navigation'

/** What surrounds every screen of a signed-in person. */
export function AppShell() {
  const t = useTranslate()
  const navigate = useNavigate()
  const session = useSession()
  const [help, setHelp] = useState(false)
  const go = (to: '/' | '/approvals' | '/documents' | '/workflows') => () => void navigate({ to })
  useKeys({ '?': () => setHelp(true), 'g r': go('/'), 'g a': go('/approvals'), 'g d': go('/documents'), 'g w': go('/workflows') })
  useEffect(() => {
    if (session === undefined) void navigate({ to: '/sign-in', search: { next: location.pathname } })
  }, [session, navigate])

  return (
    <>
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-brand px-4 py-2 font-semibold text-on-brand focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('app.skip')}
      </a>
      <div className="mx-auto grid min-h-screen max-w-[96rem] grid-rows-[auto_1fr] md:grid-cols-[13rem_minmax(0,1fr)] md:grid-rows-1">
        <header className="sticky top-0 z-30 flex h-14 items-center justify-between gap-3 border-b border-line bg-canvas px-4 md:h-screen md:flex-col md:items-stretch md:justify-start md:gap-5 md:border-r md:border-b-0 md:p-4">
          <div className="flex flex-1 items-center justify-between md:flex-none">
            <Link to="/" aria-label="Steward" className="rounded-md">
              <Logo />
            </Link>
            <AccountMenu onHelp={() => setHelp(true)} />
          </div>
          <Navigation />
        </header>
        <main id="content" tabIndex={-1} className="min-w-0 px-4 pt-5 pb-24 outline-none md:px-8 md:pt-7 md:pb-10">
          <Outlet />
        </main>
      </div>
      {help && <KeyboardHelp onClose={() => setHelp(false)} />}
    </>
  )
}
