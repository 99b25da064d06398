import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'

/** Beside the session: how the dashboard looks, and the verifier of a company sign-in, which is taken away when it is used. */
const STORING = ['api/company-sign-in.ts', 'api/session.ts', 'i18n/language.ts', 'keyboard/preference.ts', 'theme/theme.ts']
const stored = new Map<string, string>()
vi.stubGlobal('localStorage', {
  getItem: (name: string) => stored.get(name) ?? null,
  setItem: (name: string, value: string) => stored.set(name, value),
  removeItem: (name: string) => stored.delete(name),
})
const { currentSession, setSession } = await import('../../web/src/api/session')
afterEach(() => stored.clear())

test('nothing is left in the storage of the browser after the sign-out', () => {
  setSession({ accessToken: 'a', refreshToken: 'r', expiresAt: 1, tenant: 'acme', email: 'jo@acme.example' })
  expect([...stored.keys()]).toEqual(['steward.session'])
  setSession(undefined)
  expect(stored.size).toBe(0)
  expect(currentSession()).toBeUndefined()
})

test('no other part of the dashboard stores what belongs to the one who is signed in', () => {
  const root = join(import.meta.dirname, '../../web/src')
  const storing = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .filter((file) => /localStorage|sessionStorage|indexedDB|document\.cookie|\bcaches\./.test(readFileSync(join(root, file), 'utf8')))
  expect(storing.sort()).toEqual(STORING)
})
