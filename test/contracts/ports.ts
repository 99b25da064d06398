import { describe, expect, test } from 'vitest'
import type { DocumentRecord } from '../../workers/domain/documents'
import type { Idempotency } from '../../workers/domain/idempotency'
import type { MailLog } from '../../workers/domain/mail'
import type { Documents, Files, Reports, Secrets } from '../../workers/domain/ports'
import type { RunSummary } from '../../workers/domain/runs'
import type { RunListing, WorkflowStore } from '../../workers/domain/stores'
import type { WorkflowVersion } from '../../workers/domain/workflows'

/** What every implementation of a port keeps to, the fake like the adapter. `make` gives a fresh store of the named tenant. */
export interface Stores {
  documents: Documents
  files: Files
  workflows: WorkflowStore
  runIndex: RunListing
  reports: Reports
  secrets: Secrets
  idempotency: Idempotency
  mailLog: MailLog
}
export type MakeStores = (tenantId: string, builtIns?: readonly WorkflowVersion[]) => Stores

let counter = 0
function fresh(prefix: string): string {
  counter += 1
  return `${prefix}_${Date.now()}_${counter.toString().padStart(6, '0')}`
}
const minute = (n: number) => new Date(Date.UTC(2026, 10, 21, 9, n)).toISOString()

export const documentRow = (more: Partial<DocumentRecord> = {}): DocumentRecord => {
  const id = more.id ?? fresh('doc')
  return {
    id,
    name: 'a.pdf',
    mediaType: 'application/pdf',
    size: 3,
    sha256: `hash-of-${id}`,
    source: 'upload',
    fileKey: `documents/${id}/original`,
    createdAt: minute(0),
    ...more,
  }
}

export const runRow = (more: Partial<RunSummary> = {}): RunSummary => ({
  id: fresh('run'),
  workflow: 'intake',
  workflowVersion: '0123456789abcdef',
  status: 'running',
  trigger: 'api',
  costMicroUsd: 0,
  openApprovals: 0,
  createdAt: minute(0),
  updatedAt: minute(0),
  revision: 1,
  ...more,
})

export const workflowVersion = (name: string, version: string, more: Partial<WorkflowVersion> = {}): WorkflowVersion => ({
  name,
  version,
  source: `name: ${name}\n# ${version}\n`,
  definition: { name, title: name, description: '', input: {}, vars: {}, steps: [], outputs: null },
  createdAt: minute(0),
  builtIn: false,
  ...more,
})

export function describeStores(title: string, make: MakeStores): void {
  describe(title, () => {
    describeDocuments(make)
    describeFiles(make)
    describeWorkflows(make)
    describeRunIndex(make)
    describeReports(make)
    describeSecrets(make)
    describeIdempotency(make)
    describeMailLog(make)
  })
}

