import { createMiddleware } from 'hono/factory'
import type { Principal } from '../domain/tenants'
import { alertAdministrators } from './alerts'
import { originOf } from './audit-acts'
import type { ApiDeps, ApiEnv } from './deps'
import { runLater } from './later'

/** Ids as `newId` makes them. They carry 74 random bits, so nobody comes to ask for one without having seen it. */
const ID = /\b[a-z]{3}_[0-9a-f]{32}\b/g
/** Of one path; more are not looked up. */
const MAX_IDS = 2

/**
 * Notices who asks for what belongs to another tenant. The answer is 404 all the same, and as fast: whether an id exists elsewhere is
 * looked up after it. Then both tenants have a `cross_tenant_access` in their audit, and their administrators a mail: the one whose key
 * or account asked, because it may be in wrong hands, and the one that was asked for, which is told nothing of the other.
 */
export const noticeStrangers = (deps: ApiDeps) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    await next()
    if (c.res.status !== 404 || deps.ownerOf === undefined) return
    const principal: Principal | undefined = c.get('principal')
    const ids = [...new Set(c.req.path.match(ID) ?? [])].slice(0, MAX_IDS)
    if (principal === undefined || ids.length === 0) return
    const origin = originOf(c, principal)
    for (const id of ids) runLater(deps, () => tellBoth(deps, { principal, origin, id }))
  })

interface Attempt {
  principal: Principal
  origin: ReturnType<typeof originOf>
  id: string
}

async function tellBoth(deps: ApiDeps, { principal, origin, id }: Attempt): Promise<void> {
  const owner = await deps.ownerOf?.(id)
  if (owner === undefined || owner === principal.tenantId) return
  console.warn(JSON.stringify({ message: 'cross_tenant_access', requestId: origin.requestId, tenantId: principal.tenantId, owner, id }))
  const act = {
    action: 'cross_tenant_access',
    kind: 'cross_tenant_access' as const,
    outcome: 'refused' as const,
    status: 404,
    resource: { kind: 'foreign', id },
  }
  await deps
    .audit(principal.tenantId)
    .record([
      { ...act, ...origin, id: deps.newId('auditEntry'), detail: 'Asked for an id that belongs to another tenant; the answer was 404.' },
    ])
  await deps.audit(owner).record([
    {
      ...act,
      actor: { kind: 'unknown', id: 'outside' },
      address: '',
      requestId: '',
      id: deps.newId('auditEntry'),
      detail: 'Somebody who is not of this tenant asked for this id; the answer was 404.',
    },
  ])
  await alertAdministrators(deps, principal.tenantId, 'cross_tenant_access')
  await alertAdministrators(deps, owner, 'cross_tenant_access')
}
