import { createHash } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})

const PDF = '%PDF-1.7\nhello'
const form = (content: string, name: string, fields: Record<string, string> = {}) => {
  const data = new FormData()
  for (const [key, value] of Object.entries(fields)) data.append(key, value)
  data.append('file', new File([content], name))
  return data
}

async function upload(body: BodyInit, query = '', headers: Record<string, string> = {}) {
  // Written out first: Node's stream of a FormData breaks when a refusal stops reading it.
  const whole = new Response(body)
  const sent = { Authorization: `Bearer ${acme.apiKey}`, 'Content-Type': whole.headers.get('Content-Type') ?? '', ...headers }
  const response = await kit.app.request(`/api/v1/documents${query}`, { method: 'POST', body: await whole.arrayBuffer(), headers: sent })
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as they come
  return { status: response.status, body: (await response.json()) as any }
}
const files = () => kit.tenant(acme.tenantId).ports.files.keys()

test('an upload is stored with its hash and the type of its content', async () => {
  const { status, body } = await upload(form(PDF, '../../rech\u202enung.txt'))
  expect(status).toBe(201)
  expect(body).toMatchObject({
    duplicate: false,
    document: { name: 'rechnung.txt', mediaType: 'application/pdf', size: PDF.length, source: 'upload' },
  })
  expect(body.document.sha256).toBe(createHash('sha256').update(PDF).digest('hex'))
  expect(files()).toEqual([body.document.fileKey])
})

test('the same bytes again give the first document and keep no second copy', async () => {
  const first = await upload(form(PDF, 'a.pdf'))
  const second = await upload(form(PDF, 'b.pdf'))
  expect(second).toMatchObject({ status: 200, body: { duplicate: true, document: first.body.document } })
  expect(files()).toHaveLength(1)
})

test('further parts of a long document are listed when asked for, and give its bytes', async () => {
  const { document } = (await upload(form(PDF, 'a.pdf'))).body
  const part = {
    ...document,
    id: 'doc_part',
    name: 'a.pdf (pages 2,001–4,000)',
    source: 'part',
    parentId: document.id,
    sha256: 'b'.repeat(64),
    size: 0,
  }
  await kit.tenant(acme.tenantId).ports.documents.insert(part)
  const ids = async (query = '') =>
    (await call(kit, acme, 'GET', `/api/v1/documents${query}`)).body.items.map(({ id }: { id: string }) => id)
  expect(await ids()).toEqual([document.id])
  expect(await ids('?source=part')).toEqual(['doc_part'])
  expect(await ids(`?parentId=${document.id}`)).toEqual(['doc_part'])
  const headers = { Authorization: `Bearer ${acme.apiKey}` }
  const response = await kit.app.request('/api/v1/documents/doc_part/content', { headers })
  expect(response.headers.get('Content-Disposition')).toContain('a.pdf')
  expect(new Uint8Array(await response.arrayBuffer()).length).toBe(PDF.length)
})

test('a bare body with X-File-Name is taken as the file', async () => {
  const { status, body } = await upload('a;b\n1;2\n', '', { 'Content-Type': 'text/csv', 'X-File-Name': encodeURIComponent('Aufträge.csv') })
  expect({ status, name: body.document.name, mediaType: body.document.mediaType }).toEqual({
    status: 201,
    name: 'Aufträge.csv',
    mediaType: 'text/csv',
  })
})

test.each([
  ['in the query', '?workflow=document-intake', {}],
  ['as a form field', '', { workflow: 'document-intake' }],
])('a workflow named %s is started with the document', async (_, query, fields) => {
  const { body } = await upload(form(PDF, 'a.pdf', fields), query)
  expect(body.run).toMatchObject({ workflow: 'document-intake', trigger: 'upload', input: { documentId: body.document.id } })
})