function describeDocuments(make: MakeStores): void {
  describe('documents', () => {
    test('a document is found by id and by hash, as it was inserted', async () => {
      const { documents } = make(fresh('ten'))
      const row = documentRow()
      await documents.insert(row)
      expect(await documents.find(row.id)).toEqual(row)
      expect(await documents.findByHash(row.sha256)).toEqual(row)
    })

    test('the same bytes are refused a second time, but may come again as an attachment', async () => {
      const { documents } = make(fresh('ten'))
      const row = documentRow()
      await documents.insert(row)
      await expect(documents.insert(documentRow({ sha256: row.sha256 }))).rejects.toMatchObject({ code: 'conflict' })
      await documents.insert(documentRow({ sha256: row.sha256, parentId: 'doc_mail' }))
      expect((await documents.findByHash(row.sha256))?.id).toBe(row.id)
    })

    test('a fingerprint belongs to the first document that takes it, as long as that is there', async () => {
      const { documents } = make(fresh('ten'))
      const [first, second] = [documentRow(), documentRow()]
      // Nobody has heard of this one, as when its row was deleted.
      expect(await documents.claimFingerprint('mark', 'doc_gone')).toBe('doc_gone')
      for (const row of [first, second]) await documents.insert(row)
      expect(await documents.claimFingerprint('mark', first.id)).toBe(first.id)
      expect(await documents.claimFingerprint('mark', second.id)).toBe(first.id)
      expect(await documents.claimFingerprint('mark', first.id)).toBe(first.id)
      expect(await make(fresh('ten')).documents.claimFingerprint('mark', 'doc_other')).toBe('doc_other')
    })

    test('of two documents that take a fingerprint at once both are told the same one', async () => {
      const { documents } = make(fresh('ten'))
      const rows = [documentRow(), documentRow()]
      for (const row of rows) await documents.insert(row)
      const holders = await Promise.all(rows.map((row) => documents.claimFingerprint('mark', row.id)))
      expect(holders[0]).toBe(holders[1])
    })

    test('another tenant finds nothing and may hold the same bytes', async () => {
      const [mine, theirs] = [make(fresh('ten')).documents, make(fresh('ten')).documents]
      const row = documentRow()
      await mine.insert(row)
      expect(await theirs.find(row.id)).toBeUndefined()
      expect(await theirs.findByHash(row.sha256)).toBeUndefined()
      expect((await theirs.list({ limit: 10 })).items).toEqual([])
      await theirs.insert(documentRow({ sha256: row.sha256 }))
    })

    test('a list goes from new to old, page by page, without a gap at equal times', async () => {
      const { documents } = make(fresh('ten'))
      const rows = [0, 1, 1, 1, 2].map((n) => documentRow({ createdAt: minute(n) }))
      for (const row of rows) await documents.insert(row)
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await documents.list({ limit: 2, cursor })
        seen.push(...page.items.map((item) => item.id))
        cursor = page.nextCursor
      } while (cursor !== undefined)
      expect(seen).toEqual(rows.map((row) => row.id).reverse())
    })

    test('a list is filtered by time, source and parent', async () => {
      const { documents } = make(fresh('ten'))
      const mail = documentRow({ source: 'email', createdAt: minute(5) })
      const part = documentRow({ source: 'attachment', parentId: mail.id, createdAt: minute(6) })
      for (const row of [documentRow(), mail, part]) await documents.insert(row)
      expect((await documents.list({ limit: 9, source: 'email' })).items).toEqual([mail])
      expect((await documents.list({ limit: 9, parentId: mail.id })).items).toEqual([part])
      expect((await documents.list({ limit: 9, createdFrom: minute(5), createdTo: minute(6) })).items).toEqual([mail])
      expect((await documents.list({ limit: 9, source: 'nowhere' })).items).toEqual([])
    })

    test('a cursor that is none is refused', async () => {
      await expect(make(fresh('ten')).documents.list({ limit: 1, cursor: 'x' })).rejects.toMatchObject({ code: 'invalid' })
    })
  })
}

function describeFiles(make: MakeStores): void {
  describe('files', () => {
    test('text, bytes and streams of unknown length come back as they went in', async () => {
      const { files } = make(fresh('ten'))
      await files.put('text', 'grüß', 'text/plain')
      await files.put('bytes', new Uint8Array([1, 2, 3]), 'application/octet-stream')
      expect(await files.put('stream', streamOf([new Uint8Array([4]), new Uint8Array([5, 6])]), 'image/png')).toEqual({ size: 3 })
      expect(new TextDecoder().decode(await files.read('text'))).toBe('grüß')
      expect([...((await files.read('bytes')) ?? [])]).toEqual([1, 2, 3])
      const found = await files.stream('stream')
      expect(found).toMatchObject({ size: 3, mediaType: 'image/png' })
      expect([...new Uint8Array(await new Response(found?.body).arrayBuffer())]).toEqual([4, 5, 6])
    })

    test('a stream that breaks stores nothing and tells its own error', async () => {
      const { files } = make(fresh('ten'))
      const broken = new ReadableStream<Uint8Array>({
        pull: (controller) => controller.error(new Error('the sender went away')),
      })
      await expect(files.put('broken', broken, 'text/plain')).rejects.toThrow('the sender went away')
      expect(await files.read('broken')).toBeUndefined()
    })

    test('what is deleted or of another tenant is not there', async () => {
      const { files } = make(fresh('ten'))
      await files.put('a', 'a', 'text/plain')
      expect(await make(fresh('ten')).files.read('a')).toBeUndefined()
      await files.delete(['a', 'never there'])
      expect(await files.read('a')).toBeUndefined()
      expect(await files.stream('a')).toBeUndefined()
    })
  })
}

