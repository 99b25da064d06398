import type { Context } from 'hono'
import { networkOf } from '../domain/addresses'
import { type AuditAct, type AuditOrigin, type AuditOutcome, INSTALLATION } from '../domain/audit'
import type { Permission } from '../domain/auth'
import { AppError } from '../domain/error'
import { ID_PREFIXES } from '../domain/ids'
import type { RunControl } from '../domain/run-control'
import { behind, type RunOrigin } from '../domain/run-origins'
import type { SecurityEventKind } from '../domain/security-events'
import type { Principal } from '../domain/tenants'
import type { ApiDeps, ApiEnv } from './deps'
import { runLater } from './later'

/** What handlers add to the entry of the act that is under way. */
export interface ActNotes {
  kind?: SecurityEventKind
  detail?: string
  resource?: { kind: string; id: string }
  before?: unknown
  after?: unknown
}
type ActDeps = Pick<ApiDeps, 'audit' | 'newId' | 'later'>

/**
 * Routes that only start a run. There are many of them a second, so they do not wait for the audit: the run itself carries who started
 * it and from where, and tells the audit from its own log.
 */
const STARTS =
  /^(?:\/api\/v1)?\/workflows\/execute$|^\/api\/v1\/(?:runs|ai\/workflows)$|^\/api\/v1\/webhooks\/[^/]+$|^(?:\/api\/v1)?\/agents\/[^/]+\/trigger$/
/** Reading that takes much out of the tenant at once is an act too. */
const TAKES_OUT = /\/(?:export|archive|certificate)$/
/** Longer answers are not looked into for the id of what was made. */
const MAX_LOOKED_INTO = 65_536
const MAX_ID = 200

/** Whether a route is an act: what asks for a permission to read is none, also where it reads by POST, as a search does. */
export const leavesEntry = ({ method, path }: { method: string; path: string }, permission: Permission): boolean =>
  TAKES_OUT.test(path) || (method !== 'GET' && method !== 'HEAD' && !permission.endsWith(':read'))

/** Whether the act of a request tells the audit by way of the run that it starts. */
export const startsRun = ({ method, path }: { method: string; path: string }): boolean => method === 'POST' && STARTS.test(path)

/**
 * Does the work of a guarded route, and enters it into the audit of its tenant: that it begins before, how it ended after, both before
 * the answer is given. What cannot be entered is not done: `unavailable`. Reading leaves no entry, unless it takes out much at once;
 * a request that was refused as wrong leaves none either, because it changed nothing.
 */
export async function audited(deps: ActDeps, c: Context<ApiEnv>, permission: Permission, work: () => Promise<void>): Promise<void> {
  if (!leavesEntry(c.req, permission) || startsRun(c.req)) return await work()
  const principal = c.get('principal')
  const audit = deps.audit(principal.tenantId)
  const begun = { ...actOf(c, principal), id: deps.newId('auditEntry'), permission }
  await audit.begin(begun)
  c.set('act', {})
  await work()
  const notes = c.get('act') ?? {}
  const outcome = outcomeOf(c.res, notes.kind !== undefined)
  const resource = notes.resource ?? begun.resource ?? (outcome === 'done' ? await madeIn(c) : undefined)
  const ended = outcome && { ...begun, ...(resource && { resource }), ...notes, outcome, status: c.res.status }
  try {
    await audit.end(begun.id, ended)
  } catch (thrown) {
    // The act is done, and that it began is stored: it will be entered with an unknown outcome.
    console.error(JSON.stringify({ message: 'the end of an act was not entered', actId: begun.id, error: String(thrown) }))
  }
}

/** Enters, after the answer, that somebody tried what they have no permission for. */
export function noteRefusal(deps: ActDeps, c: Context<ApiEnv>, principal: Principal, permission: Permission): void {
  const act: AuditAct = { ...actOf(c, principal), id: deps.newId('auditEntry'), permission, outcome: 'refused', status: 403 }
  runLater(deps, () => deps.audit(principal.tenantId).record([act]))
}

/** Of the many who may knock with a wrong token, so many an hour at most leave an entry: one for each group of networks. */
const KNOCKING_GROUPS = 256
const HOUR_MS = 3_600_000

/**
 * Enters, after the answer and into the audit of the installation, that somebody sent a token to an operator's route that is not the
 * operator's: once an hour for an address, so that nobody can fill the audit by trying. What was sent is not kept.
 */
export function noteWrongOperatorToken(deps: ActDeps & Pick<ApiDeps, 'credentials'>, c: Context<ApiEnv>): void {
  const origin = originOf(c, { kind: 'unknown', id: 'unknown' })
  const kind = 'operator_token_refused'
  const act: AuditAct = {
    ...origin,
    id: deps.newId('auditEntry'),
    action: operationOf(c.req.method, c.req.routePath),
    kind,
    outcome: 'refused',
    status: 401,
  }
  const group = Number.parseInt(deps.credentials.hash(networkOf(origin.address)).slice(0, 8), 16) % KNOCKING_GROUPS
  runLater(deps, async () => {
    const audit = deps.audit(INSTALLATION)
    if (await audit.claimAlert(`${kind} ${group}`, HOUR_MS)) await audit.record([act])
  })
}

