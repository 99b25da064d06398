import { enter, publicAuth } from './auth'
import { API_ORIGIN } from './reach'

/** The text that only this tab has, without which nobody can use the code that comes back; and where one wanted to go. */
const STORAGE_KEY = 'steward.companySignIn'
const VERIFIER_BYTES = 32

/** Leaves for the company's own sign-in; the answer comes back in the fragment of the sign-in screen. */
export async function leaveForCompany({ tenant, provider, next }: { tenant: string; provider: string; next?: string }): Promise<void> {
  const verifier = hex(crypto.getRandomValues(new Uint8Array(VERIFIER_BYTES)))
  const challenge = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))))
  sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ verifier, next }))
  location.assign(`${API_ORIGIN}/api/v1/auth/oidc/${encodeURIComponent(tenant)}/${encodeURIComponent(provider)}?challenge=${challenge}`)
}

/** What stands in the fragment of an address that a company's sign-in came back to. */
export type CameBack = { code: string } | { error: string }

export function cameBack(hash: string): CameBack | undefined {
  const fragment = new URLSearchParams(hash.replace(/^#/, ''))
  const [code, error] = [fragment.get('sso_code'), fragment.get('sso_error')]
  if (code !== null) return { code }
  return error === null ? undefined : { error }
}

/** Trades the code for a session; gives where one wanted to go. */
export async function finishCompanySignIn(code: string): Promise<string | undefined> {
  const kept: unknown = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? 'null')
  sessionStorage.removeItem(STORAGE_KEY)
  await enter(await (await publicAuth.oidc.token.$post({ json: { code, verifier: textIn(kept, 'verifier') ?? '' } })).json())
  return textIn(kept, 'next')
}

function textIn(value: unknown, key: string): string | undefined {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  return typeof found === 'string' ? found : undefined
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
