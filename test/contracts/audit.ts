import { createHash } from 'node:crypto'
import { compactVerify, createLocalJWKSet } from 'jose'
import { describe, expect, test } from 'vitest'
import type { Audit, AuditAct } from '../../workers/domain/audit'
import { ChainVerifier, EXPORT_TYPE, type Verdict } from '../../workers/domain/audit-verification'

let count = 0
const nextId = () => {
  count += 1
  return count
}
export const actOf = (more: Partial<AuditAct> = {}): AuditAct => ({
  id: `aud_${nextId()}`,
  action: 'putApiV1RolesByName',
  outcome: 'done',
  actor: { kind: 'user', id: 'usr_1' },
  address: '192.0.2.1',
  requestId: 'req_1',
  ...more,
})

/** What an export of it says to who verifies it. */
export const verify = async (lines: readonly object[], keys: object[]): Promise<Verdict> =>
  await verifyTexts(
    lines.map((line) => JSON.stringify(line)),
    keys,
  )

/** The same of the lines as they are written. */
export async function verifyTexts(lines: readonly string[], keys: object[]): Promise<Verdict> {
  const keySet = createLocalJWKSet({ keys: keys as never })
  const verifier = new ChainVerifier({
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    openJws: async (jws) => {
      try {
        return JSON.parse(new TextDecoder().decode((await compactVerify(jws, keySet)).payload))
      } catch {
        return undefined
      }
    },
  })
  for (const line of lines) await verifier.read(line)
  return verifier.end()
}

/** Everything that the audit holds, as its export has it. */
export async function exported(audit: Audit, tenantId: string, keys: object[]): Promise<Record<string, unknown>[]> {
  const head = await audit.checkpoint()
  return [{ type: EXPORT_TYPE, tenantId, head: head ?? null, keys }, ...(await audit.lines(0, 10_000))].map((line) => ({ ...line }))
}

/** What every audit keeps to. */
export function auditContract(make: (tenantId: string) => Promise<{ audit: Audit; keys: object[] }>): void {
  describe('an audit', () => {
    test('numbers and chains its entries, and its export proves them', async () => {
      const { audit, keys } = await make('ten_chain')
      await audit.record([actOf(), actOf()])
      await audit.record([actOf({ before: { a: 1 }, after: { a: 2, b: [null, 'ü'] } })])
      const lines = await exported(audit, 'ten_chain', keys)
      const entries = lines.filter(({ type }) => type === 'entry')
      expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3])
      expect(entries[2]).toMatchObject({
        tenantId: 'ten_chain',
        prevHash: entries[1]?.hash,
        before: { a: 1 },
        after: { a: 2, b: [null, 'ü'] },
      })
      expect(await verify(lines, keys)).toMatchObject({ findings: [], entries: 3, signedThrough: 3 })
    })

    test('enters an act once however often it is told', async () => {
      const { audit } = await make('ten_once')
      const act = actOf()
      await Promise.all([audit.record([act, act]), audit.record([act])])
      await audit.end(act.id, act)
      expect((await audit.list({ limit: 9 })).items).toHaveLength(1)
    })

    test('enters a begun act when it ends, and none when it came to nothing', async () => {
      const { audit } = await make('ten_begun')
      const [one, two] = [actOf(), actOf()]
      await audit.begin(one)
      await audit.begin(two)
      expect((await audit.list({ limit: 9 })).items).toEqual([])
      await audit.end(one.id, { ...one, status: 200 })
      await audit.end(two.id, undefined)
      expect((await audit.list({ limit: 9 })).items).toMatchObject([{ id: one.id, status: 200, seq: 1 }])
    })

    test('lists the newest first, in pages, by actor, action, kind, resource and time', async () => {
      const { audit } = await make('ten_list')
      const role = { kind: 'role', id: 'reader' }
      await audit.record([
        actOf({ actor: { kind: 'user', id: 'usr_a' }, resource: role }),
        actOf({ actor: { kind: 'user', id: 'usr_b' }, action: 'signed_in' }),
        actOf({ actor: { kind: 'user', id: 'usr_a' }, action: 'role_saved', kind: 'role_saved', resource: { kind: 'role', id: 'other' } }),
      ])
      const seqs = async (query: object) => (await audit.list({ limit: 9, ...query })).items.map(({ seq }) => seq)
      const first = await audit.list({ limit: 2 })
      expect(first.items.map(({ seq }) => seq)).toEqual([3, 2])
      expect(await audit.list({ limit: 2, cursor: first.nextCursor ?? '' })).toMatchObject({ items: [{ seq: 1 }] })
      expect(await seqs({ actor: 'usr_a' })).toEqual([3, 1])
      expect(await seqs({ action: 'signed_in' })).toEqual([2])
      expect(await seqs({ kind: 'role_saved' })).toEqual([3])
      expect(await seqs({ isSecurity: true })).toEqual([3])
      expect(await seqs({ resourceKind: 'role', resourceId: 'reader' })).toEqual([1])
      const [{ at = '' } = {}] = first.items
      expect(await seqs({ createdTo: '2000-01-01T00:00:00.000Z' })).toEqual([])
      expect(await seqs({ createdFrom: at })).toContain(3)
    })

    test('refuses a cursor that no list gave', async () => {
      const { audit } = await make('ten_cursor')
      for (const cursor of ['null', '\uFFFD', btoa('["",""]x'), btoa('["","x"]')])
        await expect(audit.list({ limit: 9, cursor }), cursor).rejects.toMatchObject({ code: 'invalid' })
    })

    test('keeps no secret, and of a long state only its length and hash', async () => {
      const { audit } = await make('ten_secret')
      const state = { name: 'n', apiKey: { key: 'canary-1' }, password: 'canary-2', clientSecret: 'canary-3', refreshToken: 'canary-4' }
      await audit.record([actOf({ before: [state], after: { text: 'x'.repeat(40_000) } })])
      const text = JSON.stringify(await audit.lines(0, 9))
      expect(text).not.toMatch(/canary/)
      expect(text).toMatch(/"name":"n"/)
      expect(text).toMatch(/"truncated":true/)
    })

    test('gives the same checkpoint while nothing is added, and a later one after that', async () => {
      const { audit } = await make('ten_checkpoint')
      expect(await audit.checkpoint()).toBeUndefined()
      await audit.record([actOf()])
      const first = await audit.checkpoint()
      expect(await audit.checkpoint()).toEqual(first)
      await audit.record([actOf()])
      expect((await audit.checkpoint())?.seq).toBe(2)
      expect((await audit.lines(0, 9)).map(({ type, seq }) => `${type} ${seq}`)).toEqual([
        'entry 1',
        'checkpoint 1',
        'entry 2',
        'checkpoint 2',
      ])
    })

    test('lets one alert of a kind through in a window', async () => {
      const { audit } = await make('ten_alert')
      expect(await Promise.all([audit.claimAlert('a', 60_000), audit.claimAlert('a', 60_000)])).toEqual([true, false])
      expect(await audit.claimAlert('b', 60_000)).toBe(true)
    })
  })
}
