import { createD1Deletions } from '../../workers/adapters/d1-deletions'
import { createD1Documents } from '../../workers/adapters/d1-documents'
import { createD1Identity } from '../../workers/adapters/d1-identity'
import { createD1ModelCache } from '../../workers/adapters/d1-model-cache'
import { createD1Reports } from '../../workers/adapters/d1-reports'
import { createD1RunIndex } from '../../workers/adapters/d1-run-index'
import { createR2Files } from '../../workers/adapters/r2-files'
import { createSealedFiles } from '../../workers/adapters/sealed-files'
import { createTenantVault } from '../../workers/adapters/tenant-vault'
import { newId } from '../../workers/adapters/uuid-ids'
import { createMasterVault } from '../../workers/adapters/vault'
import { fileKeys } from '../../workers/domain/documents'
import { ok, refuse } from '../../workers/domain/error'
import type { RunObject } from '../../workers/domain/run-control'
import type { RunSummary, RunView } from '../../workers/domain/runs'
import { createPrivacy, type PrivacyDeps, tendPrivacy } from '../../workers/privacy'
import { BUILT_IN, createKit } from '../api/kit'
import { createFakeAudit } from '../fakes/audit'
import { createTestClock } from '../fakes/clock'
import { createFakePorts } from '../fakes/ports'
import { bindings, MASTER_KEY } from './d1-bindings'

const { DB, FILES } = bindings
const missing = async () => refuse<never>('not_found', 'There is no run with that id.')

