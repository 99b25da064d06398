import { env as bindings } from 'cloudflare:test'
import { beforeAll, expect, test, vi } from 'vitest'
import { LEFT_OUT_OF_ARCHIVES } from '../../workers/adapters/d1-backup-rows'
import { createD1SubjectRequests } from '../../workers/adapters/d1-data-subjects'
import { createD1ModelCache } from '../../workers/adapters/d1-model-cache'
import { createD1Retention } from '../../workers/adapters/d1-retention'
import { createD1TenantErasures } from '../../workers/adapters/d1-tenant-erasures'
import { newId } from '../../workers/adapters/uuid-ids'
import { eraseTenants } from '../../workers/domain/tenant-life-erasure'
import { openDoors } from '../../workers/doors'
import { createDoorPorts } from '../../workers/env'
import { databaseOf } from '../../workers/placed'
import { takeParts } from '../../workers/restore'
import { erasureParts } from '../../workers/tenant-erasure'
import { ask, backup, env, KEY, type Member, migrate, other, seed, seen, streamOf } from '../tenancy/backup-stage'
import { AT, CONTENT, directoryIn, fill, rowsIn, watched } from './stage'

const DB_EU = env.DB_EU as D1Database
const { EMPTY_DB } = bindings as unknown as { EMPTY_DB: D1Database }
const LONG_AGO = '2020-01-01T00:00:00.000Z'
const EXPIRING = ['idempotency_keys', 'model_answers', 'model_answer_documents', 'usage']
let acme: Member
let globex: Member
beforeAll(async () => {
  await migrate()
  acme = await seed('acme', 'eu')
  await fill(watched(env), acme, 'acme')
  globex = await seed('globex')
  await fill(env, globex, 'globex')
}, 60_000)

test('every table of content has rows of a tenant in its shard, and none anywhere else', async () => {
  expect(acme.id).toMatch(/^ten_eu_/)
  expect(Object.keys(await rowsIn(DB_EU, CONTENT, acme.id)).sort()).toEqual([...CONTENT].sort())
  expect(await rowsIn(env.DB, CONTENT, acme.id)).toEqual({})
  expect(Object.keys(await rowsIn(env.DB, CONTENT, globex.id)).sort()).toEqual([...CONTENT].sort())
  expect(await rowsIn(DB_EU, CONTENT, globex.id)).toEqual({})
  expect(await directoryIn(DB_EU), 'the directory is one').toEqual({})
})

test('a tenant sees what lies in its shard, and asks nowhere else', async () => {
  const answers = await seen(watched(env), acme)
  expect(answers.documents.items).toMatchObject([{ id: acme.document }])
  expect(answers.runs.items).toHaveLength(2)
})

test('a deletion takes the rows from the shard', async () => {
  const at = watched(env)
  const { document } = await ask(at, acme.key, 'POST', '/api/v1/documents', 'Not for long.', 'text/plain')
  const before = await rowsIn(DB_EU, ['documents'], acme.id)
  await ask(at, acme.key, 'DELETE', `/api/v1/documents/${document.id}`)
  expect(await rowsIn(DB_EU, ['documents'], acme.id)).toEqual({ documents: (before.documents ?? 0) - 1 })
})

test('an erasure of a person, and retention, take each row from the D1 that has its table', async () => {
  const at = watched(env)
  await DB_EU.prepare("UPDATE legal_holds SET reason = 'case of jane@home.example' WHERE tenant_id = ?").bind(acme.id).run()
  await env.DB.prepare("UPDATE api_keys SET name = 'key of jane@home.example' WHERE tenant_id = ?").bind(acme.id).run()
  const person = { kind: 'email', identifier: 'jane@home.example' }
  const { id } = await ask(at, acme.key, 'POST', '/api/v1/data-subjects/erasure', person)
  await vi.waitUntil(async () => (await ask(at, acme.key, 'GET', `/api/v1/data-subjects/${id}`)).status === 'done', { timeout: 20_000 })
  for (const [shard, query] of [
    [DB_EU, 'SELECT reason AS text FROM legal_holds WHERE tenant_id = ?'],
    [env.DB, 'SELECT name AS text FROM api_keys WHERE tenant_id = ?'],
  ] as const)
    expect(JSON.stringify((await shard.prepare(query).bind(acme.id).all()).results)).not.toContain('jane@home.example')
  const { DB: directory, DB_EU: content = DB_EU } = at
  for (const kind of ['cachedAnswers', 'receivedMails', 'signIns', 'usage'] as const)
    expect(await createD1Retention({ directory, content }, acme.id).removeEvents(kind, LONG_AGO, 9), kind).toBe(0)
})

test('who asks for what lies in the shard of another is noticed', async () => {
  for (const [stranger, owner] of [
    [globex, acme],
    [acme, globex],
  ] as const) {
    await expect(ask(env, stranger.key, 'GET', `/api/v1/documents/${owner.document}`)).rejects.toThrow('404')
    const entered = async () => JSON.stringify(await ask(env, owner.key, 'GET', '/api/v1/audit')).includes('cross_tenant_access')
    await vi.waitUntil(entered, { timeout: 20_000, interval: 50 })
  }
})

