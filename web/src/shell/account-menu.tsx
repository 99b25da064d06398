import { Link } from '@tanstack/react-router'
import { CircleUser, Keyboard, KeyRound, LogOut } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { setSession, useSession } from '../api/session'
import { Button, buttonClass } from '../components/button'
import { classNames } from '../components/class-names'
import { useTranslate } from '../i18n/language'
import { LanguageSwitch, ThemeSwitch } from './preferences'

/** Who is signed in, theme, language, shortcuts and the way out. */
export function AccountMenu({ onHelp }: { onHelp: () => void }) {
  const t = useTranslate()
  const session = useSession()
  const [open, setOpen] = useState(false)
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger aria-label={t('account.menu')} title={t('account.menu')} className={buttonClass({ variant: 'ghost', size: 'icon' })}>
        <CircleUser aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={12}
          aria-label={t('account.menu')}
          className="z-40 flex w-72 max-w-[calc(100vw-1.5rem)] flex-col gap-3 rounded-lg border border-line bg-surface p-3 shadow-float"
        >
          <div className="border-b border-line pb-3">
            <p className="font-semibold">{session?.email}</p>
            <p className="text-ink-soft">{t('account.tenant', { tenant: session?.tenant ?? '' })}</p>
          </div>
          <div className="flex flex-col gap-2">
            <ThemeSwitch />
            <LanguageSwitch />
          </div>
          <div className="flex flex-col border-t border-line pt-2">
            <Link to="/account" onClick={() => setOpen(false)} className={classNames(buttonClass({ variant: 'ghost' }), 'justify-start')}>
              <KeyRound aria-hidden />
              {t('account.open')}
            </Link>
            <Button
              variant="ghost"
              className="justify-start"
              onClick={() => {
                setOpen(false)
                onHelp()
              }}
            >
              <Keyboard aria-hidden />
              {t('keyboard.open')}
            </Button>
            <Button variant="ghost" className="justify-start" onClick={() => setSession(undefined)}>
              <LogOut aria-hidden />
              {t('account.signOut')}
            </Button>
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
