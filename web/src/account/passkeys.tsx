import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { addPasskey, type Passkey, passkeysQuery, removePasskey, wasCancelled } from '../api/passkeys'
import { ApiError } from '../api/problem'
import { useProblemText } from '../api/problem-text'
import { Badge } from '../components/badge'
import { Button } from '../components/button'
import { EmptyState, ErrorState, LoadingState } from '../components/states'
import { TextField } from '../components/text-field'
import { toast } from '../components/toast'
import { useFormat, useTranslate } from '../i18n/language'
import { ConfirmPerson } from './confirm-person'
import { whoQuery } from './who'

/** What the person wants; with a password when the server asked for one. */
type Order = ({ kind: 'add'; name: string } | { kind: 'remove'; id: string }) & { password?: string }

const PERSON_REASONS: ReadonlySet<string | undefined> = new Set(['reauthentication_required', 'wrong_password'])
const asksWhoItIs = (error: unknown): boolean => error instanceof ApiError && PERSON_REASONS.has(error.reason)

/** The person's passkeys: seen, added and removed. */
export function Passkeys() {
  const t = useTranslate()
  const problemText = useProblemText()
  const queries = useQueryClient()
  const query = useQuery(passkeysQuery())
  const change = useMutation({
    mutationFn: async (order: Order): Promise<void> => {
      if (order.kind === 'add') await addPasskey(order)
      else await removePasskey(order)
    },
    onSuccess: (_, { kind }) => {
      toast('good', t(kind === 'add' ? 'account.passkeyAdded' : 'account.passkeyRemoved'))
      const known = [passkeysQuery().queryKey, whoQuery().queryKey]
      return Promise.all(known.map((queryKey) => queries.invalidateQueries({ queryKey })))
    },
    onError: (error) => {
      if (!asksWhoItIs(error) && !wasCancelled(error)) toast('bad', problemText(error))
    },
  })
  const { variables: order, error } = change
  return (
    <>
      {query.isPending && <LoadingState />}
      {query.isError && query.data === undefined && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.length === 0 && <EmptyState icon={KeyRound} title={t('account.passkeysEmpty')} text="" />}
      <ul className="divide-y divide-line">
        {query.data?.map((passkey) => (
          <PasskeyRow key={passkey.id} passkey={passkey} onRemove={() => change.mutate({ kind: 'remove', id: passkey.id })} />
        ))}
      </ul>
      <AddPasskey isBusy={change.isPending} onAdd={(name) => change.mutate({ kind: 'add', name })} />
      {order !== undefined && asksWhoItIs(error) && (
        <ConfirmPerson
          problem={order.password === undefined ? undefined : problemText(error)}
          isBusy={change.isPending}
          onConfirm={(password) => change.mutate({ ...order, password })}
          onClose={change.reset}
        />
      )}
    </>
  )
}

function PasskeyRow({ passkey, onRemove }: { passkey: Passkey; onRemove: () => void }) {
  const t = useTranslate()
  const format = useFormat()
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2.5">
      <KeyRound aria-hidden className="size-4 text-ink-faint" />
      <div className="min-w-40 flex-1">
        <p className="font-semibold">{passkey.name}</p>
        <p className="text-xs text-ink-soft">
          {t('account.passkeyCreated', { when: format.dateTime(passkey.createdAt) })}
          {passkey.lastUsedAt !== undefined && `, ${t('account.passkeyUsed', { when: format.dateTime(passkey.lastUsedAt) })}`}
        </p>
      </div>
      {passkey.isSynced && <Badge tone="neutral">{t('account.passkeySynced')}</Badge>}
      <Button variant="ghost" size="icon" label={t('account.passkeyRemove', { name: passkey.name })} onClick={onRemove}>
        <Trash2 aria-hidden />
      </Button>
    </li>
  )
}

function AddPasskey({ isBusy, onAdd }: { isBusy: boolean; onAdd: (name: string) => void }) {
  const t = useTranslate()
  const [name, setName] = useState('')
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    onAdd(name.trim())
    setName('')
  }
  return (
    <form onSubmit={submit} className="mt-4 flex flex-wrap items-end gap-3">
      <div className="w-72 max-w-full">
        <TextField
          label={t('account.passkeyName')}
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={100}
          required
        />
      </div>
      <Button type="submit" variant="primary" disabled={isBusy}>
        {t('account.passkeyAdd')}
      </Button>
    </form>
  )
}