test('an installation is ready when every shard that is bound was migrated', async () => {
  const status = async (at: typeof env) => (await (await openDoors(at)).app.request('/ready', {}, at)).status
  expect(await status(env)).toBe(200)
  expect(await status({ ...env, DB_US: EMPTY_DB })).toBe(503)
})

test('an archive has the rows of the shard of its tenant, and an import puts them into the shard there', async () => {
  const before = await seen(env, acme)
  const file = await backup({ tenantId: acme.id, archiveKey: KEY })
  const terms = { archiveKey: KEY, residency: 'eu' } as const
  let progress = await takeParts(other, terms, streamOf(file))
  while (!progress.isFinished) progress = await takeParts(other, { ...terms, restoreId: progress.id }, streamOf(new Uint8Array()))
  // What is stored is counted anew by an import.
  const moved = CONTENT.filter((table) => !(table in LEFT_OUT_OF_ARCHIVES) && table !== 'tenant_storage')
  expect(await rowsIn(other.DB_EU as D1Database, CONTENT)).toEqual(await rowsIn(DB_EU, moved, acme.id))
  expect(await rowsIn(other.DB, CONTENT)).toEqual({})
  expect(await directoryIn(other.DB_EU as D1Database)).toEqual({})
  expect(await seen(other, acme)).toEqual(before)
})

/** What a sweep has to do for a tenant: something that has expired, that stands still, that broke off and that is due. */
async function leaveWork({ id }: Member): Promise<string> {
  const shard = databaseOf(env, id)
  const old = (text: string) => shard.prepare(text).bind(LONG_AGO, id)
  await shard.batch([
    old('UPDATE idempotency_keys SET expires_at = ? WHERE tenant_id = ?'),
    old('UPDATE model_answers SET expires_at = ? WHERE tenant_id = ?'),
    old('UPDATE runs SET updated_at = ?, swept_at = NULL WHERE tenant_id = ?'),
    old('UPDATE usage SET at = ? WHERE tenant_id = ?'),
  ])
  const answer = { key: 'old', purpose: 'ask' as const, answer: { text: 'no' } as never, documentIds: ['doc_x'] }
  await createD1ModelCache(shard, id).store({ ...answer, createdAt: AT, expiresAt: LONG_AGO })
  expect(Object.keys(await rowsIn(shard, EXPIRING, id))).toEqual(EXPIRING)
  const request = newId('dataSubjectRequest')
  await createD1SubjectRequests(shard, id).insert({
    ...{ id: request, kind: 'export', status: 'working', subject: { kind: 'email', salt: 's', sha256: 'x' } },
    ...{ sealed: await createDoorPorts(env, id, []).sealedFields?.seal('nobody@home.example'), phase: 'documents', scanned: {} },
    ...{ failures: 0, revision: 1, createdAt: AT, createdBy: 'usr_x', updatedAt: AT },
  })
  return request
}

test('a sweep goes over every shard', async () => {
  const work = [...(await Promise.all([acme, globex].map(async (member) => [member, await leaveWork(member)] as const)))]
  await (await openDoors(env)).sweep()
  for (const [{ id }, request] of work) {
    const shard = databaseOf(env, id)
    const left = async (query: string) => (await shard.prepare(query).bind(id).all()).results
    expect(await rowsIn(shard, EXPIRING, id)).toEqual({})
    expect(await left('SELECT id FROM runs WHERE tenant_id = ? AND swept_at IS NULL')).toEqual([])
    expect(await left('SELECT document_id FROM document_deletions WHERE tenant_id = ? AND finished_at IS NULL')).toEqual([])
    expect(await createD1SubjectRequests(shard, id).find(request)).toMatchObject({ status: 'done' })
  }
  expect(await rowsIn(env.DB, CONTENT, acme.id)).toEqual({})
  expect(await rowsIn(DB_EU, CONTENT, globex.id)).toEqual({})
})

test('an erasure leaves nothing in the shard, and what it keeps in the directory', async () => {
  const others = await rowsIn(env.DB, CONTENT, globex.id)
  await env.DB.prepare('UPDATE tenants SET deletion_asked_at = ?1, erased_from = ?1 WHERE id = ?2').bind(LONG_AGO, acme.id).run()
  for (let sweeps = 0; sweeps < 3; sweeps += 1)
    await eraseTenants({ erasures: createD1TenantErasures(env.DB), parts: erasureParts(env), now: new Date() })
  const { finishedAt, counts } = (await createD1TenantErasures(env.DB).find(acme.id)) ?? {}
  expect(finishedAt).toBeDefined()
  expect(counts).toMatchObject({ runs: 2, collections: 1, 'rows of documents': 1, 'rows of users': 1 })
  expect(await rowsIn(DB_EU, CONTENT)).toEqual({})
  expect(await rowsIn(env.DB, ['tenants', 'users', 'api_keys', 'secrets', 'sessions', ...CONTENT], acme.id)).toEqual({})
  expect(await rowsIn(env.DB, CONTENT, globex.id)).toEqual(others)
})
