import { beforeAll, describe, expect, test } from 'vitest'
import { LAST_TABLE, LEFT_OUT_OF_ARCHIVES, LEFT_OUT_OF_BACKUPS, tablesOf } from '../../workers/adapters/d1-backup-rows'
import { FILE_PART_BYTES } from '../../workers/adapters/r2-backup-files'
import type { Part } from '../../workers/domain/backup-parts'
import { PLANS } from '../../workers/domain/plans'
import { openDoors } from '../../workers/doors'
import { createAuditSigner, createDoorPorts } from '../../workers/env'
import { takeParts } from '../../workers/restore'
import { verify } from '../contracts/audit'
import {
  ask,
  backup,
  env,
  KEY,
  type Member,
  migrate,
  OPERATOR,
  other,
  partsOf,
  restore,
  rewritten,
  searched,
  secretOf,
  seed,
  seen,
  streamOf,
} from './backup-stage'

/** As the tenant's object keeps the plan. */
const PLAN_ROW = JSON.stringify(['plan', JSON.stringify({ ...PLANS.enterprise, name: 'mega', seats: 999_999 })])
let acme: Member
let globex: Member
beforeAll(async () => {
  await migrate()
  acme = await seed('acme')
  globex = await seed('globex')
}, 60_000)

test('every table of D1 is in a backup, or left out for a reason', async () => {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'",
  ).all<{ name: string }>()
  const tables = [...tablesOf('installation'), LAST_TABLE, ...Object.keys(LEFT_OUT_OF_BACKUPS)]
  expect(results.map(({ name }) => name).filter((name) => !tables.includes(name))).toEqual([])
  const ofTenants = [...tablesOf('tenant'), LAST_TABLE, ...Object.keys(LEFT_OUT_OF_ARCHIVES)]
  expect(tablesOf('installation').filter((name) => !ofTenants.includes(name))).toEqual([])
  expect(tablesOf('tenant').length).toBeGreaterThan(30)
})

