import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { InferRequestType } from 'hono/client'
import { type FormEvent, useState } from 'react'
import { api } from '../api/client'
import { useProblemText } from '../api/problem-text'
import { Button } from '../components/button'
import { Card } from '../components/card'
import { SelectField } from '../components/select-field'
import { TextField } from '../components/text-field'
import { toast } from '../components/toast'
import { useTranslate } from '../i18n/language'
import { whoQuery } from './who'

const route = api.tenant['sign-in-policy']
type Policy = Required<InferRequestType<typeof route.$put>['json']>

const policyQuery = () =>
  queryOptions({
    queryKey: ['sign-in-policy'],
    queryFn: async ({ signal }) => await (await route.$get(undefined, { init: { signal } })).json(),
  })

/** What the company asks of sign-ins, for those who may decide that; nothing for others. */
export function SignInPolicyCard() {
  const t = useTranslate()
  const { data: who } = useQuery(whoQuery())
  const mayDecide = who?.secondFactor === undefined && (who?.permissions?.includes('identity_providers:write') ?? who?.role === 'admin')
  const { data: policy } = useQuery({ ...policyQuery(), enabled: mayDecide })
  if (!mayDecide || policy === undefined) return null
  return (
    <Card title={t('account.policy')} className="mt-5">
      <p className="mb-4 max-w-prose text-ink-soft">{t('account.policyLead')}</p>
      <PolicyForm policy={policy} />
    </Card>
  )
}

function PolicyForm({ policy }: { policy: Policy }) {
  const t = useTranslate()
  const problemText = useProblemText()
  const queries = useQueryClient()
  const [required, setRequired] = useState(policy.requireSecondFactor)
  const save = useMutation({
    mutationFn: async (json: Policy) => await (await route.$put({ json })).json(),
    onSuccess: () => {
      toast('good', t('account.policySaved'))
      return Promise.all([policyQuery().queryKey, whoQuery().queryKey].map((queryKey) => queries.invalidateQueries({ queryKey })))
    },
    onError: (error) => toast('bad', problemText(error)),
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const hours = String(form.get('absoluteHours') ?? '')
    save.mutate({
      requireSecondFactor: required,
      idleMinutes: Number(form.get('idleMinutes')),
      absoluteHours: hours === '' ? null : Number(hours),
    })
  }
  const whom = ['none', 'administrators', 'everyone'] as const
  return (
    <form onSubmit={submit} className="flex max-w-md flex-col gap-4">
      <SelectField
        label={t('account.policyFactor')}
        value={required}
        options={whom.map((value) => ({ value, label: t(`account.policyFactor.${value}`) }))}
        onChange={setRequired}
      />
      <TextField
        label={t('account.policyIdle')}
        hint={t('account.policyIdleHint')}
        {...{ name: 'idleMinutes', type: 'number', min: 5, max: 10_080, required: true, defaultValue: policy.idleMinutes }}
      />
      <TextField
        label={t('account.policyAge')}
        hint={t('account.policyAgeHint')}
        {...{ name: 'absoluteHours', type: 'number', min: 1, max: 8_760, defaultValue: policy.absoluteHours ?? '' }}
      />
      <Button type="submit" variant="primary" disabled={save.isPending} className="self-start">
        {t('account.policySave')}
      </Button>
    </form>
  )
}
