import { beforeEach, describe, expect, test } from 'vitest'
import type { IndexedDocument } from '../../workers/domain/knowledge'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account

const passages = (documentId: string, text = `text of ${documentId}`): IndexedDocument => ({
  ...{ documentId, name: `${documentId}.txt`, metadata: { class: 'note' } },
  chunks: [{ id: `chk_${documentId}`, text, context: '', span: { documentId, page: 1, start: 0, end: text.length, quote: text } }],
})

beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
  for (const id of ['doc_b', 'doc_a']) await kit.tenant(acme.tenantId).ports.knowledge.index('notes', passages(id))
  await call(kit, acme, 'POST', '/api/v1/collections', { name: 'copy' })
})

const exported = async () => (await call(kit, acme, 'GET', '/api/v1/collections/notes/export')).text
async function importInto(name: string, body: BodyInit, account = acme) {
  const response = await kit.app.request(`/api/v1/collections/${name}/import`, {
    method: 'POST',
    body,
    headers: { Authorization: `Bearer ${account.apiKey}`, 'Content-Type': 'application/x-ndjson' },
  })
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as they come
  return { status: response.status, body: (await response.json()) as any }
}
const HEADER = JSON.stringify({
  ...{ format: 'steward.collection', version: 1, name: 'notes', exportedAt: '2026-11-21T09:00:00.000Z', documents: 1, chunks: 1 },
})
const END = '{"end":true,"documents":1}'
const line = (document: unknown) => JSON.stringify(document)
const stateOf = async (name: string) => (await call(kit, acme, 'GET', `/api/v1/collections/${name}`)).body

describe('an export', () => {
  test('is a file of JSON lines that says what it is and where it ends', async () => {
    const { status, headers, text } = await call(kit, acme, 'GET', '/api/v1/collections/notes/export')
    expect(status).toBe(200)
    expect(headers.get('Content-Type')).toBe('application/x-ndjson')
    expect(headers.get('Content-Disposition')).toContain('notes.ndjson')
    const lines = text
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each))
    expect(lines[0]).toMatchObject({ format: 'steward.collection', version: 1, name: 'notes', documents: 2, chunks: 2 })
    expect(lines.slice(1)).toEqual([passages('doc_a'), passages('doc_b'), { end: true, documents: 2 }])
    expect((await call(kit, acme, 'GET', '/api/v1/collections/nowhere/export')).status).toBe(404)
  })
})

describe('an import', () => {
  test('takes what an export gave, and again changes nothing', async () => {
    const text = await exported()
    expect(await importInto('copy', text)).toEqual({ status: 200, body: { documents: 2, unchanged: 0, chunks: 2, refused: [] } })
    expect(await importInto('copy', text)).toMatchObject({ body: { documents: 0, unchanged: 2, chunks: 2 } })
    expect(await stateOf('copy')).toMatchObject({ documents: 2 })
    const { body } = await call(kit, acme, 'POST', '/api/v1/collections/copy/search', { text: 'doc_a' })
    expect(body.hits[0]).toMatchObject({ chunkId: 'chk_doc_a', span: { documentId: 'doc_a' } })
  })

  test('reads lines however the bytes are cut, over several batches', async () => {
    const documents = Array.from({ length: 100 }, (_, n) => line(passages(`doc_${n}`, `Ärger ${n} 😀`)))
    const bytes = new TextEncoder().encode([HEADER, '', ...documents, END].join('\r\n'))
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.slice(at, at + 7))
        controller.close()
      },
    })
    const response = await kit.app.request('/api/v1/collections/copy/import', {
      ...{ method: 'POST', body, duplex: 'half', headers: { Authorization: `Bearer ${acme.apiKey}` } },
    } as RequestInit)
    expect(await response.json()).toMatchObject({ documents: 100, refused: [] })
    const { body: found } = await call(kit, acme, 'POST', '/api/v1/collections/copy/search', { text: 'Ärger 7' })
    expect(found.hits[0].text).toBe('Ärger 7 😀')
  })

  test('leaves out lines that are no documents and names them', async () => {
    const wrong = { ...passages('doc_c'), name: undefined }
    const { status, body } = await importInto('copy', [HEADER, line(passages('doc_a')), '{broken', line(wrong), END].join('\n'))
    expect(status).toBe(200)
    expect(body).toMatchObject({
      documents: 1,
      refused: [{ line: 3, message: expect.stringContaining('The line is no JSON') }, { line: 4 }],
    })
    expect(body.refused[1].message).toContain('name')
  })

  test('leaves out lines that no parser should follow', async () => {
    const deep = `{"documentId":"d","name":"d","metadata":{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}},"chunks":[]}`
    const { status, body } = await importInto('copy', [HEADER, deep, line(passages('doc_a')), END].join('\n'))
    expect(status).toBe(200)
    expect(body).toMatchObject({ documents: 1, refused: [{ line: 2, message: expect.stringContaining('nested deeper') }] })
  })

  test('that broke off says after which line; what came before is there', async () => {
    const { status, body } = await importInto('copy', [HEADER, line(passages('doc_a')), line(passages('doc_b'))].join('\n'))
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'invalid', reason: 'truncated', detail: expect.stringContaining('line 3') })
    expect(await stateOf('copy')).toMatchObject({ documents: 2 })
  })

  test.each([
    ['an empty body', ''],
    ['another file', '{"a":1}\n'],
    ['documents without the first line', line(passages('doc_a'))],
    ['a format of the future', HEADER.replace('"version":1', '"version":2')],
  ])('refuses %s', async (_, text) => {
    expect(await importInto('copy', text)).toMatchObject({ status: 400, body: { code: 'invalid' } })
    expect(await stateOf('copy')).toMatchObject({ documents: 0 })
  })

  test('refuses a file in which hardly anything is a document, naming lines', async () => {
    const { status, body } = await importInto('copy', [HEADER, ...Array.from({ length: 150 }, () => 'x'), END].join('\n'))
    expect(status).toBe(400)
    expect(body.problems[0]).toMatchObject({ line: 2 })
  })

  test('refuses more than an upload may have, and bytes that are no text, with the line', async () => {
    const large = [HEADER, line(passages('doc_a')), line(passages('doc_b', 'x'.repeat(1_100_000))), END].join('\n')
    expect(await importInto('copy', large)).toMatchObject({ status: 413, body: { detail: expect.stringContaining('line 3') } })
    const bytes = new Uint8Array([...new TextEncoder().encode(`${HEADER}\n`), 0xff, 0xfe, 0x0a])
    expect(await importInto('copy', bytes)).toMatchObject({ status: 400, body: { detail: expect.stringContaining('Line 2') } })
  })

  test('goes into no collection that is not there', async () => {
    expect((await importInto('nowhere', await exported())).status).toBe(404)
    const evil = await createAccount(kit, 'evil')
    expect((await importInto('notes', await exported(), evil)).status).toBe(404)
  })
})

test('new vectors are ordered, and the state of the collection is the answer', async () => {
  const asked: string[] = []
  Object.assign(kit.tenant(acme.tenantId).ports.collections, { reembed: async (name: string) => void asked.push(name) })
  expect(await call(kit, acme, 'POST', '/api/v1/collections/notes/reembed')).toMatchObject({
    status: 202,
    body: { id: 'notes', documents: 2 },
  })
  expect(asked).toEqual(['notes'])
  expect((await call(kit, acme, 'POST', '/api/v1/collections/nowhere/reembed')).status).toBe(404)
})