describe('the archive of a tenant', () => {
  test('is taken by an installation with another master key, which then shows and does the same', async () => {
    const before = await seen(env, acme)
    const file = await backup({ tenantId: acme.id, archiveKey: KEY })
    expect(new TextDecoder('latin1').decode(file)).not.toContain('canary-acme')
    expect(new TextDecoder('latin1').decode(file)).not.toContain(globex.id)

    await expect(takeParts(other, { archiveKey: new Uint8Array(32) }, streamOf(file))).rejects.toThrow('not the archive key')
    const done = await restore(file, KEY)
    expect(done).toMatchObject({ isFinished: true, tenantId: acme.id, still: 0 })

    expect(await seen(other, acme)).toEqual(before)
    expect(await secretOf(other, acme)).toBe('canary-acme')
    expect(await searched(other, acme)).toEqual(await searched(env, acme))
    const long = await other.FILES.get(`tenants/${acme.id}/long`)
    expect(long).toMatchObject({ size: FILE_PART_BYTES + 100, httpMetadata: { contentType: 'x/y' }, customMetadata: { sealed: '1' } })
    expect(new Uint8Array((await long?.arrayBuffer()) ?? new ArrayBuffer()).every((byte) => byte === 5)).toBe(true)

    const [approval] = (await ask(other, acme.key, 'GET', `/api/v1/runs/${acme.run}`)).approvals
    await ask(other, acme.key, 'PUT', `/api/v1/runs/${acme.run}/continue`, { approvalId: approval.id, decision: 'approve' })
    await expect.poll(async () => (await ask(other, acme.key, 'GET', `/api/v1/runs/${acme.run}`)).status).toBe('completed')
    await expect.poll(async () => (await ask(other, acme.key, 'GET', '/api/v1/runs')).items[0].status).toBe('completed')
    expect((await ask(env, acme.key, 'GET', `/api/v1/runs/${acme.run}`)).status).toBe('waiting')
  })

  test('brings the audit, whose chain verifies and goes on', async () => {
    const { app } = await openDoors(other)
    const headers = { Authorization: `Bearer ${acme.key}` }
    const exported = await (await app.request('/api/v1/audit/export', { headers }, other)).text()
    const keys = [...(await createAuditSigner(env).publicKeys()), ...(await createAuditSigner(other).publicKeys())]
    const verdict = await verify(
      exported
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
      keys,
    )
    expect(verdict).toMatchObject({ findings: [] })
    expect(verdict.entries).toBeGreaterThan(3)
  })

  test('is refused where the tenant is already', async () => {
    await expect(restore(await backup({ tenantId: acme.id, archiveKey: KEY }), KEY)).rejects.toThrow('is here already')
  })

  test('with rows, files or objects of another tenant is refused', async () => {
    const parts = await partsOf(await backup({ tenantId: globex.id, archiveKey: KEY }))
    const swap = (text: Uint8Array<ArrayBuffer>) =>
      new Uint8Array(new TextEncoder().encode(new TextDecoder().decode(text).replaceAll(globex.id, acme.id)))
    for (const kind of ['rows', 'object', 'file']) {
      const forged = await rewritten(
        parts.filter(({ head }) => head.kind === 'manifest' || head.kind === kind).map((part, n) => ({ ...part, n })),
        ({ head, body }) => {
          if (head.kind === 'manifest') return { head: { ...head, id: `bak_${crypto.randomUUID()}` }, body }
          if (head.kind === 'object') return { head: { ...head, tenantId: acme.id }, body }
          return head.kind === 'file' ? { head: { ...head, key: head.key.replace(globex.id, acme.id) }, body } : { head, body: swap(body) }
        },
      )
      await expect(takeParts(other, { archiveKey: KEY }, streamOf(forged)), kind).rejects.toThrow(/of another tenant/)
    }
  })

  describe('that was tampered with', () => {
    const text = (body: Uint8Array) => new TextDecoder().decode(body)
    const bytes = (body: string) => new Uint8Array(new TextEncoder().encode(body))
    const forge = async (slug: string, change: (part: Part, id: string) => Pick<Part, 'head' | 'body'>) => {
      const member = await seed(slug)
      const parts = await partsOf(await backup({ tenantId: member.id, archiveKey: KEY }))
      return { member, file: await rewritten(parts, (part) => change(part, member.id)) }
    }

    test('makes no run act as another tenant: it is refused, and nothing of the run is left', async () => {
      const { member, file } = await forge('thief', ({ head, body }, id) =>
        head.kind === 'object' && head.class === 'Run' ? { head, body: bytes(text(body).replaceAll(id, globex.id)) } : { head, body },
      )
      await expect(restore(file, KEY)).rejects.toThrow(/of another tenant or object/)
      expect(await other.RUN.getByName(`${member.id}/${member.run}`).dump('')).toMatchObject({ ok: true, value: { rows: 0 } })
      const still = 'SELECT count(*) AS still FROM still_objects WHERE tenant_id = ? AND class = ?'
      expect(await other.DB.prepare(still).bind(member.id, 'Run').first('still')).toBe(0)
      await expect(ask(other, member.key, 'GET', '/api/v1/runs')).rejects.toThrow('401')
    })

    test('brings neither plan nor suspension nor counted storage, which are what the operator says', async () => {
      const { member, file } = await forge('cheat', ({ head, body }) => {
        if (head.kind === 'object' && head.class === 'Tenant')
          return {
            head,
            body: bytes(text(body).replace('{"table":"settings","columns":["name","value"]}\n', (line) => `${line}${PLAN_ROW}\n`)),
          }
        if (head.kind !== 'rows') return { head, body }
        const rows = text(body)
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown[])
        const set = (column: string, value: unknown) => {
          for (const row of rows) row[head.columns.indexOf(column)] = value
        }
        if (head.table === 'tenants') set('suspended_at', '2026-01-01T00:00:00.000Z')
        if (head.table === 'tenant_storage') set('bytes', -1e12)
        if (head.table === 'documents') set('size', 0)
        return { head, body: bytes(rows.map((row) => `${JSON.stringify(row)}\n`).join('')) }
      })
      let progress = await takeParts(other, { archiveKey: KEY, plan: 'trial' }, streamOf(file))
      while (!progress.isFinished)
        progress = await takeParts(other, { restoreId: progress.id, archiveKey: KEY }, streamOf(new Uint8Array()))
      expect((await ask(other, OPERATOR, 'GET', `/api/v1/tenants/${member.id}`)).status).toBe('active')
      expect((await ask(other, member.key, 'GET', '/api/v1/budgets')).plan).toEqual(PLANS.trial)
      const size = (await ask(env, member.key, 'GET', `/api/v1/documents/${member.document}`)).size
      expect(size).toBeGreaterThan(0)
      expect((await ask(other, member.key, 'GET', `/api/v1/documents/${member.document}`)).size).toBe(size)
      expect(await createDoorPorts(other, member.id, []).storage?.used()).toBe(size)
    })

    test.each([
      ['names a tenant below another', (id: string) => `${id}/documents`],
      ['names the installation', () => 'installation'],
      ['names a residency that was not asked for', (id: string) => id.replace('ten_', 'ten_eu_')],
    ])('is refused when it %s', async (_, name) => {
      const [manifest] = await partsOf(await backup({ tenantId: globex.id, archiveKey: KEY }))
      if (manifest === undefined) throw new Error('there is no manifest')
      const file = await rewritten([manifest], ({ head, body }) => ({ head: { ...head, tenantId: name(globex.id) } as typeof head, body }))
      await expect(takeParts(other, { archiveKey: KEY }, streamOf(file))).rejects.toThrow(/cannot be read|residency=eu/)
    })

    test('is refused with rows of a table that no archive has, with a column twice, with a built-in role, and with a slug that is none', async () => {
      const [manifest] = await partsOf(await backup({ tenantId: globex.id, archiveKey: KEY }))
      if (manifest === undefined) throw new Error('there is no manifest')
      for (const [table, columns, row] of [
        ['data_keys', ['tenant_id', 'version'], [globex.id, 1]],
        ['secrets', ['tenant_id', 'name', 'sealed', 'tenant_id'], [globex.id, 'x', 'y', acme.id]],
        ['custom_roles', ['tenant_id', 'name'], [globex.id, 'client']],
        ['tenants', ['id', 'slug', 'settings'], [globex.id, 'No Slug!', '{}']],
      ] as const) {
        const head = { kind: 'rows' as const, table, columns: [...columns], rows: 1 }
        const file = await rewritten([manifest, { ...manifest, n: 1 }], (part) =>
          part.n === 0
            ? { head: { ...part.head, id: `bak_${crypto.randomUUID()}` } as typeof part.head, body: part.body }
            : { head, body: bytes(`${JSON.stringify(row)}\n`) },
        )
        await expect(takeParts(other, { archiveKey: KEY }, streamOf(file)), table).rejects.toThrow(
          /No archive has|there twice|built-in|that no tenant can have/,
        )
      }
    })
  })

  test('waits where its slug is taken, and goes on once it is free', async () => {
    const { tenant } = await ask(other, OPERATOR, 'POST', '/api/v1/tenants', { slug: 'globex', name: 'Another', adminEmail: 'a@b.example' })
    const file = await backup({ tenantId: globex.id, archiveKey: KEY })
    await expect(restore(file, KEY)).rejects.toThrow('slug of a tenant is taken')
    await expect(ask(other, globex.key, 'GET', '/api/v1/runs')).rejects.toThrow('401')
    await other.DB.prepare("UPDATE tenants SET slug = 'another' WHERE id = ?").bind(tenant.id).run()
    expect(await restore(file, KEY)).toMatchObject({ isFinished: true })
    expect(await seen(other, globex)).toEqual(await seen(env, globex))
  })

  test('of a run that went on while it was made has the run as it went on, and the lists follow', async () => {
    const initech = await seed('initech')
    let isDone = false
    const file = await backup({ tenantId: initech.id, archiveKey: KEY }, async (beginning) => {
      if (isDone || !beginning.includes('"table":"runs"')) return
      isDone = true
      const [approval] = (await ask(env, initech.key, 'GET', `/api/v1/runs/${initech.run}`)).approvals
      await ask(env, initech.key, 'PUT', `/api/v1/runs/${initech.run}/continue`, { approvalId: approval.id, decision: 'approve' })
      const statusOf = async () => (await ask(env, initech.key, 'GET', '/api/v1/runs')).items[0].status
      await expect.poll(statusOf, { timeout: 10_000 }).toBe('completed')
    })
    expect(isDone).toBe(true)
    const runs = (await partsOf(file)).find(({ head }) => head.kind === 'rows' && head.table === 'runs')
    expect(new TextDecoder().decode(runs?.body), 'the row is older than the object').toContain('"waiting"')
    await restore(file, KEY)
    expect((await ask(other, initech.key, 'GET', `/api/v1/runs/${initech.run}`)).status).toBe('completed')
    await expect
      .poll(async () => (await ask(other, initech.key, 'GET', '/api/v1/runs')).items[0].status, { timeout: 10_000 })
      .toBe('completed')
    expect((await ask(other, initech.key, 'GET', '/api/v1/approvals')).items).toEqual([])
  })
})
