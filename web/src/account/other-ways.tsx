import { useMutation } from '@tanstack/react-query'
import { Building2, KeyRound } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { type CameBack, cameBack, finishCompanySignIn, leaveForCompany } from '../api/company-sign-in'
import { signInWithPasskey, wasCancelled } from '../api/passkeys'
import { useProblemText } from '../api/problem-text'
import { Button } from '../components/button'
import { TextField } from '../components/text-field'
import { useTranslate } from '../i18n/language'

interface OtherWaysProps {
  /** Where one wanted to go. */
  next: string | undefined
  onEnter: (next: string | undefined) => void
}

/** Ways to sign in without a password of ours: a passkey, and the company's own sign-in. */
export function OtherWays({ next, onEnter }: OtherWaysProps) {
  const t = useTranslate()
  const problemText = useProblemText()
  const passkey = useMutation({ mutationFn: signInWithPasskey, onSuccess: () => onEnter(next) })
  const [isCompanyOpen, setCompanyOpen] = useState(false)
  const cameBackWith = useCompanyAnswer(onEnter)
  const error = [passkey.error, cameBackWith.error].find((each) => each !== null && !wasCancelled(each))
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-4">
      {(error !== undefined || cameBackWith.refusal !== undefined) && (
        <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-bad">
          {cameBackWith.refusal === undefined ? problemText(error) : t(cameBackWith.refusal)}
        </p>
      )}
      <Button className="justify-center" disabled={passkey.isPending} onClick={() => passkey.mutate()}>
        <KeyRound aria-hidden />
        {t('signIn.passkey')}
      </Button>
      {isCompanyOpen ? (
        <CompanyForm next={next} />
      ) : (
        <Button className="justify-center" onClick={() => setCompanyOpen(true)}>
          <Building2 aria-hidden />
          {t('signIn.company')}
        </Button>
      )}
    </div>
  )
}

/** Which sign-in of which company; the browser then leaves this page. */
function CompanyForm({ next }: { next: string | undefined }) {
  const t = useTranslate()
  const leave = useMutation({ mutationFn: leaveForCompany })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string): string =>
      String(form.get(name) ?? '')
        .trim()
        .toLowerCase()
    leave.mutate({ tenant: text('tenant'), provider: text('provider'), ...(next !== undefined && { next }) })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <TextField label={t('signIn.tenant')} name="tenant" autoComplete="organization" autoCapitalize="none" spellCheck={false} required />
      <TextField
        label={t('signIn.provider')}
        hint={t('signIn.providerHint')}
        name="provider"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <Button type="submit" className="justify-center" disabled={leave.isPending}>
        {t('account.confirm')}
      </Button>
    </form>
  )
}

const REFUSALS = {
  unavailable: 'signIn.companyUnavailable',
  failed: 'signIn.companyFailed',
  refused: 'signIn.companyRefused',
} as const
const isRefusal = (error: string): error is keyof typeof REFUSALS => error in REFUSALS

/** Takes what a company's sign-in came back with out of the address, once, and signs in with it. */
function useCompanyAnswer(onEnter: (next: string | undefined) => void) {
  const answer = useRef<CameBack | undefined>(cameBack(location.hash))
  const finish = useMutation({ mutationFn: finishCompanySignIn, onSuccess: onEnter })
  const started = useRef(false)
  useEffect(() => {
    if (answer.current === undefined || started.current) return
    started.current = true
    history.replaceState(history.state, '', location.pathname + location.search)
    if ('code' in answer.current) finish.mutate(answer.current.code)
  }, [finish])
  const { current } = answer
  const refusal = current === undefined || 'code' in current ? undefined : REFUSALS[isRefusal(current.error) ? current.error : 'failed']
  return { error: finish.error, refusal }
}
