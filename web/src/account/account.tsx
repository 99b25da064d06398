import { useSession } from '../api/session'
import { Card } from '../components/card'
import { PageHeader } from '../components/page-header'
import { useTranslate } from '../i18n/language'
import { Passkeys } from './passkeys'
import { SecondFactorDemand } from './second-factor-demand'
import { SignInPolicyCard } from './sign-in-policy'

/** What one sets for oneself. */
export function AccountScreen() {
  const t = useTranslate()
  const session = useSession()
  return (
    <>
      <PageHeader title={t('account.title')} lead={`${session?.email ?? ''} · ${t('account.tenant', { tenant: session?.tenant ?? '' })}`} />
      <SecondFactorDemand />
      <Card title={t('account.passkeys')}>
        <p className="mb-4 max-w-prose text-ink-soft">{t('account.passkeysLead')}</p>
        <Passkeys />
      </Card>
      <SignInPolicyCard />
    </>
  )
}
