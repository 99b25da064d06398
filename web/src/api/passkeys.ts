import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'
import { queryOptions } from '@tanstack/react-query'
import type { InferResponseType } from 'hono/client'
import { enter, publicAuth } from './auth'
import { api } from './client'
import { ApiError } from './problem'

export type Passkey = InferResponseType<typeof api.account.passkeys.$get, 200>['items'][number]

export const passkeysQuery = () =>
  queryOptions({
    queryKey: ['passkeys'],
    queryFn: async ({ signal }) => (await (await api.account.passkeys.$get(undefined, { init: { signal } })).json()).items,
  })

/** Has the browser make a passkey and adds it. `password` is needed unless one has just signed in. */
export async function addPasskey({ name, password }: { name: string; password?: string }): Promise<Passkey> {
  const options: unknown = await (await api.account.passkeys.options.$post({ json: password === undefined ? {} : { password } })).json()
  if (!isCreation(options)) throw new ApiError(200, 'unreadable', '')
  const credential = await startRegistration({ optionsJSON: options })
  return await (await api.account.passkeys.$post({ json: { name, credential } })).json()
}

export async function removePasskey({ id, password }: { id: string; password?: string }): Promise<void> {
  await api.account.passkeys[':id'].$delete({ param: { id }, json: password === undefined ? {} : { password } })
}

/** Lets the person choose a passkey, and signs in with it. */
export async function signInWithPasskey(): Promise<void> {
  const options: unknown = await (await publicAuth.passkeys.options.$post()).json()
  if (!isRequest(options)) throw new ApiError(200, 'unreadable', '')
  const credential = await startAuthentication({ optionsJSON: options })
  await enter(await (await publicAuth.passkeys.$post({ json: { credential } })).json())
}

/** Whether the person closed the browser's question: nothing went wrong then. */
export const wasCancelled = (error: unknown): boolean => error instanceof Error && ['NotAllowedError', 'AbortError'].includes(error.name)

const has = (value: unknown, key: string): boolean => typeof value === 'object' && value !== null && key in value
const isCreation = (value: unknown): value is PublicKeyCredentialCreationOptionsJSON =>
  ['challenge', 'rp', 'user', 'pubKeyCredParams'].every((key) => has(value, key))
const isRequest = (value: unknown): value is PublicKeyCredentialRequestOptionsJSON => has(value, 'challenge')
