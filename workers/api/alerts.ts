import type { SecurityEventKind } from '../domain/security-events'
import type { ApiDeps } from './deps'

/** Security events that do not wait until somebody looks at the list. */
const ALERTS = {
  cross_tenant_access: 'An id was asked for across the border between two tenants. The request was refused and nothing was shown.',
  refresh_token_reused: 'A refresh token was used twice, so it may be in wrong hands. The sign-in that it came from was ended.',
  tenant_deletion_asked:
    'The tenant is closed and will be erased with all that it holds. Until the period is over the operator can take this back.',
  login_throttled: 'Failed sign-ins have reached the limit, and further ones are refused for a while.',
} as const satisfies Partial<Record<SecurityEventKind, string>>
type AlertKind = keyof typeof ALERTS

export const isAlert = (kind: SecurityEventKind): kind is AlertKind => kind in ALERTS

/** One mail of a kind within this time: whoever can cause events must not be able to flood a mailbox. */
const WINDOW_MS = 3_600_000
const MAX_RECIPIENTS = 20
const PAGE = 100

/** Tells the administrators of a tenant by mail, once an hour for each kind. The mail holds nothing but the kind and where to look. */
export async function alertAdministrators(
  deps: Pick<ApiDeps, 'audit' | 'identity' | 'portsFor'>,
  tenantId: string,
  kind: SecurityEventKind,
): Promise<void> {
  if (!isAlert(kind)) return
  const tenant = await deps.identity.findTenant(tenantId)
  const to = await administratorsOf(deps, tenantId)
  if (tenant === undefined || to.length === 0 || !(await deps.audit(tenantId).claimAlert(kind, WINDOW_MS))) return
  await deps.portsFor(tenantId).mailer.send({
    to,
    subject: `Security alert for ${tenant.name.replace(/\s+/g, ' ')}`,
    text: `${ALERTS[kind]}

GET /api/v1/security-events?kind=${kind} lists what happened. Further events of this kind within the hour send no mail.`,
  })
}

async function administratorsOf({ identity }: Pick<ApiDeps, 'identity'>, tenantId: string): Promise<string[]> {
  const found: string[] = []
  let cursor: string | undefined
  do {
    const page = await identity.members.list(tenantId, { limit: PAGE, ...(cursor !== undefined && { cursor }) })
    found.push(...page.items.filter(({ role, disabledAt }) => role === 'admin' && disabledAt === undefined).map(({ email }) => email))
    cursor = page.nextCursor
  } while (cursor !== undefined && found.length < MAX_RECIPIENTS)
  return found.slice(0, MAX_RECIPIENTS)
}
