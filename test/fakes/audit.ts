import { createHash } from 'node:crypto'
import { CompactSign, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import {
  type Audit,
  type AuditAct,
  type AuditCheckpoint,
  type AuditEntry,
  actToSeal,
  type CheckpointClaim,
  sealText,
} from '../../workers/domain/audit'
import { canonicalJson } from '../../workers/domain/json'
import { decodePlace, pageOf } from '../../workers/domain/pages'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** A key that signs checkpoints, with its public half. */
export async function createAuditKey() {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  return {
    publicJwk: { ...jwk, kid, alg: 'ES256' },
    sign: async (claim: CheckpointClaim) =>
      await new CompactSign(new TextEncoder().encode(canonicalJson(claim))).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey),
  }
}
let key: ReturnType<typeof createAuditKey> | undefined
export const fakeAuditKey = () => {
  key ??= createAuditKey()
  return key
}

/** The audit of one tenant in memory, chained like the real one. What is begun, all entries, and a switch that breaks it, are open to tests. */
export function createFakeAudit(tenantId: string, clock: { now(): Date }) {
  const entries: AuditEntry[] = []
  const checkpoints = new Map<number, AuditCheckpoint>()
  const alerts = new Map<string, number>()
  const begun: Omit<AuditAct, 'outcome'>[] = []
  const add = (act: AuditAct) => {
    if (entries.some(({ id }) => id === act.id)) return
    const last = entries.at(-1)
    const content = {
      ...actToSeal(act, sha256),
      type: 'entry' as const,
      tenantId,
      seq: entries.length + 1,
      at: clock.now().toISOString(),
      prevHash: last?.hash ?? '',
    }
    entries.push({ ...content, hash: sha256(sealText(content)) })
  }
  const open = { entries, begun, isAway: false }
  const present = () => {
    if (open.isAway) throw new Error('the audit is away')
  }
  const audit: Audit = {
    begin: async (act) => {
      present()
      begun.push(act)
    },
    end: async (_id, act) => {
      present()
      if (act !== undefined) add(act)
    },
    record: async (acts) => {
      present()
      for (const act of acts) add(act)
    },
    list: async ({ limit, cursor, isSecurity, actor, action, kind, resourceKind, resourceId, createdFrom = '', createdTo = '~' }) => {
      const before = cursor === undefined ? Number.POSITIVE_INFINITY : decodePlace(cursor)
      const chosen = entries.filter(
        (entry) =>
          entry.seq < before &&
          (isSecurity !== true || entry.kind !== undefined) &&
          (actor ?? entry.actor.id) === entry.actor.id &&
          (action ?? entry.action) === entry.action &&
          (kind ?? entry.kind) === entry.kind &&
          (resourceKind ?? entry.resource?.kind) === entry.resource?.kind &&
          (resourceId ?? entry.resource?.id) === entry.resource?.id &&
          entry.at >= createdFrom &&
          entry.at < createdTo,
      )
      return pageOf(chosen.reverse().slice(0, limit + 1), limit, ({ at, seq }) => ({ at, id: String(seq) }))
    },
    lines: async (after, limit) =>
      entries
        .filter(({ seq }) => seq > after)
        .slice(0, limit)
        .flatMap((entry) => [entry, ...(checkpoints.has(entry.seq) ? [checkpoints.get(entry.seq) as AuditCheckpoint] : [])]),
    checkpoint: async () => {
      const last = entries.at(-1)
      if (last === undefined) return undefined
      const claim = { tenantId, seq: last.seq, hash: last.hash, at: clock.now().toISOString() }
      const { sign } = await fakeAuditKey()
      const jws = await sign({ purpose: 'steward-audit-checkpoint', ...claim })
      const made = checkpoints.get(last.seq) ?? { ...claim, type: 'checkpoint' as const, jws }
      checkpoints.set(last.seq, made)
      return made
    },
    claimAlert: async (alert, windowMs) => {
      const now = clock.now().getTime()
      if ((alerts.get(alert) ?? Number.NEGATIVE_INFINITY) > now - windowMs) return false
      alerts.set(alert, now)
      return true
    },
  }
  return { ...audit, entries, open }
}
