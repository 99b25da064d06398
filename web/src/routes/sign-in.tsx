import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useEffect } from 'react'
import { OtherWays } from '../account/other-ways'
import { type Credentials, signIn } from '../api/auth'
import { ApiError } from '../api/problem'
import { useProblemText } from '../api/problem-text'
import { Button } from '../components/button'
import { TextField } from '../components/text-field'
import { useTranslate } from '../i18n/language'
import { Logo } from '../shell/logo'
import { LanguageSwitch, ThemeSwitch } from '../shell/preferences'

const route = getRouteApi('/sign-in')

export function SignInScreen() {
  const t = useTranslate()
  useEffect(() => {
    document.title = `${t('signIn.title')} · ${t('app.name')}`
  }, [t])
  return (
    <main className="grid min-h-screen place-items-center px-4 py-10">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex flex-col items-center gap-2 text-center">
          <Logo />
          <p className="text-ink-soft">{t('signIn.lead')}</p>
        </div>
        <SignInForm />
        <div className="mt-6 flex flex-wrap justify-center gap-2">
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </div>
    </main>
  )
}

function SignInForm() {
  const t = useTranslate()
  const problemText = useProblemText()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { next } = route.useSearch()
  const enter = (to: string | undefined) => {
    // Nothing of another person's session may be shown.
    queries.clear()
    return navigate({ to: safeNext(to) })
  }
  const attempt = useMutation({ mutationFn: signIn, onSuccess: () => enter(next) })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    attempt.mutate(readCredentials(new FormData(event.currentTarget)))
  }
  const needsCode = attempt.error instanceof ApiError && CODE_REASONS.has(attempt.error.reason)
  return (
    <div className="flex flex-col gap-4 rounded-xl border border-line bg-surface p-6 shadow-card">
      <h1 className="text-lg">{t('signIn.title')}</h1>
      {attempt.isError && (
        <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-bad">
          {problemText(attempt.error)}
        </p>
      )}
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label={t('signIn.tenant')}
          hint={t('signIn.tenantHint')}
          name="tenant"
          autoComplete="organization"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <TextField label={t('signIn.email')} name="email" type="email" autoComplete="username" required />
        <TextField label={t('signIn.password')} name="password" type="password" autoComplete="current-password" required />
        {needsCode && (
          <TextField label={t('signIn.code')} hint={t('signIn.codeHint')} name="code" autoComplete="one-time-code" autoFocus required />
        )}
        <Button type="submit" variant="primary" disabled={attempt.isPending}>
          {t(attempt.isPending ? 'signIn.busy' : 'signIn.submit')}
        </Button>
      </form>
      <OtherWays next={next} onEnter={enter} />
    </div>
  )
}

/** The password was right, and a code is asked for. */
const CODE_REASONS: ReadonlySet<string | undefined> = new Set(['second_factor_required', 'second_factor_wrong'])

function readCredentials(form: FormData): Credentials {
  const text = (name: string): string => String(form.get(name) ?? '')
  const code = text('code').trim()
  return {
    tenant: text('tenant').trim().toLowerCase(),
    email: text('email').trim(),
    password: text('password'),
    ...(code !== '' && { code }),
  }
}

/** Only a path of this site: an address from outside could send the person anywhere. */
const safeNext = (next: string | undefined): string => (next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/')
