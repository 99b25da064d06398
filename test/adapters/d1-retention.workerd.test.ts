import { beforeAll, expect, test } from 'vitest'
import { type Account, call, createAccount } from '../api/kit'
import { bindings, migrate } from './d1-bindings'
import { createPrivacyStage } from './privacy-stage'

const DAY_MS = 86_400_000
const stage = createPrivacyStage()
const { kit, clock } = stage
let acme: Account
let rival: Account
beforeAll(async () => {
  await migrate()
  acme = await createAccount(kit, 'acme')
  rival = await createAccount(kit, 'rival')
})
const put = (path: string, body: unknown, account = acme) => call(kit, account, 'PUT', `/api/v1${path}`, body)
const isThere = async (id: string) => (await stage.portsFor(acme.tenantId).documents.find(id)) !== undefined
const later = (days: number) => clock.advance(days * DAY_MS)

test('the shipped rules keep documents and runs, and let go events after 30, 90, 7 and 365 days', async () => {
  const { body } = await call(kit, acme, 'GET', '/api/v1/retention')
  expect(body.documents.default).toBeNull()
  expect(body.runs.default).toBeNull()
  expect(body.events).toEqual({ cachedAnswers: 30, receivedMails: 90, signIns: 7, usage: 365 })
  expect((await put('/retention', { documents: { default: 0 } })).status).toBe(400)
  expect((await put('/retention', { documnts: {} })).status).toBe(400)
})

test('what is due goes with all that was made of it; what is not due, held or of another class stays', async () => {
  await put('/retention', {
    documents: { default: 10, classes: { contract: null, receipt: 30 } },
    runs: { default: 10, workflows: { audit: null } },
  })
  const due = await stage.addDocument(acme.tenantId, 'due')
  const receipt = await stage.addDocument(acme.tenantId, 'receipt', { class: 'receipt' })
  const contract = await stage.addDocument(acme.tenantId, 'contract', { class: 'contract' })
  const held = await stage.addDocument(acme.tenantId, 'held')
  const mail = await stage.addDocument(acme.tenantId, 'mail')
  const attachment = await stage.addDocument(acme.tenantId, 'attachment', { parentId: mail })
  const foreign = await stage.addDocument(rival.tenantId, 'of the rival')
  const runs = {
    due: await stage.addRun(acme.tenantId, 'a due run'),
    kept: await stage.addRun(acme.tenantId, 'kept', { workflow: 'audit' }),
    held: await stage.addRun(acme.tenantId, 'held by document', { documentId: held }),
    live: await stage.addRun(acme.tenantId, 'live', { status: 'running' }),
  }
  expect((await put(`/documents/${held}/hold`, { reason: 'case 7' })).status).toBe(200)
  expect((await put(`/documents/${attachment}/hold`, { reason: 'case 8' })).status).toBe(200)

  await later(9)
  await stage.sweep()
  expect(await Promise.all([due, receipt, contract, held, mail].map(isThere))).toEqual([true, true, true, true, true])

  await later(2)
  await stage.sweep()
  expect(await Promise.all([due, receipt, contract, held, mail].map(isThere))).toEqual([false, true, true, true, true])
  expect(await stage.portsFor(rival.tenantId).documents.find(foreign)).toBeDefined()
  const { runIndex } = stage.portsFor(acme.tenantId)
  expect(await Promise.all(Object.values(runs).map(async (id) => (await runIndex.find(id)) !== undefined))).toEqual([
    false,
    true,
    true,
    true,
  ])
  expect(stage.objects.has(`${acme.tenantId}/${runs.due}`)).toBe(false)
  const everything = await stage.everything(acme.tenantId)
  expect(everything).not.toContain('a due run')
  expect(everything).toContain('held by document')
  expect((await stage.audit(acme.tenantId).list({ limit: 1 })).items[0]).toMatchObject({
    action: 'retention',
    kind: 'retention_applied',
    after: { documents: 1, runs: 1, reports: 1 },
  })

  expect((await call(kit, acme, 'DELETE', `/api/v1/documents/${mail}/hold`)).status).toBe(404)
  await call(kit, acme, 'DELETE', `/api/v1/documents/${attachment}/hold`)
  await call(kit, acme, 'DELETE', `/api/v1/documents/${held}/hold`)
  await later(20)
  await stage.sweep()
  expect(await Promise.all([receipt, contract, held, mail, attachment].map(isThere))).toEqual([false, true, false, false, false])
})

test('a sweep that broke off in the middle goes on with the next', async () => {
  await put('/retention', { runs: { default: 10 } })
  const run = await stage.addRun(acme.tenantId, 'half gone')
  await later(11)
  stage.breaks.purge = true
  await stage.sweep()
  expect((await stage.audit(acme.tenantId).list({ limit: 1 })).items[0]).toMatchObject({ action: 'retention', outcome: 'failed' })
  expect(await stage.everything(acme.tenantId)).toContain('half gone')
  stage.breaks.purge = false
  await stage.sweep()
  expect(await stage.everything(acme.tenantId)).not.toContain('half gone')
  expect(await stage.portsFor(acme.tenantId).runIndex.find(run)).toBeUndefined()
})

test('more than a portion is removed over several sweeps', async () => {
  await put('/retention', { documents: { default: 1 } })
  await later(2)
  for (let sweeps = 0; sweeps < 3; sweeps += 1) await stage.sweep()
  const ids = await Promise.all(Array.from({ length: 12 }, (_, at) => stage.addDocument(acme.tenantId, `many ${at}`)))
  await later(2)
  const left = async () => (await Promise.all(ids.map(isThere))).filter(Boolean).length
  await stage.sweep()
  expect(await left()).toBe(2)
  await stage.sweep()
  expect(await left()).toBe(0)
})

test('a hold refuses deletion with its reason, by way of the run and the mail too, and is nobody else’s to see or lift', async () => {
  const mail = await stage.addDocument(acme.tenantId, 'mail')
  const attachment = await stage.addDocument(acme.tenantId, 'attachment', { parentId: mail })
  expect((await put(`/documents/${mail}/hold`, { reason: 'case 9' })).body).toMatchObject({ kind: 'document', id: mail, reason: 'case 9' })
  for (const id of [mail, attachment]) {
    const refused = await call(kit, acme, 'DELETE', `/api/v1/documents/${id}`)
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({ code: 'conflict', reason: 'legal_hold' })
    expect(refused.body.detail).toContain('case 9')
  }
  expect((await put(`/documents/${mail}/hold`, { reason: 'mine now' }, rival)).status).toBe(404)
  expect((await call(kit, rival, 'DELETE', `/api/v1/documents/${mail}/hold`)).status).toBe(404)
  expect((await call(kit, rival, 'GET', '/api/v1/legal-holds')).body.items).toEqual([])
  expect((await call(kit, acme, 'GET', '/api/v1/legal-holds')).body.items).toHaveLength(1)
  await call(kit, acme, 'DELETE', `/api/v1/documents/${mail}/hold`)

  await bindings.DB.prepare('insert into legal_holds values (?, ?, ?, ?, ?, ?)')
    .bind(
      acme.tenantId,
      'run',
      await stage.addRun(acme.tenantId, 'held', { documentId: mail }),
      'case 10',
      'usr',
      clock.now().toISOString(),
    )
    .run()
  expect((await call(kit, acme, 'DELETE', `/api/v1/documents/${mail}`)).body).toMatchObject({ reason: 'legal_hold' })
})
