import { hc } from 'hono/client'
import type { App } from '../../../workers/api/app'
import { ApiError, readProblem } from './problem'
import { API_ORIGIN, reach } from './reach'
import { currentSession, type Session, setSession } from './session'

const { auth, api } = hc<App>(API_ORIGIN, { fetch: reachOrRefuse })
/** The routes that open a session, for those who have none. */
export const publicAuth = auth

export interface Credentials {
  tenant: string
  email: string
  password: string
  /** Of the authenticator app, when the account asks for one. */
  code?: string
}

interface TokenPair {
  accessToken: string
  refreshToken: string
  expiresIn: number
}

/** Signs in and keeps the session. */
export async function signIn(credentials: Credentials): Promise<void> {
  const answer = await (await auth.login.$post({ json: credentials })).json()
  setSession(toSession(answer, credentials))
}

/** Keeps the session of a pair of tokens that came in another way than by password: whose it is says the account itself. */
export async function enter(answer: TokenPair): Promise<void> {
  const own = await (await api.v1.account.$get({}, { headers: { Authorization: `Bearer ${answer.accessToken}` } })).json()
  setSession(toSession(answer, own))
}

/** Trades the refresh token for new ones and keeps them. */
export async function refreshSession(): Promise<Session> {
  const session = currentSession()
  if (session === undefined) throw new ApiError(401, 'unauthenticated', '')
  const next = toSession(await (await auth.refresh.$post({ json: { refreshToken: session.refreshToken } })).json(), session)
  setSession(next)
  return next
}

/** The end is counted on this machine's clock, which may differ from the server's. */
function toSession(answer: TokenPair, { tenant, email }: { tenant: string; email: string }): Session {
  return {
    accessToken: answer.accessToken,
    refreshToken: answer.refreshToken,
    expiresAt: Date.now() + answer.expiresIn * 1_000,
    tenant,
    email,
  }
}

async function reachOrRefuse(url: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await reach(url, init)
  if (response.ok) return response
  throw readProblem(response.status, await response.text())
}
