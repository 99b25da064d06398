import { beforeAll, beforeEach, expect, test } from 'vitest'
import { type Account, call, createAccount } from '../api/kit'
import { migrate } from './d1-bindings'
import { createPrivacyStage } from './privacy-stage'

const stage = createPrivacyStage()
let acme: Account
let accounts = 0
beforeAll(migrate)
beforeEach(async () => {
  accounts += 1
  acme = await createAccount(stage.kit, `held-${accounts}`)
})
const ask = (method: string, path: string, body?: unknown) => call(stage.kit, acme, method, `/api/v1${path}`, body)
const HELD = { status: 409, body: { code: 'conflict', reason: 'legal_hold', detail: expect.stringContaining('case 7') } }

test('what a legal hold covers is taken out of no collection, and no collection that holds it goes', async () => {
  const mail = await stage.addDocument(acme.tenantId, 'See the attachment.', { name: 'mail.eml' })
  const attachment = await stage.addDocument(acme.tenantId, 'The evidence.', { parentId: mail })
  const free = await stage.addDocument(acme.tenantId, 'A menu.')
  await ask('PUT', `/documents/${mail}/hold`, { reason: 'case 7' })
  for (const id of [mail, attachment]) expect(await ask('DELETE', `/collections/default/documents/${id}`)).toMatchObject(HELD)
  expect((await ask('DELETE', `/collections/default/documents/${free}`)).status).toBe(204)
  expect(await ask('DELETE', '/collections/default')).toMatchObject(HELD)
  const { items } = (await ask('GET', '/collections/default/documents')).body
  expect(items.map(({ documentId }: { documentId: string }) => documentId).sort()).toEqual([mail, attachment].sort())

  await ask('DELETE', `/documents/${mail}/hold`)
  expect((await ask('DELETE', `/collections/default/documents/${attachment}`)).status).toBe(204)
  expect((await ask('DELETE', '/collections/default')).status).toBe(204)
})

test('a hold on a run keeps its document in its collection, and one far behind in a long collection keeps that', async () => {
  const { knowledge } = stage.portsFor(acme.tenantId)
  const document = await stage.addDocument(acme.tenantId, 'The evidence.')
  for (let at = 0; at < 250; at += 1)
    await knowledge.index('default', { documentId: `aaa_${String(at).padStart(3, '0')}`, name: 'imported', metadata: {}, chunks: [] })
  const run = await stage.addRun(acme.tenantId, 'x', { documentId: document })
  await stage.env.DB.prepare(
    "insert into legal_holds (tenant_id, kind, id, reason, placed_by, placed_at) values (?, 'run', ?, 'case 7', 'usr_x', ?)",
  )
    .bind(acme.tenantId, run, stage.clock.now().toISOString())
    .run()
  expect(await ask('DELETE', `/collections/default/documents/${document}`)).toMatchObject(HELD)
  expect(await ask('DELETE', '/collections/default')).toMatchObject(HELD)
})
