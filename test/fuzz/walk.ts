import { remember } from './orders.ts'
import type { FuzzRequest, Requests, World } from './requests.ts'

export interface Finding {
  what: string
  seed: number
  number: number
  request: string
  answer: string
}
export interface Walk {
  requests: Requests
  world: World
  seed: number
  from: number
  count: number
  /** An answer that takes longer hangs. */
  capMs: number
  send(request: FuzzRequest, signal: AbortSignal): Promise<Response>
}
export interface Walked {
  findings: Finding[]
  /** Answers by status. */
  statuses: Record<number, number>
  /** Routes that were answered at least once with success, or with a refusal for what there is and not for the form of the request. */
  opened: Set<string>
}

/** Refused for what there is: the conflict of two states, an edit that came late, a body that was understood. */
const BEHIND_THE_DOOR = new Set([409, 412, 422])

const CODES = /^(?:invalid|unauthenticated|over_budget|forbidden|not_found|conflict|too_large|rate_limited|unavailable)$/
const INTERNALS = /SQLITE_|D1_ERROR|\.(?:ts|js):\d+:\d+|at (?:async )?[A-Za-z.]+ \(|ZodError|TypeError:|node_modules/
const ID = /^[a-z]{3}_[0-9a-f]{32}$/
const NAMED = /^[a-z0-9][a-z0-9_.-]{0,40}$/
/** Not the tenants: one of them is who asks, and the operator's routes could close it. */
const NOT_LEARNT = new Set(['tenants'])
const MAX_KNOWN = 40

/** Sends the requests one after the other and judges every answer. */
export async function walk({ requests, world, seed, from, count, capMs, send }: Walk): Promise<Walked> {
  const walked: Walked = { findings: [], statuses: {}, opened: new Set() }
  for (let number = from; number < from + count; number += 1) {
    const request = requests.make(number)
    const { status, text, type, failure } = await sent(request, capMs, send)
    walked.statuses[status] = (walked.statuses[status] ?? 0) + 1
    if ((status >= 200 && status < 400) || BEHIND_THE_DOOR.has(status)) walked.opened.add(`${request.method} ${request.route}`)
    if (status >= 200 && status < 300) {
      learn(world, request.route, text)
      remember(world, request, type, text)
    }
    const what = failure ?? judge(request, status, type, text)
    if (what !== undefined) walked.findings.push({ what, seed, number, request: shown(request), answer: `${status} ${text.slice(0, 400)}` })
  }
  return walked
}

/** Keeps what an answer names, by the word of the path that it stands under, so that later requests ask for what there is. */
function learn({ ids, places }: World, route: string, text: string): void {
  // People of another tenant.
  if (route === '/api/v1/tenants') return
  const last = route.split('/').findLast((part, at, all) => !part.startsWith('{') && (all[at + 1]?.startsWith('{') ?? true)) ?? ''
  const word = last === 'Groups' ? 'groups' : last
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return
  }
  const rows = [
    body,
    ...membersOf(body, 'items'),
    ...membersOf(body, 'Resources'),
    ...Object.values(typeof body === 'object' && body !== null ? body : {}),
  ]
  for (const row of rows)
    for (const member of ['id', 'name', 'slug', 'documentId', 'runId']) {
      const value: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, member) : undefined
      if (typeof value !== 'string') continue
      const kind = KIND_OF[value.slice(0, 4)] ?? word
      if (NOT_LEARNT.has(kind) || !(ID.test(value) || NAMED.test(value))) continue
      places[kind] ??= []
      const known = places[kind]
      if (known.length < MAX_KNOWN && !known.includes(value)) known.push(value)
      if (ID.test(value) && ids.length < 2 * MAX_KNOWN && !ids.includes(value)) ids.push(value)
    }
}

const KIND_OF: Record<string, string> = {
  doc_: 'documents',
  run_: 'runs',
  rep_: 'reports',
  evl_: 'evaluations',
  col_: 'collections',
  sva_: 'service-accounts',
  usr_: 'users',
  dsr_: 'data-subjects',
  ten_: 'tenants',
  psk_: 'passkeys',
  ott_: 'invitations',
}
const membersOf = (body: unknown, name: string): unknown[] => {
  const list: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
  return Array.isArray(list) ? list : []
}

async function sent(request: FuzzRequest, capMs: number, send: Walk['send']) {
  const end = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      end.abort()
      reject(new Error(`no answer in ${capMs} ms`))
    }, capMs)
  })
  const whole = async () => {
    const response = await send(request, end.signal)
    return { status: response.status, type: response.headers.get('Content-Type') ?? '', text: await response.text(), failure: undefined }
  }
  try {
    return await Promise.race([whole(), late])
  } catch (thrown) {
    return { status: 0, type: '', text: '', failure: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown) }
  } finally {
    clearTimeout(timer)
  }
}

/** What is wrong with an answer, or undefined. */
export function judge({ route }: Pick<FuzzRequest, 'route'>, status: number, type: string, text: string): string | undefined {
  if (status >= 500) return 'the server failed'
  if (INTERNALS.test(text) && status >= 400) return 'the answer shows internals'
  if (status < 400) return undefined
  const isScim = route.startsWith('/api/v1/scim/v2')
  let body: Record<string, unknown>
  try {
    body = JSON.parse(text) as Record<string, unknown>
  } catch {
    return 'the refusal is no JSON'
  }
  // SCIM has a body of its own for errors (RFC 7644, 3.12), which its clients insist on.
  if (isScim && type.startsWith('application/scim+json'))
    return body.status === String(status) && typeof body.detail === 'string' ? undefined : 'the refusal is no error of SCIM'
  if (!type.startsWith('application/problem+json')) return `the refusal is ${type}, not application/problem+json`
  if (!CODES.test(String(body.code))) return `the refusal has the code ${String(body.code)}`
  if (body.status !== status || typeof body.detail !== 'string' || body.detail === '') return 'the refusal does not say what is wrong'
  return undefined
}

const shown = ({ method, path, headers, body }: FuzzRequest): string =>
  `${method} ${path.slice(0, 400)} ${headers['Content-Type'] ?? ''} ${typeof body === 'string' ? body.slice(0, 600) : `${body?.length ?? 0} bytes`}`
