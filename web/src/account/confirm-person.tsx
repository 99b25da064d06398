import { type FormEvent, useId } from 'react'
import { Button } from '../components/button'
import { Dialog } from '../components/dialog'
import { TextField } from '../components/text-field'
import { useTranslate } from '../i18n/language'

interface ConfirmPersonProps {
  /** What was wrong with the last try. */
  problem: string | undefined
  isBusy: boolean
  onConfirm: (password: string) => void
  onClose: () => void
}

/** Asks for the password before something that an open device alone may not do. */
export function ConfirmPerson({ problem, isBusy, onConfirm, onClose }: ConfirmPersonProps) {
  const t = useTranslate()
  const form = useId()
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    onConfirm(String(new FormData(event.currentTarget).get('password') ?? ''))
  }
  return (
    <Dialog
      title={t('account.confirmTitle')}
      onClose={onClose}
      actions={
        <Button type="submit" form={form} variant="primary" disabled={isBusy}>
          {t('account.confirm')}
        </Button>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-3">
        <p>{t('account.confirmLead')}</p>
        {problem !== undefined && (
          <p role="alert" className="text-bad">
            {problem}
          </p>
        )}
        <TextField label={t('signIn.password')} name="password" type="password" autoComplete="current-password" required />
      </form>
    </Dialog>
  )
}