function describeWorkflows(make: MakeStores): void {
  describe('workflows', () => {
    test('the newest version answers, an old one by its version', async () => {
      const { workflows } = make(fresh('ten'))
      const [v1, v2] = [workflowVersion('w', 'v1'), workflowVersion('w', 'v2')]
      await workflows.save(v1)
      await workflows.save(v2)
      expect(await workflows.find('w')).toEqual(v2)
      expect(await workflows.find('w', 'v1')).toEqual(v1)
      expect(await workflows.find('w', 'v3')).toBeUndefined()
      expect((await workflows.versions('w')).map((each) => each.version)).toEqual(['v2', 'v1'])
    })

    test('a list holds the newest version of every name', async () => {
      const { workflows } = make(fresh('ten'))
      for (const [name, version] of [
        ['b', 'v1'],
        ['a', 'v1'],
        ['b', 'v2'],
        ['b', 'v3'],
        ['c', 'v1'],
      ] as const)
        await workflows.save(workflowVersion(name, version))
      expect((await workflows.list()).map((each) => `${each.name} ${each.version}`)).toEqual(['a v1', 'b v3', 'c v1'])
    })

    test('an old text saved again is the newest again', async () => {
      const { workflows } = make(fresh('ten'))
      for (const version of ['v1', 'v2', 'v1']) await workflows.save(workflowVersion('w', version))
      expect((await workflows.find('w'))?.version).toBe('v1')
      expect((await workflows.versions('w')).map((each) => each.version)).toEqual(['v1', 'v2'])
    })

    test('a replacement needs the version that it was made from', async () => {
      const { workflows } = make(fresh('ten'))
      expect(await workflows.replace(workflowVersion('w', 'v1'), 'v0')).toBe(false)
      expect(await workflows.replace(workflowVersion('w', 'v1'), null)).toBe(true)
      expect(await workflows.replace(workflowVersion('w', 'v2'), null)).toBe(false)
      expect(await workflows.replace(workflowVersion('w', 'v2'), 'v1')).toBe(true)
      expect((await workflows.find('w'))?.version).toBe('v2')
    })

    test('the next start takes the version that was saved, however often others were started before', async () => {
      const base = workflowVersion('intake', 'b1', { builtIn: true })
      const { workflows } = make(fresh('ten'), [base])
      expect(await workflows.findForStart('intake')).toEqual(base)
      expect(await workflows.findForStart('none')).toBeUndefined()
      for (const version of ['v1', 'v2']) {
        await workflows.save(workflowVersion('intake', version))
        for (let start = 0; start < 2; start += 1) expect((await workflows.findForStart('intake'))?.version).toBe(version)
      }
      expect(await workflows.replace(workflowVersion('intake', 'v3'), 'v2')).toBe(true)
      expect((await workflows.findForStart('intake'))?.version).toBe('v3')
      expect((await workflows.findForStart('intake', 'v1'))?.version).toBe('v1')
    })

    test('a built-in workflow answers until the tenant has its own, and keeps its pinned version', async () => {
      const base = workflowVersion('intake', 'b1', { builtIn: true })
      const { workflows } = make(fresh('ten'), [base])
      expect(await workflows.find('intake')).toEqual(base)
      await workflows.save(workflowVersion('intake', 'v1'))
      expect(await workflows.find('intake')).toMatchObject({ version: 'v1', builtIn: false })
      expect(await workflows.find('intake', 'b1')).toEqual(base)
      expect((await workflows.list()).map((each) => each.version)).toEqual(['v1'])
    })

    test('another tenant sees none of them', async () => {
      await make(fresh('ten')).workflows.save(workflowVersion('w', 'v1'))
      const other = make(fresh('ten')).workflows
      expect(await other.find('w')).toBeUndefined()
      expect(await other.list()).toEqual([])
      expect(await other.versions('w')).toEqual([])
    })
  })
}

