import { beforeAll, describe, expect, test } from 'vitest'
import { LAST_TABLE, LEFT_OUT_OF_ARCHIVES, LEFT_OUT_OF_BACKUPS, tablesOf } from '../../workers/adapters/d1-backup-rows'
import { FILE_PART_BYTES } from '../../workers/adapters/r2-backup-files'
import { openDoors } from '../../workers/doors'
import { createAuditSigner } from '../../workers/env'
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
