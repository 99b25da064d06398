import { useSyncExternalStore } from 'react'

/** Who is signed in here. Tokens are the API's; `expiresAt` is the access token's end in milliseconds since 1970. */
export interface Session {
  accessToken: string
  refreshToken: string
  expiresAt: number
  tenant: string
  email: string
}

const STORAGE_KEY = 'steward.session'
const listeners = new Set<() => void>()
let session = load()

function load(): Session | undefined {
  const stored = globalThis.localStorage?.getItem(STORAGE_KEY)
  if (stored === null || stored === undefined) return undefined
  const value: unknown = JSON.parse(stored)
  return isSession(value) ? value : undefined
}

function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null) return false
  const text = (key: string): boolean => key in value && typeof Reflect.get(value, key) === 'string'
  return ['accessToken', 'refreshToken', 'tenant', 'email'].every(text) && 'expiresAt' in value && typeof value.expiresAt === 'number'
}

export const currentSession = (): Session | undefined => session

/** The session as the store has it now: another tab may have renewed it a moment ago, before its event came here. */
export function reloadSession(): Session | undefined {
  session = load()
  return session
}

/** Keeps the session across reloads and tells every screen; `undefined` signs out. */
export function setSession(next: Session | undefined): void {
  session = next
  if (next === undefined) localStorage.removeItem(STORAGE_KEY)
  else localStorage.setItem(STORAGE_KEY, JSON.stringify(next))
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  // Signing out in one tab signs out the others.
  const fromOtherTab = (event: StorageEvent): void => {
    if (event.key !== STORAGE_KEY) return
    session = load()
    listener()
  }
  listeners.add(listener)
  window.addEventListener('storage', fromOtherTab)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', fromOtherTab)
  }
}

export const useSession = (): Session | undefined => useSyncExternalStore(subscribe, currentSession)