/** Says for the entry what an edit found and what it left behind. Secrets in them are left out of the entry. */
export function noteChange(c: Context<ApiEnv>, notes: Pick<ActNotes, 'before' | 'after' | 'resource'>): void {
  const act = c.get('act')
  if (act !== undefined) Object.assign(act, notes)
}

/** Does what the operator asks, with its entry in the audit that it concerns: begun before, ended after. */
export async function auditedOperator<T>(
  deps: ActDeps,
  c: Context<ApiEnv>,
  act: { audit: string; resource?: { kind: string; id: string } },
  work: (notes: ActNotes) => Promise<T>,
): Promise<T> {
  const audit = deps.audit(act.audit)
  const begun = {
    ...originOf(c, { kind: 'operator', id: 'operator' }),
    id: deps.newId('auditEntry'),
    action: operationOf(c.req.method, c.req.routePath),
    ...(act.resource && { resource: act.resource }),
  }
  await audit.begin(begun)
  const notes: ActNotes = {}
  try {
    const value = await work(notes)
    await audit.end(begun.id, { ...begun, ...notes, outcome: 'done' })
    return value
  } catch (thrown) {
    await audit.end(
      begun.id,
      thrown instanceof AppError && thrown.code !== 'internal' ? undefined : { ...begun, ...notes, outcome: 'failed' },
    )
    throw thrown
  }
}

/** Who asks, and from where. */
export const originOf = (c: Context<ApiEnv>, { kind, id }: AuditOrigin['actor']): AuditOrigin => ({
  actor: { kind, id },
  address: c.req.header('CF-Connecting-IP') ?? '',
  requestId: c.get('requestId'),
})

/** Who asks something of a run, with the person behind a key where that is known. */
export const runOriginOf = (c: Context<ApiEnv>, principal: Principal): RunOrigin => ({
  ...originOf(c, principal),
  ...behind(principal),
})

/** Runs whose starts, forks and resumptions carry who asked for them. */
export const startedFrom = (runs: RunControl, origin: RunOrigin): RunControl => ({
  ...runs,
  resume: (runId, by) => runs.resume(runId, by, origin),
  start: (order) => runs.start({ ...order, origin }),
  fork: (runId, newRunId, request) => runs.fork(runId, newRunId, { ...request, origin }),
})

function actOf(c: Context<ApiEnv>, principal: Principal): Omit<AuditAct, 'outcome' | 'id'> {
  const resource = resourceOf(c)
  return { ...originOf(c, principal), action: operationOf(c.req.method, c.req.routePath), ...(resource && { resource }) }
}

/** The `operationId` of the OpenAPI document. */
export function operationOf(method: string, routePath: string): string {
  const words = (text: string) =>
    text
      .split(/[\W_]+/)
      .filter((word) => word !== '')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join('')
  const segments = routePath.split('/').map((segment) => (segment.startsWith(':') ? `By${words(segment.slice(1))}` : words(segment)))
  return method.toLowerCase() + segments.join('')
}

/** What the path names: `/users/usr_…/role` is about the user. */
function resourceOf(c: Context<ApiEnv>): { kind: string; id: string } | undefined {
  const [name, id] = Object.entries(c.req.param() as Record<string, string>)[0] ?? []
  if (name === undefined || id === undefined) return undefined
  return { kind: kindOf(c, id), id: id.slice(0, MAX_ID) }
}

const KINDS: Record<string, string> = Object.fromEntries(Object.entries(ID_PREFIXES).map(([kind, prefix]) => [prefix, kind]))

/** By the prefix of the id, or the place in the path for what goes by names. */
function kindOf(c: Context<ApiEnv>, id: string): string {
  const known = /^([a-z]{3})_[0-9a-f]{32}$/.exec(id)?.[1]
  const place = c.req.routePath.split('/').find((_, at, all) => all[at + 1]?.startsWith(':') === true)
  return KINDS[known ?? ''] ?? (place ?? 'unknown').replace(/ies$/, 'y').replace(/s$/, '')
}

/** What was made, by the answer: the answer itself, or the member of it that the path asks for, as the upload to `/documents` answers a `document`. */
async function madeIn(c: Context<ApiEnv>): Promise<{ kind: string; id: string } | undefined> {
  if (!/^application\/json/.test(c.res.headers.get('Content-Type') ?? '')) return undefined
  const text = await c.res.clone().text()
  if (text.length > MAX_LOOKED_INTO) return undefined
  const body: unknown = JSON.parse(text)
  const place = (c.req.routePath.split('/').findLast((segment) => segment !== '' && !segment.startsWith(':')) ?? '').replace(/s$/, '')
  const id = memberOf(body, 'id') ?? memberOf(memberOf(body, place), 'id') ?? memberOf(body, 'name')
  if (typeof id !== 'string') return undefined
  const known = /^([a-z]{3})_/.exec(id)?.[1]
  return { kind: KINDS[known ?? ''] ?? place, id: id.slice(0, MAX_ID) }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

/** Undefined: it came to nothing. */
function outcomeOf(response: Response, isNoted: boolean): AuditOutcome | undefined {
  if (response.status < 400) return 'done'
  if (response.status >= 500) return 'failed'
  return response.status === 403 || isNoted ? 'refused' : undefined
}
