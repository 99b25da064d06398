import { beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '../../workers/adapters/uuid-ids'
import { createPrivacy } from '../../workers/privacy'
import { type Account, call, createAccount } from '../api/kit'
import { bindings, migrate } from './d1-bindings'
import { createPrivacyStage } from './privacy-stage'

const DAY_MS = 86_400_000
const EMAIL = 'Canaria.Vogelsang@Birds.example'
const IN_TEXT = /canaria\.vogelsang@birds\.example/i
const stage = createPrivacyStage()
const { kit } = stage
let acme: Account
let rival: Account
let tenants = 0
beforeAll(migrate)
beforeEach(async () => {
  tenants += 1
  acme = await createAccount(kit, `acme-${tenants}`)
  rival = await createAccount(kit, `rival-${tenants}`)
})

const order = async (kind: 'export' | 'erasure', subject: object = { kind: 'email', identifier: EMAIL }, account = acme) => {
  const { status, body } = await call(kit, account, 'POST', `/api/v1/data-subjects/${kind}`, subject)
  expect(status).toBe(202)
  await stage.settled()
  return body as { id: string; subject: { salt: string; sha256: string } }
}
const ask = (path: string, account = acme) => call(kit, account, 'GET', `/api/v1/data-subjects/${path}`)

/** A person in every place. */
async function settle(account: Account) {
  const { tenantId } = account
  const { files, modelCache, sealedFields: _ } = stage.portsFor(tenantId)
  const document = await stage.addDocument(tenantId, `Dear <${EMAIL.toLowerCase()}>, thank you.`)
  const mail = await stage.addDocument(tenantId, 'See the attachment.', { name: 'mail.eml' })
  const attachment = await stage.addDocument(tenantId, `Signed: ${EMAIL}`, { parentId: mail })
  const bystander = await stage.addDocument(tenantId, 'Dear nobody.canaria.vogelsang@birds.example.org')
  const run = await stage.addRun(tenantId, { to: EMAIL })
  const runOfMail = await stage.addRun(tenantId, 'extracted without an address', { documentId: attachment })
  const otherRun = await stage.addRun(tenantId, { to: 'somebody@else.example' })
  await files.put('datasets/cases/1/0.json', JSON.stringify([{ id: 'a', input: `from ${EMAIL}` }]), 'application/json')
  await modelCache.store({
    key: `k-${tenantId}`,
    purpose: 'ask',
    answer: { text: EMAIL } as never,
    documentIds: [bystander],
    createdAt: stage.clock.now().toISOString(),
    expiresAt: '2030-01-01T00:00:00.000Z',
  })
  await call(kit, account, 'POST', '/api/v1/invitations', { email: EMAIL, role: 'client' })
  await bindings.DB.prepare('update api_keys set name = ? where tenant_id = ?').bind(`key of ${EMAIL}`, tenantId).run()
  await bindings.DB.prepare(
    "insert into users (id, tenant_id, email, name, role, password_hash, created_at) values (?, ?, ?, ?, 'client', 'x', ?)",
  )
    .bind(`usr_${tenantId.slice(4)}`, tenantId, EMAIL.toLowerCase(), 'Canaria', '2026-01-01T00:00:00.000Z')
    .run()
  return { document, mail, attachment, bystander, run, runOfMail, otherRun }
}

async function insertRequest({ requests, sealedFields }: ReturnType<typeof createPrivacy>): Promise<string> {
  const at = stage.clock.now().toISOString()
  const id = newId('dataSubjectRequest')
  await requests.insert({
    ...{ id, kind: 'export', status: 'working', subject: { kind: 'email', salt: 's', sha256: 'x' } },
    ...{ sealed: await sealedFields.seal(EMAIL), phase: 'documents', scanned: {}, failures: 0, revision: 1 },
    ...{ createdAt: at, createdBy: 'usr_x', updatedAt: at },
  })
  return id
}

test('an export holds what was found, by reference and content, and changes nothing', async () => {
  const placed = await settle(acme)
  const { id } = await order('export')
  const { body } = await ask(id)
  expect(body).toMatchObject({ kind: 'export', status: 'done', scanned: { documents: 4, runs: 3 } })
  const refs = body.findings.map(({ ref }: { ref: string }) => ref)
  expect(refs).toEqual(expect.arrayContaining([placed.document, placed.mail, placed.run, placed.runOfMail, 'datasets/cases/1/0.json']))
  expect(refs).not.toContain(placed.bystander)
  expect(refs).not.toContain(placed.otherRun)

  const parts = await bindings.FILES.list({ prefix: `tenants/${acme.tenantId}/data-subjects/${id}/parts/` })
  expect(parts.objects).toHaveLength(body.findings.length)
  for (const { key } of parts.objects)
    expect(await (await bindings.FILES.get(key))?.text(), 'sealed where it lies').not.toMatch(/canaria|"content"/i)

  const file = await ask(`${id}/export`)
  const lines = file.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toHaveLength(body.findings.length)
  expect(new Set(lines.map(({ kind }) => kind))).toEqual(new Set(['document', 'run', 'user', 'mailed_code', 'file', 'record']))
  expect(lines.find(({ ref }) => ref === placed.run).content.view.input).toEqual({ to: EMAIL })
  expect(lines.find(({ ref }) => ref === placed.document).content).toMatchObject({
    record: { id: placed.document },
    text: expect.stringMatching(IN_TEXT),
  })
  expect(await stage.portsFor(acme.tenantId).documents.find(placed.document)).toBeDefined()
  expect((await ask(`${id}/certificate`)).status).toBe(404)

  stage.clock.advance(8 * DAY_MS)
  await stage.sweep()
  expect((await ask(`${id}/export`)).text).toBe('')
})

test('after an erasure no table, file, collection or run holds the person any more, and the certificate says what went without naming them', async () => {
  const placed = await settle(acme)
  await order('export')
  expect(await stage.everything(acme.tenantId)).toMatch(IN_TEXT)
  const { id, subject } = await order('erasure')
  const everything = (await stage.everything(acme.tenantId)).replaceAll('nobody.canaria.vogelsang@birds.example.org', '')
  expect(everything).not.toMatch(IN_TEXT)
  expect(everything).toContain('somebody@else.example')

  const { text, body, status } = await ask(`${id}/certificate`)
  expect(status).toBe(200)
  expect(text).not.toMatch(/vogelsang/i)
  expect(body.erased).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'document', ref: placed.document, outcome: 'erased', counts: { documents: 1, collections: 1 } }),
      expect.objectContaining({ kind: 'document', ref: placed.mail, outcome: 'erased', counts: { documents: 2, collections: 1 } }),
      expect.objectContaining({ kind: 'run', ref: placed.run, outcome: 'erased', counts: { runs: 1, files: 2, reports: 1 } }),
      expect.objectContaining({ kind: 'user', outcome: 'redacted' }),
      expect.objectContaining({ kind: 'file', ref: 'datasets/cases/1/0.json', outcome: 'redacted' }),
      expect.objectContaining({ kind: 'record', ref: expect.stringMatching(/^api_keys\/key_/), outcome: 'redacted' }),
      expect.objectContaining({ kind: 'cache', outcome: 'erased', counts: expect.objectContaining({ cachedAnswers: 1 }) }),
    ]),
  )
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${subject.salt}\n${EMAIL.toLowerCase()}`))
  expect(body.subject.sha256).toBe(Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join(''))
  const { items } = await stage.audit(acme.tenantId).list({ limit: 20 })
  expect(items.map(({ kind }) => kind)).toContain('data_subject_erased')
  expect(JSON.stringify(items)).not.toMatch(IN_TEXT)
})

test('what a hold or work under way protects, and the last administrator, is kept and named with the reason', async () => {
  const placed = await settle(acme)
  await call(kit, acme, 'PUT', `/api/v1/documents/${placed.document}/hold`, { reason: 'case 7' })
  const live = await stage.addRun(acme.tenantId, { to: EMAIL }, { status: 'waiting' })
  await bindings.DB.prepare('update users set email = ? where id = ?')
    .bind('x@x.example', `usr_${acme.tenantId.slice(4)}`)
    .run()
  await bindings.DB.prepare('update users set email = ? where id = ?').bind(EMAIL.toLowerCase(), acme.adminId).run()
  const { id } = await order('erasure')
  const { body } = await ask(`${id}/certificate`)
  expect(body.kept).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ ref: placed.document, outcome: 'kept', reason: 'legal_hold' }),
      expect.objectContaining({ ref: live, outcome: 'kept', reason: 'run_at_work' }),
      expect.objectContaining({ ref: acme.adminId, outcome: 'kept', reason: 'last_admin' }),
    ]),
  )
  expect(await stage.portsFor(acme.tenantId).documents.find(placed.document)).toBeDefined()
})

test('a tenant with a residency is searched in its own bucket and its own objects', async () => {
  const tenantId = `ten_eu_${'e'.repeat(32)}`
  const { FILES, ...rest } = stage.env
  const elsewhere = () => {
    throw new Error('outside the residency')
  }
  const asked: string[] = []
  const env = {
    ...rest,
    FILES: new Proxy(FILES, { get: elsewhere }),
    FILES_EU: FILES,
    D1_RESIDENCY: 'eu',
    RUN: {
      getByName: elsewhere,
      jurisdiction: (jurisdiction: 'eu' | 'fedramp') => {
        asked.push(jurisdiction)
        return stage.env.RUN
      },
    },
  }
  const run = await stage.addRun(tenantId, { to: EMAIL })
  const privacy = createPrivacy({ ...stage.deps, env }, tenantId)
  const request = await insertRequest(privacy)
  await privacy.work(request)
  expect(await privacy.requests.find(request)).toMatchObject({ status: 'done', scanned: { runs: 1, reportFiles: 1 } })
  expect(await privacy.requests.findings(request)).toEqual(
    expect.arrayContaining([expect.objectContaining({ kind: 'run', ref: run, outcome: 'exported' })]),
  )
  expect(new Set(asked)).toEqual(new Set(['eu']))
  const without = (name: keyof typeof env) => () => createPrivacy({ ...stage.deps, env: { ...env, [name]: undefined } }, tenantId)
  expect(without('FILES_EU')).toThrow('no bucket FILES_EU')
  expect(without('D1_RESIDENCY')).toThrow('no D1 DB_EU')
})

test('one that broke off is finished by the sweep, and another tenant’s data stays', async () => {
  const [, foreign] = [await settle(acme), await settle(rival)]
  stage.breaks.purge = true
  const { id } = await order('erasure')
  expect((await ask(id)).body).toMatchObject({ status: 'working', phase: 'act' })
  expect((await ask(`${id}/certificate`)).body).toMatchObject({ code: 'conflict', reason: 'not_done' })
  stage.breaks.purge = false
  await stage.sweep()
  expect((await ask(id)).body.status).toBe('working')
  stage.clock.advance(2 * 60_000)
  await stage.sweep()
  expect((await ask(id)).body.status).toBe('done')
  expect(await stage.portsFor(rival.tenantId).documents.find(foreign.document)).toBeDefined()
  expect((await ask(id, rival)).status).toBe(404)
  expect((await ask(`${id}/certificate`, rival)).status).toBe(404)
})

test('a telephone number and a name are found however they are written, and too little is refused', async () => {
  await stage.addDocument(acme.tenantId, 'Ring 0049 (0)30 / 5550 112')
  await stage.addDocument(acme.tenantId, 'Frau CANARIA\n  vogelsang')
  for (const subject of [
    { kind: 'phone', identifier: '+49 30 5550112' },
    { kind: 'name', identifier: 'Canaria Vogelsang' },
  ]) {
    const { id } = await order('export', subject)
    expect((await ask(id)).body.findings).toHaveLength(1)
  }
  expect((await call(kit, acme, 'POST', '/api/v1/data-subjects/erasure', { kind: 'name', identifier: 'Anna' })).status).toBe(400)
})

test('analytics count runs by class and name none that is rare', async () => {
  const { tenantId } = acme
  for (const [name, count] of [
    ['invoice', 5],
    ['divorce', 1],
  ] as const)
    for (let each = 0; each < count; each += 1)
      await stage.addRun(tenantId, 'x', { documentId: await stage.addDocument(tenantId, `${name} ${each}`, { class: name }), title: EMAIL })
  const { body, text } = await call(kit, acme, 'GET', `/api/v1/analytics?from=2026-11-01&to=2027-10-30`)
  expect(body.items).toMatchObject([{ class: 'invoice', runs: 5, costMicroUsd: 35, status: 'completed' }])
  expect(text).not.toContain('divorce')
  expect(text).not.toMatch(IN_TEXT)
  expect((await call(kit, acme, 'GET', '/api/v1/analytics?from=2026-11-02&to=2026-11-01')).status).toBe(400)
})
