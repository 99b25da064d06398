import type { Audit, AuditAnswer, AuditCall } from '../domain/audit'
import { AppError, unwrap } from '../domain/error'
import type { TenantObject } from '../domain/tenant-control'

/** The object may be moving; one more try finds it where it is now. Acts carry their ids, so a second try enters nothing twice. */
const TRIES = 2
const RETRY_MS = 2_000

/** The audit of a tenant, kept by the tenant's object. What cannot be stored is refused with `unavailable`. */
export function createObjectAudit(tenant: () => Pick<TenantObject, 'audit'>): Audit {
  const ask = async <G extends AuditAnswer['got']>(call: AuditCall, got: G): Promise<Extract<AuditAnswer, { got: G }>> => {
    const answer = await tryTwice(tenant, call)
    if (answer.got === got) return answer as Extract<AuditAnswer, { got: G }>
    throw new AppError('internal', 'The audit answered something else than it was asked.')
  }
  return {
    begin: async (act) => void (await ask({ ask: 'begin', act }, 'stored')),
    end: async (id, act) => void (await ask({ ask: 'end', id, act: act ?? null }, 'stored')),
    record: async (acts) => void (acts.length > 0 && (await ask({ ask: 'record', acts }, 'stored'))),
    list: async (query) => (await ask({ ask: 'list', query }, 'page')).page,
    lines: async (after, limit) => (await ask({ ask: 'lines', after, limit }, 'lines')).lines,
    checkpoint: async () => (await ask({ ask: 'checkpoint' }, 'checkpoint')).checkpoint ?? undefined,
    claimAlert: async (kind, windowMs) => (await ask({ ask: 'alert', kind, windowMs }, 'alert')).isFirst,
  }
}

async function tryTwice(tenant: () => Pick<TenantObject, 'audit'>, call: AuditCall): Promise<AuditAnswer> {
  let cause: unknown
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      return unwrap(await tenant().audit(call))
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown
      cause = thrown
    }
  }
  throw new AppError('unavailable', 'The audit cannot be written at the moment, and nothing is done unrecorded; try again.', {
    cause,
    retryAfterMs: RETRY_MS,
    reason: 'not_audited',
  })
}
