import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { signInWithPasskey, wasCancelled } from '../api/passkeys'
import { useProblemText } from '../api/problem-text'
import { setSession } from '../api/session'
import { Button } from '../components/button'
import { Card } from '../components/card'
import { toast } from '../components/toast'
import { useTranslate } from '../i18n/language'
import { whoQuery } from './who'

/** Says, where the company asks for a second factor and this sign-in has none, why nothing else opens and what to do; else nothing. */
export function SecondFactorDemand() {
  const t = useTranslate()
  const problemText = useProblemText()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { data: who } = useQuery(whoQuery())
  const passkey = useMutation({
    mutationFn: signInWithPasskey,
    onSuccess: async () => {
      // Everything was refused until now.
      await queries.resetQueries()
      await navigate({ to: '/' })
    },
    onError: (error) => {
      if (!wasCancelled(error)) toast('bad', problemText(error))
    },
  })
  const lack = who?.secondFactor
  if (lack === undefined) return null
  return (
    <Card title={t('account.demandTitle')} className="mb-5">
      <p role="status" className="max-w-prose">
        {t(lack === 'to_enrol' ? 'account.demandEnrol' : 'account.demandProve')}
      </p>
      {lack === 'to_prove' && (
        <div className="mt-4 flex flex-wrap gap-3">
          <Button variant="primary" disabled={passkey.isPending} onClick={() => passkey.mutate()}>
            <KeyRound aria-hidden />
            {t('signIn.passkey')}
          </Button>
          <Button onClick={() => setSession(undefined)}>{t('account.demandAgain')}</Button>
        </div>
      )}
    </Card>
  )
}
