import { beforeEach, describe, expect, test } from 'vitest'
import { fileKeys } from '../../workers/domain/documents'
import type { IndexedDocument } from '../../workers/domain/knowledge'
import { documentRow } from '../contracts/ports'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account

const passages = (documentId: string, text: string): IndexedDocument => ({
  ...{ documentId, name: `${documentId}.txt`, metadata: { class: 'note', tags: ['a'] } },
  chunks: [{ id: `chk_${documentId}`, text, context: '', span: { documentId, page: 1, start: 0, end: text.length, quote: text } }],
})
const of = (account = acme) => kit.tenant(account.tenantId)
const request = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  call(kit, acme, method, `/api/v1${path}`, body, headers)

beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
  for (const id of ['doc_b', 'doc_a', 'doc_c']) await of().ports.knowledge.index('notes', passages(id, `text of ${id}`))
})

describe('the documents of a collection', () => {
  test('are listed page by page with their facts', async () => {
    const first = await request('GET', '/collections/notes/documents?limit=2')
    expect(first).toMatchObject({
      status: 200,
      body: { items: [{ documentId: 'doc_a', chunks: 1, metadata: { class: 'note', tags: ['a'] } }, { documentId: 'doc_b' }] },
    })
    const second = await request('GET', `/collections/notes/documents?limit=2&cursor=${first.body.nextCursor}`)
    expect(second.body).toEqual({ items: [expect.objectContaining({ documentId: 'doc_c' })] })
    expect((await request('GET', '/collections/nowhere/documents')).status).toBe(404)
  })

  test('are removed one by one; the document itself stays', async () => {
    const row = documentRow({ id: 'doc_a' })
    await of().ports.documents.insert(row)
    expect((await request('DELETE', '/collections/notes/documents/doc_a')).status).toBe(204)
    const { hits } = (await request('POST', '/collections/notes/search', { text: 'text of doc_a' })).body
    expect(hits.map(({ documentId }: { documentId: string }) => documentId)).toEqual(['doc_b', 'doc_c'])
    expect((await request('GET', '/documents/doc_a')).status).toBe(200)
    expect(await request('DELETE', '/collections/notes/documents/doc_a')).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  test('are removed with their further parts', async () => {
    await of().ports.documents.insert(documentRow({ id: 'doc_c', source: 'part', parentId: 'doc_b' }))
    expect((await request('DELETE', '/collections/notes/documents/doc_b')).status).toBe(204)
    const { items } = (await request('GET', '/collections/notes/documents')).body
    expect(items.map(({ documentId }: { documentId: string }) => documentId)).toEqual(['doc_a'])
  })

  test('go with the collection when it is deleted', async () => {
    expect((await request('DELETE', '/collections/notes')).status).toBe(204)
    expect((await request('GET', '/collections/notes')).status).toBe(404)
    expect((await request('DELETE', '/collections/notes')).status).toBe(404)
  })
})

describe('indexing a document', () => {
  const index = (body: unknown, headers?: Record<string, string>) => request('POST', '/collections/notes/documents', body, headers)
  const stepsOf = (runId: string) =>
    of()
      .runs.all.get(runId)
      ?.order.workflow.definition.steps.map((step) => ('operation' in step ? `${step.agent}.${step.operation}` : step.kind))

  test('starts a run that reads it first, unless it was read', async () => {
    const { ports, runs } = of()
    await ports.documents.insert(documentRow({ id: 'doc_new', name: 'new.pdf' }))
    const metadata = { date: '2026-03-31', tags: ['urgent', 'paid'] }
    const first = await index({ documentId: 'doc_new', metadata })
    expect(first).toMatchObject({ status: 202, body: { status: 'running' } })
    expect(runs.all.get(first.body.id)?.order).toMatchObject({
      ...{ documentId: 'doc_new', title: 'new.pdf → notes', trigger: 'api' },
      input: { documentId: 'doc_new', collection: 'notes', metadata },
    })
    expect(stepsOf(first.body.id)).toEqual(['ingestion.parse', 'analysis.index'])
    await ports.files.put(fileKeys.parsed('doc_new'), '{}', 'application/json')
    expect(stepsOf((await index({ documentId: 'doc_new' })).body.id)).toEqual(['analysis.index'])
  })

  test('is done once for an Idempotency-Key', async () => {
    await of().ports.documents.insert(documentRow({ id: 'doc_new' }))
    const [one, two] = [
      await index({ documentId: 'doc_new' }, { 'Idempotency-Key': 'k' }),
      await index({ documentId: 'doc_new' }, { 'Idempotency-Key': 'k' }),
    ]
    expect(two.body.id).toBe(one.body.id)
  })

  test.each([
    ['an unknown document', { documentId: 'doc_none' }, 404],
    ['facts that are no texts', { documentId: 'doc_new', metadata: { year: 2026 } }, 400],
    ['too many facts', { documentId: 'doc_new', metadata: Object.fromEntries(Array.from({ length: 61 }, (_, n) => [`f${n}`, 'x'])) }, 400],
  ])('refuses %s', async (_, body, status) => {
    await of().ports.documents.insert(documentRow({ id: 'doc_new' }))
    expect((await index(body)).status).toBe(status)
  })
})

describe('deleting a document', () => {
  const stored = async (id: string, more = {}) => {
    const { ports } = of()
    await ports.documents.insert(documentRow({ id, ...more }))
    await ports.files.put(fileKeys.original(id), 'text', 'text/plain')
  }

  test('takes it and its attachments out of every collection', async () => {
    await stored('doc_a')
    await stored('doc_b', { parentId: 'doc_a' })
    expect(await request('DELETE', '/documents/doc_a')).toMatchObject({
      status: 200,
      body: { documents: ['doc_a', 'doc_b'], collections: ['notes'] },
    })
    expect(of().ports.files.keys()).toEqual([])
    const { items } = (await request('GET', '/collections/notes/documents')).body
    expect(items.map(({ documentId }: { documentId: string }) => documentId)).toEqual(['doc_c'])
    expect((await request('DELETE', '/documents/doc_a')).status).toBe(404)
  })

  test('works for one that only an imported collection knows', async () => {
    expect(await request('DELETE', '/documents/doc_c')).toMatchObject({
      status: 200,
      body: { documents: ['doc_c'], collections: ['notes'] },
    })
  })

  test('is refused with the run that holds it, and for a role that may not', async () => {
    await stored('doc_a')
    const { body: run } = await request('POST', '/collections/notes/documents', { documentId: 'doc_a' })
    const refused = await request('DELETE', '/documents/doc_a')
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict', detail: expect.stringContaining(run.id) } })
    const { key } = (await request('POST', '/api-keys', { name: 'k', role: 'client' })).body
    expect((await call(kit, { ...acme, apiKey: key }, 'DELETE', '/api/v1/documents/doc_a')).status).toBe(403)
  })
})
