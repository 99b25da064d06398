import { runInDurableObject } from 'cloudflare:test'
import { beforeAll, describe, expect, test } from 'vitest'
import { BACKUP_FORMAT } from '../../workers/domain/backups'
import { openDoors } from '../../workers/doors'
import { createAuditSigner } from '../../workers/env'
import { isRestoring, takeParts } from '../../workers/restore'
import { verify } from '../contracts/audit'
import {
  ask,
  backup,
  bytesOf,
  env,
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

const sameKey = { ...other, STEWARD_MASTER_KEY: env.STEWARD_MASTER_KEY }
let acme: Member
let globex: Member
let file: Uint8Array<ArrayBuffer>
beforeAll(async () => {
  await migrate()
  acme = await seed('acme')
  globex = await seed('globex')
  file = await backup()
}, 60_000)

describe('a restore refuses', () => {
  test('a changed byte, a missing part, a part twice and a cut file, and says which part', async () => {
    const flipped = file.slice()
    flipped[file.length >> 1] = (flipped[file.length >> 1] ?? 0) ^ 1
    const parts = await partsOf(file)
    for (const [wrong, sentence] of [
      [flipped, /Part \d+ of the file|no backup|cut off/],
      [bytesOf([...parts.slice(0, 3), ...parts.slice(4)]), /Part 3 of the file is missing/],
      [bytesOf([...parts.slice(0, 4), ...parts.slice(3)]), /Part 4 of the file is missing/],
      [file.slice(0, file.length - 40), /cut off/],
    ] as const)
      await expect(partsOf(new Uint8Array(wrong))).rejects.toThrow(sentence)
  })

  test('another format, migrations that are missing, and what is no backup of an installation', async () => {
    const parts = (await partsOf(file)).slice(0, 1)
    const changed = (more: object) => rewritten(parts, ({ head, body }) => ({ head: { ...head, ...more }, body }))
    for (const [more, sentence] of [
      [{ format: BACKUP_FORMAT + 1 }, /format 2/],
      [{ migrations: ['9999_future.sql'] }, /needs the migrations 9999_future.sql/],
      [{ tenantId: acme.id }, /archive of one tenant/],
    ] as const)
      await expect(takeParts(other, {}, streamOf(await changed(more)))).rejects.toThrow(sentence)
    await expect(takeParts(other, {}, streamOf(new Uint8Array([1, 2, 3])))).rejects.toThrow(/cut off/)
  })

  test('an installation that is not empty', async () => {
    await expect(takeParts(env, {}, streamOf(file))).rejects.toThrow(/not empty/)
  })
})

test('a restore that broke off goes on where it was, still until all is there, and then shows and does the same', async () => {
  const before = await Promise.all([acme, globex].map((member) => seen(env, member)))
  expect(new TextDecoder('latin1').decode(file).match(/^STW1 more /gm)?.length, 'it came in stretches').toBeGreaterThan(3)
  const parts = await partsOf(file)
  expect(parts.length).toBeGreaterThan(20)
  const half = parts.length >> 1
  const begun = await takeParts(sameKey, {}, streamOf(bytesOf(parts.slice(0, half))))
  expect(begun).toMatchObject({ parts: half, isFinished: false })
  expect(await isRestoring(other)).toBe(true)
  await expect(ask(other, acme.key, 'GET', '/api/v1/runs')).rejects.toThrow('401')
  await expect(takeParts(sameKey, { restoreId: begun.id }, streamOf(bytesOf(parts.slice(half + 1))))).rejects.toThrow(/comes next/)
  // Some parts again, and a piece that was cut off while it was sent.
  const rest = bytesOf(parts.slice(half - 5))
  await expect(takeParts(sameKey, { restoreId: begun.id }, streamOf(rest.slice(0, rest.length - 30)))).rejects.toThrow(/cut off/)
  await runInDurableObject(other.RUN.getByName(`${acme.id}/${acme.run}`) as unknown as DurableObjectStub, async (_, { storage }) => {
    expect(await storage.getAlarm(), 'still').toBeNull()
  })

  const done = await restore(file)
  expect(done).toMatchObject({ isFinished: true, still: 0, counts: { rows: { tenants: 2 }, objects: { Run: 2, Knowledge: 2, Tenant: 3 } } })
  expect(await isRestoring(other)).toBe(false)
  expect(await Promise.all([acme, globex].map((member) => seen(other, member)))).toEqual(before)
  expect(await secretOf(sameKey, acme)).toBe('canary-acme')
  expect(await searched(other, globex)).toEqual(await searched(env, globex))
  for (const member of [acme, globex]) {
    const [approval] = (await ask(other, member.key, 'GET', `/api/v1/runs/${member.run}`)).approvals
    await ask(other, member.key, 'PUT', `/api/v1/runs/${member.run}/continue`, { approvalId: approval.id, decision: 'approve' })
    await expect.poll(async () => (await ask(other, member.key, 'GET', `/api/v1/runs/${member.run}`)).status).toBe('completed')
  }
})

test('the chain of the installation was restored, goes on and verifies', async () => {
  await ask(other, OPERATOR, 'POST', '/api/v1/tenants', { slug: 'later', name: 'Later', adminEmail: 'a@b.example' })
  const { app } = await openDoors(other)
  const exported = await (
    await app.request('/api/v1/audit/installation/export', { headers: { Authorization: `Bearer ${OPERATOR}` } }, other)
  ).text()
  const keys = [...(await createAuditSigner(env).publicKeys()), ...(await createAuditSigner(other).publicKeys())]
  const verdict = await verify(
    exported
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    keys,
  )
  expect(verdict).toMatchObject({ findings: [], entries: 3 })
})