function describeRunIndex(make: MakeStores): void {
  describe('run index', () => {
    test('a late row of a lower revision changes nothing', async () => {
      const { runIndex } = make(fresh('ten'))
      const row = runRow({ revision: 5, status: 'completed', endedAt: minute(1) })
      await runIndex.upsert([row])
      await runIndex.upsert([{ ...row, revision: 4, status: 'running' }])
      expect(await runIndex.find(row.id)).toEqual(row)
    })

    test('a newer row replaces the whole row: what is gone does not linger', async () => {
      const { runIndex } = make(fresh('ten'))
      const row = runRow({ status: 'failed', errorMessage: 'it broke', endedAt: minute(1) })
      await runIndex.upsert([row])
      const { errorMessage: _error, endedAt: _end, ...resumed } = { ...row, status: 'running' as const, revision: 2 }
      await runIndex.upsert([resumed])
      expect(await runIndex.find(row.id)).toEqual(resumed)
    })

    test('lists are filtered, paged and bound to the tenant', async () => {
      const { runIndex } = make(fresh('ten'))
      const rows = [
        runRow({ createdAt: minute(1) }),
        runRow({ createdAt: minute(2), status: 'waiting', openApprovals: 1 }),
        runRow({ createdAt: minute(3), workflow: 'other' }),
      ]
      await runIndex.upsert(rows)
      expect((await runIndex.list({ limit: 2 })).items).toEqual([rows[2], rows[1]])
      expect((await runIndex.list({ limit: 9, status: 'waiting' })).items).toEqual([rows[1]])
      expect((await runIndex.list({ limit: 9, workflow: 'other' })).items).toEqual([rows[2]])
      expect((await runIndex.listOpenApprovals({ limit: 9 })).items).toEqual([rows[1]])
      const other = make(fresh('ten')).runIndex
      expect(await other.find(rows[0]?.id ?? '')).toBeUndefined()
      expect((await other.list({ limit: 9 })).items).toEqual([])
    })
  })
}

function describeReports(make: MakeStores): void {
  test('reports are found by id and by run, by their tenant only', async () => {
    const { reports } = make(fresh('ten'))
    const row = {
      id: fresh('rep'),
      runId: fresh('run'),
      title: 'Summary',
      formats: ['pdf' as const, 'xlsx' as const],
      createdAt: minute(0),
    }
    await reports.insert(row)
    expect(await reports.find(row.id)).toEqual(row)
    expect(await reports.listByRun(row.runId)).toEqual([row])
    const counted = { ...row, id: fresh('rep'), bytes: 12_345 }
    await reports.insert(counted)
    expect(await reports.find(counted.id)).toEqual(counted)
    const other = make(fresh('ten')).reports
    expect(await other.find(row.id)).toBeUndefined()
    expect(await other.listByRun(row.runId)).toEqual([])
  })
}

function describeSecrets(make: MakeStores): void {
  test('a secret is read back, replaced, and unknown to another tenant', async () => {
    const { secrets } = make(fresh('ten'))
    await secrets.put('webhook', 'one')
    await secrets.put('webhook', 'two €')
    expect(await secrets.get('webhook')).toBe('two €')
    expect(await secrets.get('other')).toBeUndefined()
    expect(await make(fresh('ten')).secrets.get('webhook')).toBeUndefined()
  })

  test('the hosts of a secret stay when its value is replaced, until others are named', async () => {
    const { secrets } = make(fresh('ten'))
    await secrets.put('token', 'one')
    expect(await secrets.find('token')).toEqual({ value: 'one' })
    await secrets.put('token', 'two', ['api.example.com', '*.example.org:8443'])
    await secrets.put('token', 'three')
    await secrets.put('another', 'four', ['*'])
    expect(await secrets.find('token')).toEqual({ value: 'three', hosts: ['api.example.com', '*.example.org:8443'] })
    expect(await secrets.list()).toEqual([
      { name: 'another', hosts: ['*'] },
      { name: 'token', hosts: ['api.example.com', '*.example.org:8443'] },
    ])
    await secrets.put('token', 'five', ['api.example.com'])
    expect(await secrets.find('token')).toEqual({ value: 'five', hosts: ['api.example.com'] })
    const other = make(fresh('ten')).secrets
    expect([await other.find('token'), await other.list()]).toEqual([undefined, []])
  })
}