/** The API over real D1 and R2, with run objects in memory that hold one text each. */
export function createPrivacyStage() {
  const clock = createTestClock('2026-11-21T09:00:00.000Z')
  const objects = new Map<string, unknown>()
  const breaks = { purge: false }
  const runObject = (name: string): RunObject & { fetch(): Promise<Response> } => {
    const [, id = ''] = name.split('/')
    const has = () => objects.has(name)
    return {
      start: missing,
      get: async () => (has() ? ok({ ...viewOf(id), input: objects.get(name) }) : await missing()),
      steps: async () => (has() ? ok([]) : await missing()),
      events: async ({ after }) =>
        has() ? ok(after > 0 ? [] : [{ seq: 1, at: 'now', type: 'run.started', body: {}, hash: '', prevHash: '' }]) : await missing(),
      event: missing,
      continue: missing,
      resume: missing,
      cancel: missing,
      exportFork: missing,
      wake: missing,
      purge: async () => {
        if (breaks.purge) throw new Error('it broke')
        objects.delete(name)
        return ok(null)
      },
      fetch: async () => new Response(),
    }
  }
  const portsByTenant = new Map<string, ReturnType<typeof createFakePorts>>()
  const fakes = (tenantId: string) => {
    const known = portsByTenant.get(tenantId) ?? createFakePorts({ tenantId, clock, builtIns: [BUILT_IN] })
    portsByTenant.set(tenantId, known)
    return known
  }
  const portsFor = (tenantId: string) => ({
    ...fakes(tenantId),
    documents: createD1Documents(DB, tenantId),
    files: createSealedFiles({
      files: createR2Files(FILES, tenantId),
      vault: createTenantVault({ binding: DB, master: createMasterVault(MASTER_KEY), clock, tenantId }),
      seals: false,
    }),
    deletions: createD1Deletions(DB, tenantId),
    runIndex: createD1RunIndex(DB, tenantId),
    reports: createD1Reports(DB, tenantId),
    modelCache: createD1ModelCache(DB, tenantId),
  })
  const audits = new Map<string, ReturnType<typeof createFakeAudit>>()
  const audit = (tenantId: string) => {
    const known = audits.get(tenantId) ?? createFakeAudit(tenantId, clock)
    audits.set(tenantId, known)
    return known
  }
  const env = { DB, FILES, STEWARD_MASTER_KEY: MASTER_KEY, RUN: { getByName: runObject } }
  const deps: PrivacyDeps = { env, portsFor, audit, clock }
  const work: Promise<unknown>[] = []
  const kit = createKit({
    clock,
    identity: createD1Identity(DB),
    portsFor,
    audit,
    privacy: (tenantId) => createPrivacy(deps, tenantId),
    later: (promise) => void work.push(promise),
  })
  return {
    env,
    deps,
    kit,
    clock,
    objects,
    breaks,
    audit,
    portsFor,
    sweep: () => tendPrivacy(deps),
    settled: async () => void (await Promise.all(work.splice(0))),
    addDocument: async (tenantId: string, text: string, more: { name?: string; class?: string; parentId?: string } = {}) => {
      const id = newId('document')
      const { documents, files, knowledge, collectionDocuments: _ } = portsFor(tenantId)
      await files.put(fileKeys.original(id), text, 'text/plain')
      await documents.insert({
        id,
        name: more.name ?? 'note.txt',
        mediaType: 'text/plain',
        size: text.length,
        sha256: id.slice(4).repeat(2),
        source: more.parentId === undefined ? 'upload' : 'attachment',
        fileKey: fileKeys.original(id),
        createdAt: clock.now().toISOString(),
        ...(more.parentId !== undefined && { parentId: more.parentId }),
      })
      const chunk = { id: 'chk_1', text, context: text, span: { documentId: id, page: 1, start: 0, end: text.length, quote: text } }
      await knowledge.index('default', { documentId: id, name: 'note', metadata: {}, chunks: [chunk] })
      if (more.class !== undefined) await DB.prepare('insert into document_classes values (?, ?, ?)').bind(tenantId, id, more.class).run()
      return id
    },
    addRun: async (tenantId: string, said: unknown, more: Partial<RunSummary> = {}) => {
      const id = newId('run')
      const at = clock.now().toISOString()
      const { status, workflow, workflowVersion, trigger } = viewOf(id)
      const row = {
        id,
        status,
        workflow,
        workflowVersion,
        trigger,
        costMicroUsd: 7,
        openApprovals: 0,
        revision: 1,
        createdAt: at,
        updatedAt: at,
        endedAt: at,
      }
      const { runIndex, reports, files } = portsFor(tenantId)
      await runIndex.upsert([{ ...row, ...more }])
      await files.put(fileKeys.eventSegment(id, 1, 9), JSON.stringify(said), 'application/x-ndjson')
      const reportId = newId('report')
      await reports.insert({ id: reportId, runId: id, title: 'Report', formats: ['csv'], createdAt: at })
      await files.put(fileKeys.report(reportId, 'csv'), `said,${JSON.stringify(said)}`, 'text/csv')
      objects.set(`${tenantId}/${id}`, said)
      return id
    },
    /** Every row of every table, every file, collection and run object of one tenant, with the tables that all share, as one text. */
    everything: async (tenantId: string) => {
      const tables = (
        await DB.prepare("select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'").all<{
          name: string
        }>()
      ).results
      const rows = await Promise.all(tables.map(({ name }) => rowsOf(name, tenantId)))
      const { objects: listed } = await FILES.list({ prefix: `tenants/${tenantId}/` })
      const files = await Promise.all(listed.map(async ({ key }) => `${key} ${await (await FILES.get(key))?.text()}`))
      const indexed: string[] = []
      const { collections } = fakes(tenantId)
      for (const { name } of (await collections.list({ limit: 50 })).items)
        for await (const document of collections.export(name)) indexed.push(JSON.stringify(document))
      const held = [...objects].filter(([name]) => name.startsWith(`${tenantId}/`)).map(([, value]) => value)
      return [...rows, ...files, ...indexed, JSON.stringify(held)].join('\n')
    },
  }
}

async function rowsOf(table: string, tenantId: string): Promise<string> {
  const columns = (await DB.prepare(`pragma table_info("${table}")`).all<{ name: string }>()).results.map(({ name }) => name)
  const isTenants = columns.includes('tenant_id')
  const statement = DB.prepare(`select * from "${table}"${isTenants ? ' where tenant_id = ?' : ''}`)
  return JSON.stringify((await (isTenants ? statement.bind(tenantId) : statement).all()).results)
}

const viewOf = (id: string): RunView => ({
  id,
  workflow: 'intake',
  workflowVersion: 'v1',
  status: 'completed',
  trigger: 'api',
  input: null,
  createdAt: '2026-11-21T09:00:00.000Z',
  updatedAt: '2026-11-21T09:00:00.000Z',
  costMicroUsd: 7,
  lastSeq: 1,
  approvals: [],
  waits: [],
  effects: [],
})
