import { hc } from 'hono/client'
import type { App } from '../../../workers/api/app'
import { refreshSession } from './auth'
import { ApiError, readProblem } from './problem'
import { API_ORIGIN, reach } from './reach'
import { currentSession, reloadSession, setSession } from './session'

/** Renewed this long before its end, so that a call seldom meets a 401. */
const RENEW_BEFORE_MS = 30_000

/** The API as the signed-in person: typed by the server's routes. Refusals are thrown as ApiError. */
export const api = hc<App>(API_ORIGIN, { fetch: authorised }).api.v1

/** A token that lives a while yet. */
export async function accessToken(): Promise<string> {
  const session = currentSession()
  if (session === undefined) throw new ApiError(401, 'unauthenticated', '')
  return session.expiresAt - Date.now() > RENEW_BEFORE_MS ? session.accessToken : (await renew()).accessToken
}

async function authorised(url: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  const first = await send(url, init, await accessToken())
  const response = first.status === 401 ? await send(url, init, (await renew()).accessToken) : first
  if (response.ok) return response
  throw readProblem(response.status, await response.text())
}

/** Calls that meet the token's end together share one renewal: a refresh token is good only once. */
let renewal: ReturnType<typeof refreshSession> | undefined
async function renew() {
  renewal ??= renewOnce().finally(() => {
    renewal = undefined
  })
  try {
    return await renewal
  } catch (error) {
    if (error instanceof ApiError && error.status !== 0 && error.status < 500) setSession(undefined)
    throw error
  }
}

/**
 * One tab renews at a time, and one that waited takes what the other got: the same refresh token sent twice means to the server that it
 * was stolen, and ends the session everywhere.
 */
async function renewOnce() {
  const before = currentSession()?.refreshToken
  const work = async () => {
    const stored = reloadSession()
    return stored !== undefined && stored.refreshToken !== before ? stored : await refreshSession()
  }
  // Browsers have no locks on pages without TLS; a session is then renewed as if there were one tab.
  return await (navigator.locks === undefined ? work() : navigator.locks.request('steward.renewal', work))
}

async function send(url: RequestInfo | URL, init: RequestInit, token: string): Promise<Response> {
  const headers = new Headers(init.headers)
  headers.set('Authorization', `Bearer ${token}`)
  return await reach(url, { ...init, headers })
}
