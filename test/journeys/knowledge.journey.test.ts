import { beforeAll, expect, test } from 'vitest'
import { type Client, createClient } from '../../scripts/client.ts'

interface Citation {
  label: string
  span: { documentId: string; page: number; start: number; end: number; quote: string }
}
interface Answer {
  abstained: boolean
  reason?: string
  sentences: { text: string; status: string; citations: Citation[] }[]
  trace: { stages: { name: string; status: string }[]; ms: number }
}

const url = process.env.STEWARD_URL ?? ''
const apiKey = process.env.STEWARD_API_KEY ?? ''
const COLLECTION = `journey ${Date.now()}`
const AT = `/api/v1/collections/${encodeURIComponent(COLLECTION)}`
const LEASE = `# Lease of the warehouse in Lindau

The notice period is six months to the end of a quarter. The monthly rent is 4,200 euros and is due on the third working day.

The tenant is Bergmann Logistik GmbH.
`
const MANUAL = `# Manual of the forklift

The battery of the forklift lasts for nine hours. It is charged overnight at the loading ramp.
`
const QUESTION = 'How long is the notice period?'

let client: Client
let lease: string
let manual: string

async function send(method: string, path: string, init: RequestInit = {}): Promise<Response> {
  return await fetch(`${url}${path}`, { ...init, method, headers: { authorization: `Bearer ${apiKey}`, ...init.headers } })
}
const ask = async (question: string) => await client.post<Answer>(`${AT}/ask`, { question })

async function upload(name: string, text: string): Promise<string> {
  const { document } = await client.upload<{ document: { id: string } }>('/api/v1/documents', name, new TextEncoder().encode(text))
  return document.id
}

async function index(documentId: string, metadata: Record<string, unknown>): Promise<void> {
  const { id } = await client.post<{ id: string }>(`${AT}/documents`, { documentId, metadata })
  for (let tries = 0; tries < 300; tries += 1) {
    const run = await client.get<{ status: string; error?: unknown }>(`/api/v1/runs/${id}`)
    if (run.status === 'completed') return
    if (run.status === 'failed') throw new Error(JSON.stringify(run.error))
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`run ${id} never ended`)
}

/** The events of an answer as a stream, with their bodies. */
async function streamed(question: string): Promise<{ event: string; body: Record<string, unknown> }[]> {
  const response = await send('POST', `${AT}/ask`, {
    body: JSON.stringify({ question }),
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
  })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  return (await response.text())
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const [event = '', body = ''] = block.split('\n')
      return { event: event.slice('event: '.length), body: JSON.parse(body.slice('data: '.length)) }
    })
}

beforeAll(async () => {
  client = createClient(url, apiKey)
  await client.post('/api/v1/collections', { name: COLLECTION })
  lease = await upload('lease.md', LEASE)
  manual = await upload('manual.md', MANUAL)
  await index(lease, { class: 'contract', signedOn: '2026-03-31', tags: ['warehouse', 'lindau'] })
  await index(manual, { class: 'manual' })
})

test('uploaded documents are indexed into a collection, listed and found with their places', async () => {
  const { items } = await client.get<{ items: { documentId: string; chunks: number; metadata: Record<string, unknown> }[] }>(
    `${AT}/documents`,
  )
  expect(items.map(({ documentId }) => documentId).sort()).toEqual([lease, manual].sort())
  expect(items.find(({ documentId }) => documentId === lease)?.metadata).toMatchObject({ signedOn: '2026-03-31', source: 'upload' })
  const filter = { tags: { allOf: ['warehouse'] }, signedOn: { from: '2026-03', to: '2026-03' } }
  const { hits } = await client.post<{ hits: { documentId: string; span: { quote: string } }[] }>(`${AT}/search`, {
    text: QUESTION,
    filter,
  })
  expect(hits[0]?.documentId).toBe(lease)
  expect(hits.every(({ documentId }) => documentId === lease)).toBe(true)
})

test('a question is answered with citations that stand in the document, as JSON and as a stream', async () => {
  const answer = await ask(QUESTION)
  expect(answer).toMatchObject({ abstained: false, sentences: [{ status: 'verified' }] })
  const [citation] = answer.sentences[0]?.citations ?? []
  expect(answer.sentences[0]?.text).toContain('six months')
  const parsed = await client.get<{ pages: { number: number; text: string }[] }>(`/api/v1/documents/${lease}/parsed`)
  const { page, start, end, quote, documentId } = citation?.span ?? { page: 0, start: 0, end: 0, quote: '', documentId: '' }
  expect(documentId).toBe(lease)
  expect(parsed.pages.find(({ number }) => number === page)?.text.slice(start, end)).toBe(quote)
  const events = await streamed(QUESTION)
  expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(['stage', 'sentence', 'citation', 'done']))
  expect(events.at(-1)).toMatchObject({ event: 'done', body: { abstained: false, sentences: answer.sentences } })
})

test('a collection goes out as lines, into another, and answers there', async () => {
  const copy = `${COLLECTION} copy`
  const to = `/api/v1/collections/${encodeURIComponent(copy)}`
  await client.post('/api/v1/collections', { name: copy })
  const text = await (await send('GET', `${AT}/export`)).text()
  expect(JSON.parse(text.split('\n')[0] ?? '')).toMatchObject({ format: 'steward.collection', version: 1, documents: 2 })
  const taken = await send('POST', `${to}/import`, { body: text, headers: { 'content-type': 'application/x-ndjson' } })
  expect(await taken.json()).toMatchObject({ documents: 2, unchanged: 0, refused: [] })
  const again = await send('POST', `${to}/import`, { body: text, headers: { 'content-type': 'application/x-ndjson' } })
  expect(await again.json()).toMatchObject({ documents: 0, unchanged: 2 })
  expect(await client.post<Answer>(`${to}/ask`, { question: QUESTION })).toMatchObject({ abstained: false })
  expect((await send('POST', `${to}/reembed`)).status).toBe(202)
  expect((await send('DELETE', to)).status).toBe(204)
  expect((await send('GET', to)).status).toBe(404)
})

test('once the document is deleted, the question is answered by nobody, and the other document still answers', async () => {
  const deleted = await send('DELETE', `/api/v1/documents/${lease}`)
  expect(deleted.status).toBe(200)
  expect(await deleted.json()).toEqual({ documents: [lease], collections: [COLLECTION] })
  expect(await ask(QUESTION)).toMatchObject({ abstained: true, sentences: [] })
  expect((await streamed(QUESTION)).at(-1)).toMatchObject({ event: 'done', body: { abstained: true } })
  const { hits } = await client.post<{ hits: { documentId: string }[] }>(`${AT}/search`, {
    text: 'notice period Bergmann Lindau',
    limit: 10,
  })
  expect(hits.map(({ documentId }) => documentId)).not.toContain(lease)
  for (const path of ['', '/content', '/parsed']) expect((await send('GET', `/api/v1/documents/${lease}${path}`)).status).toBe(404)
  expect(await ask('How long does the battery of the forklift last?')).toMatchObject({
    abstained: false,
    sentences: [{ status: 'verified', citations: [{ span: { documentId: manual } }] }],
  })
  expect((await send('DELETE', `/api/v1/documents/${lease}`)).status).toBe(404)
})