test('a workflow is started only by who may start runs, and nothing is stored for anybody else', async () => {
  const scopes = ['documents:write', 'documents:read']
  const { key } = (await call(kit, acme, 'POST', '/api/v1/api-keys', { name: 'scanner', role: 'client', scopes })).body
  const scanner = { Authorization: `Bearer ${key}` }
  const refused = { status: 403, body: { code: 'forbidden', detail: expect.stringContaining('runs:write') } }
  expect(await upload(form(PDF, 'a.pdf'), '?workflow=document-intake', scanner)).toMatchObject(refused)
  expect(await upload(form(PDF, 'a.pdf', { workflow: 'document-intake' }), '', scanner)).toMatchObject(refused)
  const late = form(PDF, 'a.pdf')
  late.append('workflow', 'document-intake')
  expect(await upload(late, '', scanner)).toMatchObject(refused)
  // What there is to start is not told either.
  expect(await upload(form(PDF, 'a.pdf'), '?workflow=nope', scanner)).toMatchObject(refused)
  expect(files()).toEqual([])
  expect(kit.tenant(acme.tenantId).runs.all.size).toBe(0)
  expect((await upload(form(PDF, 'a.pdf'), '', scanner)).status).toBe(201)
})

test('an unknown workflow is refused and nothing is kept', async () => {
  expect((await upload(form(PDF, 'a.pdf'), '?workflow=nope')).status).toBe(404)
  expect((await upload(form(PDF, 'a.pdf', { workflow: 'nope' }))).status).toBe(404)
  expect(files()).toEqual([])
})

test.each([
  ['an empty file', form('', 'a.pdf'), 400, 'empty'],
  ['a form without a file', form(PDF, 'a.pdf'), 400, 'no_file'],
  ['a file over the cap', form('x'.repeat(1_048_577), 'a.txt'), 413, 'file_too_large'],
])('%s is refused with its reason, and nothing is kept', async (title, body, status, reason) => {
  if (title.includes('without')) {
    body.delete('file')
    body.append('note', 'no file')
  }
  expect(await upload(body)).toMatchObject({ status, body: { reason } })
  expect(files()).toEqual([])
})

test('a second file in one request is refused, and the first is not kept', async () => {
  const two = form(PDF, 'a.pdf')
  two.append('file', new File(['other'], 'b.txt'))
  expect(await upload(two)).toMatchObject({ status: 400, body: { reason: 'several_files' } })
  expect(files()).toEqual([])
})

test('a body that is cut off is refused, and nothing is kept', async () => {
  const whole = new Uint8Array(await new Response(form('x'.repeat(200_000), 'a.txt')).arrayBuffer())
  const boundary = new TextDecoder().decode(whole.subarray(2, whole.indexOf(13)))
  const cut = await upload(whole.slice(0, 150_000), '', { 'Content-Type': `multipart/form-data; boundary=${boundary}` })
  expect(cut).toMatchObject({ status: 400, body: { reason: 'malformed_multipart' } })
  expect(files()).toEqual([])
})

test('an original is downloaded as an attachment that no browser runs', async () => {
  const { body } = await upload(form('<html><script>alert(1)</script>', 'böse "datei".html'))
  const answer = await call(kit, acme, 'GET', `/api/v1/documents/${body.document.id}/content`)
  expect(answer.text).toContain('alert(1)')
  expect(answer.headers.get('Content-Disposition')).toBe(`attachment; filename="b_se datei.html"; filename*=UTF-8''b%C3%B6se%20datei.html`)
  expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff')
  expect(answer.headers.get('Content-Security-Policy')).toContain('sandbox')
})

test('the parsed document is there once it was read', async () => {
  const { document } = (await upload(form(PDF, 'a.pdf'))).body
  expect((await call(kit, acme, 'GET', `/api/v1/documents/${document.id}/parsed`)).status).toBe(404)
  await kit.tenant(acme.tenantId).ports.files.put(`documents/${document.id}/parsed.json`, '{"pages":[]}', 'application/json')
  expect((await call(kit, acme, 'GET', `/api/v1/documents/${document.id}/parsed`)).body).toEqual({ pages: [] })
})

test('documents are listed page by page', async () => {
  for (const n of [1, 2, 3]) {
    await upload(form(`text ${n}`, `${n}.txt`))
    kit.clock.advance(1_000)
  }
  const first = await call(kit, acme, 'GET', '/api/v1/documents?limit=2')
  expect(first.body.items.map((item: { name: string }) => item.name)).toEqual(['3.txt', '2.txt'])
  const second = await call(kit, acme, 'GET', `/api/v1/documents?limit=2&cursor=${first.body.nextCursor}`)
  expect(second.body).toEqual({ items: [expect.objectContaining({ name: '1.txt' })] })
  expect(await call(kit, acme, 'GET', '/api/v1/documents?limit=0')).toMatchObject({ status: 400, body: { problems: [{ path: 'limit' }] } })
})