function describeIdempotency(make: MakeStores): void {
  const claim = (key: string, more: { fingerprint?: string; at?: string; abandonedBefore?: string; runId?: string } = {}) => ({
    key,
    fingerprint: 'f',
    runId: 'run_1',
    at: minute(10),
    expiresAt: minute(50),
    abandonedBefore: minute(5),
    ...more,
  })
  const mine = (runId: string) => ({ kind: 'mine', runId })
  describe('idempotency', () => {
    test('a key is taken once, then busy, then gives the answer', async () => {
      const { idempotency } = make(fresh('ten'))
      expect(await idempotency.claim(claim('k'))).toEqual(mine('run_1'))
      expect(await idempotency.claim(claim('k', { runId: 'run_2' }))).toEqual({ kind: 'busy' })
      const answer = { status: 202, mediaType: 'application/json', body: '{"id":"run_1"}' }
      await idempotency.finish('k', answer)
      expect(await idempotency.claim(claim('k'))).toEqual({ kind: 'done', answer })
      expect(await idempotency.claim(claim('k', { fingerprint: 'g' }))).toEqual({ kind: 'mismatch' })
    })

    test('a released or expired key is free again, for a run of its own', async () => {
      const { idempotency } = make(fresh('ten'))
      await idempotency.claim(claim('k'))
      await idempotency.release('k')
      expect(await idempotency.claim(claim('k', { runId: 'run_2' }))).toEqual(mine('run_2'))
      await idempotency.finish('k', { status: 200, mediaType: 'text/plain', body: '' })
      expect(await idempotency.claim(claim('k', { at: minute(51), runId: 'run_3', fingerprint: 'g' }))).toEqual(mine('run_3'))
    })

    test('a key of a process that died goes to the same request, which goes on with the same run', async () => {
      const { idempotency } = make(fresh('ten'))
      await idempotency.claim(claim('k'))
      const late = { at: minute(21), abandonedBefore: minute(20), runId: 'run_2' }
      expect(await idempotency.claim(claim('k', { ...late, fingerprint: 'g' }))).toEqual({ kind: 'mismatch' })
      expect(await idempotency.claim(claim('k', late))).toEqual(mine('run_1'))
      expect(await idempotency.claim(claim('k', late))).toEqual({ kind: 'busy' })
    })

    test('a renewed key stays with who holds it, an abandoned one goes on at once', async () => {
      const { idempotency } = make(fresh('ten'))
      await idempotency.claim(claim('k'))
      await idempotency.renew('k', minute(20))
      expect(await idempotency.claim(claim('k', { at: minute(21), abandonedBefore: minute(20) }))).toEqual({ kind: 'busy' })
      await idempotency.abandon('k')
      expect(await idempotency.claim(claim('k', { at: minute(21), runId: 'run_2' }))).toEqual(mine('run_1'))
    })

    test('an answer that stands is neither released nor abandoned', async () => {
      const { idempotency } = make(fresh('ten'))
      await idempotency.claim(claim('k'))
      await idempotency.finish('k', { status: 200, mediaType: 'text/plain', body: '' })
      await idempotency.abandon('k')
      await idempotency.release('k')
      expect(await idempotency.claim(claim('k', { at: minute(21), abandonedBefore: minute(20) }))).toMatchObject({ kind: 'done' })
    })

    test('two tenants may use the same key', async () => {
      await make(fresh('ten')).idempotency.claim(claim('k'))
      expect(await make(fresh('ten')).idempotency.claim(claim('k', { runId: 'run_2' }))).toEqual(mine('run_2'))
    })
  })
}

function describeMailLog(make: MakeStores): void {
  const entry = (keys: string[], more: { workflow?: string; at?: string } = {}) => ({
    workflow: 'w',
    keys,
    documentId: fresh('doc'),
    runId: fresh('run'),
    at: minute(0),
    ...more,
  })
  describe('mail log', () => {
    test('a mail with any known key stands as it was entered first', async () => {
      const { mailLog } = make(fresh('ten'))
      const first = entry(['message-id:<1>', 'content:a'])
      expect(await mailLog.claim(first)).toEqual({ documentId: first.documentId, runId: first.runId, isStarted: false })
      for (const keys of [['message-id:<1>', 'content:b'], ['message-id:<2>', 'content:a'], ['content:a']]) {
        expect((await mailLog.claim(entry(keys, { at: minute(1) }))).runId).toBe(first.runId)
      }
      // The second key of a refused mail was not entered either.
      expect(await mailLog.find('w', ['content:b'])).toBeUndefined()
    })

    test('a started mail is marked, for its workflow and tenant only', async () => {
      const tenant = make(fresh('ten'))
      const first = entry(['content:a'])
      await tenant.mailLog.claim(first)
      await tenant.mailLog.markStarted('w', first.runId)
      expect(await tenant.mailLog.find('w', ['content:a'])).toMatchObject({ isStarted: true })
      expect(await tenant.mailLog.find('other', ['content:a'])).toBeUndefined()
      expect(await make(fresh('ten')).mailLog.find('w', ['content:a'])).toBeUndefined()
    })
  })
}

function streamOf(chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
}
