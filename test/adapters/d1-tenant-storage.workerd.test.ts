import { beforeAll, expect, test } from 'vitest'
import { createD1Deletions } from '../../workers/adapters/d1-deletions'
import { createD1Documents } from '../../workers/adapters/d1-documents'
import { createD1Reports } from '../../workers/adapters/d1-reports'
import { createD1RunIndex } from '../../workers/adapters/d1-run-index'
import { createD1RunPurge } from '../../workers/adapters/d1-run-purge'
import { createD1TenantStorage } from '../../workers/adapters/d1-tenant-storage'
import { createR2Prefixes } from '../../workers/adapters/r2-prefixes'
import type { DocumentRecord } from '../../workers/domain/documents'
import { ok } from '../../workers/domain/error'
import { PLANS } from '../../workers/domain/plans'
import { bindings, migrate } from './d1-bindings'

beforeAll(migrate)

const record = (id: string, size: number): DocumentRecord => ({
  id,
  name: `${id}.txt`,
  mediaType: 'text/plain',
  size,
  sha256: id.padEnd(64, '0'),
  source: 'upload',
  fileKey: `documents/${id}/original`,
  createdAt: '2026-11-21T09:00:00.000Z',
})
const storageOf = (tenantId: string, storageBytes = 1_000) =>
  createD1TenantStorage(bindings.DB, tenantId, async () => ({ ...PLANS.trial, storageBytes }))

test('bytes of documents and reports are counted with their rows, and given back once when a document is deleted', async () => {
  const documents = createD1Documents(bindings.DB, 'ten_count')
  await documents.insert(record('doc_1', 100))
  await documents.insert(record('doc_2', 30))
  await createD1Reports(bindings.DB, 'ten_count').insert({
    ...{ id: 'rep_1', runId: 'run_1', title: 'R', formats: ['pdf'] },
    ...{ createdAt: '2026-11-21T09:00:00.000Z', bytes: 7 },
  })
  expect(await storageOf('ten_count').used()).toBe(137)
  await expect(documents.insert(record('doc_1', 100))).rejects.toMatchObject({ code: 'conflict' })
  expect(await storageOf('ten_count').used(), 'a row that was refused counts nothing').toBe(137)
  const deletions = createD1Deletions(bindings.DB, 'ten_count')
  await deletions.begin('doc_1', ['doc_1'], '2026-11-21T10:00:00.000Z')
  await deletions.begin('doc_1', ['doc_1'], '2026-11-21T10:00:00.000Z')
  expect(await storageOf('ten_count').used()).toBe(37)
  expect(await storageOf('ten_elsewhere').used()).toBe(0)
})

test('the bytes of the reports of a run are given back when it is purged', async () => {
  const [tenantId, at] = ['ten_purged', '2026-11-21T09:00:00.000Z']
  for (const runId of ['run_gone', 'run_stays'])
    await createD1Reports(bindings.DB, tenantId).insert({
      id: `rep_${runId}`,
      runId,
      title: 'R',
      formats: ['pdf'],
      createdAt: at,
      bytes: 40,
    })
  await createD1RunIndex(bindings.DB, tenantId).upsert([
    {
      ...{ id: 'run_gone', workflow: 'w', workflowVersion: 'v', status: 'completed', trigger: 'api', costMicroUsd: 0, openApprovals: 0 },
      ...{ revision: 1, createdAt: at, updatedAt: at },
    },
  ])
  const purge = createD1RunPurge({
    ...{ binding: bindings.DB, tenantId, prefixes: createR2Prefixes(bindings.FILES, tenantId) },
    namespace: { getByName: () => ({ purge: async () => ok(null) }) },
    holds: { findForRun: async () => undefined },
  })
  expect(await purge('run_gone')).toMatchObject({ reports: 1 })
  expect(await storageOf(tenantId).used()).toBe(40)
  await expect(purge('run_gone')).rejects.toMatchObject({ code: 'not_found' })
  expect(await storageOf(tenantId).used()).toBe(40)
})

test('a tenant that stored documents before they were counted is counted whole', async () => {
  await createD1Documents(bindings.DB, 'ten_old').insert(record('doc_old', 50))
  await bindings.DB.prepare("DELETE FROM tenant_storage WHERE tenant_id = 'ten_old'").run()
  await createD1Documents(bindings.DB, 'ten_old').insert(record('doc_next', 5))
  expect(await storageOf('ten_old').used()).toBe(55)
})

test('what is above the plan is refused with its numbers', async () => {
  await createD1Documents(bindings.DB, 'ten_full').insert(record('doc_full', 990))
  await storageOf('ten_full').requireRoom(10)
  await expect(storageOf('ten_full').requireRoom(11)).rejects.toMatchObject({
    code: 'over_budget',
    reason: 'plan_storageBytes',
    message: expect.stringContaining('1000 bytes of documents; 990 are used'),
  })
})
