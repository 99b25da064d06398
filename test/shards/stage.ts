import { getTableConfig } from 'drizzle-orm/sqlite-core'
import { vi } from 'vitest'
import { createD1MailLog } from '../../workers/adapters/d1-mail-log'
import { createD1ModelCache } from '../../workers/adapters/d1-model-cache'
import { createD1Prompts } from '../../workers/adapters/d1-prompts'
import { isOfDirectory } from '../../workers/adapters/d1-shards'
import { createD1Vectors } from '../../workers/adapters/d1-vectors'
import * as schema from '../../workers/adapters/schema'
import { newId } from '../../workers/adapters/uuid-ids'
import { openDoors } from '../../workers/doors'
import { clock, createDoorPorts, createTenantStores, type Env } from '../../workers/env'
import { databaseOf } from '../../workers/placed'
import { ask, type Member } from '../tenancy/backup-stage'

const TABLES = Object.values(schema).map((table) => getTableConfig(table))
export const CONTENT = TABLES.map(({ name }) => name).filter((name) => !isOfDirectory(name))
const DIRECTORY = TABLES.map(({ name }) => name).filter(isOfDirectory)

/** Rows of each table of a D1 that has some, of one tenant or of all. */
export async function rowsIn(shard: D1Database, names: readonly string[], tenantId?: string): Promise<Record<string, number>> {
  const counts: [string, number][] = []
  for (const name of names) {
    const mine = tenantId === undefined ? '' : `WHERE ${name === 'tenants' ? 'id' : 'tenant_id'} = '${tenantId}'`
    const row = await shard.prepare(`SELECT count(*) AS rows FROM ${name} ${mine}`).first<{ rows: number }>()
    if (row !== null && row.rows > 0) counts.push([name, row.rows])
  }
  return Object.fromEntries(counts)
}
export const directoryIn = (shard: D1Database) => rowsIn(shard, DIRECTORY)

/** A D1 that throws for a statement that names one of the tables. */
const without = (shard: D1Database, tables: readonly string[]): D1Database =>
  new Proxy(shard, {
    get: (target, name) => {
      if (name !== 'prepare') return Reflect.get(target, name).bind(target)
      return (text: string) => {
        const named = tables.find((table) => new RegExp(`(?:from|into|update|join) "?${table}"?\\b`, 'i').test(text))
        if (named !== undefined) throw new Error(`${named} is not asked here: ${text}`)
        return target.prepare(text)
      }
    },
  })

/** An installation in which no content of tenants without residency is expected, so that none may be asked for outside the shard. */
export const watched = (env: Env & { DB_EU?: D1Database }): Env => ({
  ...env,
  DB: without(env.DB, CONTENT),
  ...(env.DB_EU && { DB_EU: without(env.DB_EU, DIRECTORY) }),
})

export const AT = '2026-11-01T00:00:00.000Z'
const LATER = '2036-11-01T00:00:00.000Z'

/** By the HTTP API. */
async function fillByRequests(at: Env, { id, key, document }: Member, slug: string): Promise<void> {
  const { app } = await openDoors(at)
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', 'Idempotency-Key': 'once' }
  const body = JSON.stringify({ workflow: 'waits', input: {} })
  const started = await app.request('/api/v1/workflows/execute', { method: 'POST', headers, body }, at)
  if (!started.ok) throw new Error(await started.text())
  // The rows of both runs come from their objects, a moment after the answer.
  const listed = databaseOf(at, id).prepare('SELECT id FROM runs WHERE tenant_id = ? AND open_approvals = 1').bind(id)
  await vi.waitUntil(async () => (await listed.all()).results.length === 2, { timeout: 20_000 })
  await ask(at, key, 'PUT', `/api/v1/documents/${document}/hold`, { reason: 'case 7' })
  await ask(at, key, 'PUT', '/api/v1/retention', { documents: { default: 90 } })
  const person = { kind: 'email', identifier: `admin@${slug}.example` }
  const request = await ask(at, key, 'POST', '/api/v1/data-subjects/export', person)
  await vi.waitUntil(async () => (await ask(at, key, 'GET', `/api/v1/data-subjects/${request.id}`)).status === 'done', { timeout: 20_000 })
}

/** By the ports that agents and doors have, for what needs models, mail or hours to come by requests. */
async function fillByPorts(at: Env, { id, document, run }: Member): Promise<void> {
  const ports = createDoorPorts(at, id, [])
  const { documents, documentClasses, classifiers, datasets, evaluations, gates, prompts, reports, deletions } = ports
  const by = { createdAt: AT, createdBy: 'usr_x' }
  await documents.claimFingerprint('f'.repeat(64), document)
  await documentClasses?.note(document, 'note')
  await classifiers.put({ name: 'tone', version: 'v', status: 'ready', examples: 1, labels: 1, runId: run, createdAt: AT })
  await datasets.save({ name: 'cases', version: 'v', cases: 1, bytes: 1, ...by })
  await evaluations.insert({
    ...{ id: newId('evaluation'), runId: run, dataset: 'cases', datasetVersion: 'v', cases: 1, target: { skill: 'classify' } as never },
    ...{ metrics: [], batchSize: 1, simulated: [], ...by },
  })
  await gates.put({ workflow: 'waits', dataset: 'cases', rules: [], ...by })
  await createD1Prompts(databaseOf(at, id), id, clock).save('short', { text: 'In short.', weight: 1, tests: [] }, 'usr_x', undefined)
  const { version } = await prompts.choose({ name: 'short', text: '', variables: {} }, run)
  await prompts.record({ name: 'short', version, runId: run, result: 'answered' })
  await reports.insert({ id: newId('report'), runId: run, title: 'Of the month', formats: ['csv'], createdAt: AT, bytes: 7 })
  await deletions.begin(`doc_${'9'.repeat(32)}`, [`doc_${'9'.repeat(32)}`], AT)
}

/** By the adapters of stores that only an agent's model, a mail or the tenant's own object write. */
async function fillByStores(at: Env, { id, document, run }: Member): Promise<void> {
  const call = { actualMicroUsd: 1, inputTokens: 1, outputTokens: 1, provider: 'p', model: 'm', latencyMs: 1, cached: false }
  await createTenantStores(at, id).usage.insert([{ ...call, callId: 'call_1', at: AT, feature: 'ask' }])
  const modelCache = createD1ModelCache(databaseOf(at, id), id)
  await modelCache.store({
    key: 'k',
    purpose: 'ask',
    answer: { text: 'yes' } as never,
    documentIds: [document],
    createdAt: AT,
    expiresAt: LATER,
  })
  await modelCache.count('ask', 'misses')
  await createD1Vectors(databaseOf(at, id), id, clock).store('m', [{ hash: 'h', vector: [1] }], document)
  await createD1MailLog(databaseOf(at, id), id).claim({
    workflow: 'waits',
    keys: ['message-id:1'],
    documentId: document,
    runId: run,
    at: AT,
  })
  await databaseOf(at, id).prepare('INSERT INTO model_settings VALUES (?, ?, 1, ?)').bind(id, 'routes: {}', AT).run()
  await databaseOf(at, id).prepare('INSERT INTO collection_documents VALUES (?, ?, ?)').bind(id, document, 'notes').run()
}

/** Rows in every table of content. */
export async function fill(at: Env, member: Member, slug: string): Promise<void> {
  await fillByRequests(at, member, slug)
  await fillByPorts(at, member)
  await fillByStores(at, member)
}
