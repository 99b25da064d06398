import { createMiddleware } from 'hono/factory'
import { ID_PREFIXES } from '../domain/ids'
import type { Principal } from '../domain/tenants'
import { alertAdministrators } from './alerts'
import { originOf } from './audit-acts'
import type { ApiDeps, ApiEnv } from './deps'
import { inVain } from './ids-in-vain'
import { runLater } from './later'

const HOUR_MS = 3_600_000
/** Attempts of one tenant on another within an hour that are entered one by one. */
const ENTERED_EACH = 20
/** Pairs of tenants that are counted at once; with more, counting begins anew. */
const MAX_PAIRS = 10_000

/**
 * Notices who asks for what belongs to another tenant, by an id in the path, the query or a JSON body. The answer is the same all the
 * same, and as fast: whether an id exists elsewhere is looked up after it, and only when the answer already was that there is no such
 * thing. Then both tenants have a `cross_tenant_access` in their audit, and their administrators a mail: the one whose key or account
 * asked, because it may be in wrong hands, and the one that was asked for, which is told nothing of the other. Nobody can fill the audit
 * of another by it: of one tenant's attempts on another the first `ENTERED_EACH` of an hour are entered, then their number as it passes
 * 100, 1,000 and so on. Names (of workflows, collections, datasets) are no ids: every tenant may have one of the same name.
 */
export const noticeStrangers = (deps: ApiDeps) => {
  const count = createCounts()
  return createMiddleware<ApiEnv>(async (c, next) => {
    await next()
    const principal: Principal | undefined = c.get('principal')
    if (principal === undefined || deps.ownerOf === undefined) return
    const askedFor = inVain(c)
    if (askedFor === undefined) return
    const attempt = { principal, origin: originOf(c, principal), status: c.res.status }
    runLater(deps, async () => {
      for (const id of await askedFor()) await tellBoth(deps, { ...attempt, id }, count)
    })
  })
}

interface Attempt {
  principal: Principal
  origin: ReturnType<typeof originOf>
  id: string
  /** Of the answer; 200 for a list that was narrowed to the id and came back empty. */
  status: number
}

/** How often one tenant asked for what is another's within the hour of `now`, this time included; each isolate counts what it sees. */
type Count = (source: string, owner: string, now: number) => { hour: number; attempts: number }

function createCounts(): Count {
  const counts = new Map<string, number>()
  let hour = 0
  return (source, owner, now) => {
    const current = Math.floor(now / HOUR_MS)
    const pair = `${source} ${owner}`
    if (current !== hour || (counts.size >= MAX_PAIRS && !counts.has(pair))) counts.clear()
    hour = current
    const attempts = (counts.get(pair) ?? 0) + 1
    counts.set(pair, attempts)
    return { hour, attempts }
  }
}

async function tellBoth(deps: ApiDeps, { principal, origin, id, status }: Attempt, count: Count): Promise<void> {
  const owner = await deps.ownerOf?.(id)
  const source = principal.tenantId
  if (owner === undefined || owner === source) return
  console.warn(JSON.stringify({ message: 'cross_tenant_access', requestId: origin.requestId, tenantId: source, owner, id }))
  const { hour, attempts } = count(source, owner, deps.clock.now().getTime())
  const isEach = attempts <= ENTERED_EACH
  if (!isEach && !/^10{2,}$/.test(String(attempts))) return
  // The same in every isolate, and an id is entered once: however many isolates see attempts, these are all the entries.
  const entryOf = (of: string) =>
    `${ID_PREFIXES.auditEntry}_${deps.credentials.hash([of, source, owner, hour, attempts].join(' ')).slice(0, 32)}`
  const act = {
    action: 'cross_tenant_access',
    kind: 'cross_tenant_access' as const,
    outcome: 'refused' as const,
    status,
    resource: { kind: 'foreign', id },
  }
  await deps.audit(source).record([{ ...act, ...origin, id: entryOf('source'), detail: detailOf(OWN, attempts) }])
  const nobody = { actor: { kind: 'unknown' as const, id: 'outside' }, address: '', requestId: '' }
  await deps.audit(owner).record([{ ...act, ...nobody, id: entryOf('owner'), detail: detailOf(FOREIGN, attempts) }])
  if (!isEach) return
  await alertAdministrators(deps, source, 'cross_tenant_access')
  await alertAdministrators(deps, owner, 'cross_tenant_access')
}

const OWN = 'Asked for an id that belongs to another tenant; nothing of it was shown.'
const FOREIGN = 'Somebody who is not of this tenant asked for this id; nothing of it was shown.'

function detailOf(what: string, attempts: number): string {
  if (attempts < ENTERED_EACH) return what
  if (attempts === ENTERED_EACH) return `${what} Further attempts of this hour are only counted.`
  return `${what} That was attempt ${attempts} within the hour, or more; not each of them has an entry.`
}
