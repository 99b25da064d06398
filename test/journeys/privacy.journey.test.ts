import { beforeAll, expect, test } from 'vitest'

const url = process.env.STEWARD_URL ?? ''
const HER = { name: 'Canaria Vogelsang', email: 'canaria.vogelsang@birds.example', word: 'quail' }
const HIM = { name: 'Bruno Adler', email: 'bruno.adler@hunters.example', word: 'falcon' }
type Person = typeof HER
let key: string

async function ask(method: string, path: string, body?: unknown, type = 'application/json') {
  const headers = { authorization: `Bearer ${key}`, ...(body !== undefined && !(body instanceof FormData) && { 'content-type': type }) }
  const sent = body === undefined || body instanceof FormData || typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(`${url}/api/v1${path}`, { method, headers, ...(sent !== undefined && { body: sent }) })
  const text = await response.text()
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, text, body: isJson ? JSON.parse(text) : undefined }
}

async function until<T>(read: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 300; tries += 1) {
    const value = await read()
    if (value !== undefined) return value
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('it never came')
}
const ended = (id: string) =>
  until(async () => {
    const { body } = await ask('GET', `/runs/${id}`)
    return ['completed', 'failed', 'cancelled'].includes(body.status) ? body : undefined
  })
const requested = (id: string) =>
  until(async () => {
    const { body } = await ask('GET', `/data-subjects/${id}`)
    return body.status === 'working' ? undefined : body
  })

const letter = ({ name, email, word }: Person, no: number) =>
  `Letter ${no} of ${name}\n\nDear Sir or Madam, the ${word} that I ordered has not arrived. Please write to ${email}.\n\n${name}\n`

const WORKFLOW = `name: letters
input: { type: object, required: [documentId], properties: { documentId: { type: string }, from: { type: string } } }
steps:
  - { id: read, agent: ingestion, operation: parse, input: { documentId: "\${{ input.documentId }}" } }
  - id: report
    agent: report
    operation: write
    input: { template: blocks, title: "Letter", data: { title: Letter, blocks: [{ kind: text, text: "\${{ steps.read.output.preview }}" }] }, formats: [html] }
outputs: { said: "\${{ steps.read.output.preview }}" }
`

interface Traces {
  document: string
  held: string
  mail: string
  run: string
  report: string
}

async function upload(name: string, text: string): Promise<string> {
  const form = new FormData()
  form.set('file', new Blob([text]), name)
  return (await ask('POST', '/documents', form)).body.document.id
}

/** Somebody in a document that a run has read, a report, a collection, a mail, and a document that no run has read. */
async function leaveTraces(person: Person): Promise<Traces> {
  const document = await upload(`${person.word}.txt`, letter(person, 1))
  const started = await ask('POST', '/runs', { workflow: 'letters', input: { documentId: document, from: person.email } })
  expect(await ended(started.body.id)).toMatchObject({ status: 'completed' })
  const { items } = (await ask('GET', `/runs/${started.body.id}/reports`)).body
  expect((await ask('POST', '/collections/post/documents', { documentId: document })).status).toBeLessThan(300)
  const held = await upload(`${person.word}-two.txt`, letter(person, 2))
  const raw = `From: ${person.name} <${person.email}>\r\nTo: letters@in.example\r\nSubject: My ${person.word}\r\nMessage-ID: <${person.word}@mail.example>\r\n\r\n${letter(person, 3)}`
  await fetch(`${url}/cdn-cgi/handler/email?from=${person.email}&to=${encodeURIComponent('letters+privacy@in.example')}`, {
    method: 'POST',
    body: raw,
  })
  const mailed = await until(async () => {
    const { body } = await ask('GET', '/runs?workflow=letters')
    return body.items.find(
      ({ title, status }: { title?: string; status: string }) => title?.includes(person.word) && status === 'completed',
    )
  })
  return { document, held, mail: mailed.documentId, run: started.body.id, report: items[0].id }
}

let hers: Traces
let his: Traces
beforeAll(async () => {
  const created = await fetch(`${url}/api/v1/tenants`, {
    method: 'POST',
    headers: { authorization: `Bearer ${process.env.STEWARD_ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ slug: 'privacy', name: 'Privacy', adminEmail: 'admin@privacy.example' }),
  })
  key = ((await created.json()) as { apiKey: { key: string } }).apiKey.key
  expect((await ask('PUT', '/workflows/letters', WORKFLOW, 'application/yaml')).status).toBeLessThan(300)
  expect((await ask('POST', '/collections', { name: 'post' })).status).toBe(201)
  hers = await leaveTraces(HER)
  his = await leaveTraces(HIM)
})

test('personal data is detected and masked by an operation that anybody with a document can ask for', async () => {
  const { body } = await ask('POST', '/agents/analysis/trigger', { operation: 'pii', input: { documentId: his.document, mask: true } })
  const { status, outputs } = await ended(body.id)
  expect(status).toBe('completed')
  const said = JSON.stringify(outputs)
  expect(said).toContain(HIM.email)
  const { masked } = outputs as { masked: { pages: unknown } }
  expect(JSON.stringify(masked.pages)).toContain('[EMAIL_1]')
  expect(JSON.stringify(masked.pages)).not.toContain(HIM.email)
})

test('an export holds what is kept of her and nothing that is only about him', async () => {
  const started = await ask('POST', '/data-subjects/export', { kind: 'email', identifier: HER.email })
  expect(started.status).toBe(202)
  expect(await requested(started.body.id)).toMatchObject({ status: 'done' })
  const { text } = await ask('GET', `/data-subjects/${started.body.id}/export`)
  const refs = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).ref)
  expect(refs).toEqual(expect.arrayContaining([hers.document, hers.held, hers.mail, hers.run]))
  expect(text).toContain(HER.name)
  expect(text).not.toContain(HIM.name)
})

test('an erasure takes all of her but what is held, leaves him, and is certified without her address', async () => {
  expect((await ask('PUT', `/documents/${hers.held}/hold`, { reason: 'case 12 of the regional court' })).status).toBe(200)
  expect(await ask('DELETE', `/documents/${hers.held}`)).toMatchObject({ status: 409, body: { reason: 'legal_hold' } })
  const started = await ask('POST', '/data-subjects/erasure', { kind: 'email', identifier: HER.email })
  expect(await requested(started.body.id)).toMatchObject({ status: 'done' })

  for (const path of [`/documents/${hers.document}`, `/documents/${hers.mail}`, `/runs/${hers.run}`, `/reports/${hers.report}`])
    expect((await ask('GET', path)).status, path).toBe(404)
  for (const path of [`/documents/${his.document}`, `/documents/${his.mail}`, `/runs/${his.run}`, `/reports/${his.report}`])
    expect((await ask('GET', path)).status, path).toBe(200)
  const lists = await Promise.all(
    ['/documents', '/runs', '/collections/post/documents', '/collections/post/export', '/audit/export', '/users'].map((path) =>
      ask('GET', path),
    ),
  )
  const listed = lists.map(({ text }) => text).join('\n')
  expect(listed).toContain(hers.held)
  expect(listed.replaceAll(`${HER.word}-two.txt`, '')).not.toMatch(/canaria|vogelsang|quail/i)
  expect(listed).toContain(HIM.word)
  const search = async (text: string) => (await ask('POST', '/collections/post/search', { text })).text
  expect(await search('Who is waiting for a quail?')).not.toMatch(/canaria|quail that/i)
  expect(await search('Who is waiting for a falcon?')).toContain(HIM.name)

  const { body, text } = await ask('GET', `/data-subjects/${started.body.id}/certificate`)
  expect(text).not.toMatch(/canaria|vogelsang/i)
  expect(body.kept).toEqual([expect.objectContaining({ kind: 'document', ref: hers.held, reason: 'legal_hold' })])
  const erased = body.erased.map(({ ref }: { ref: string }) => ref)
  expect(erased).toEqual(expect.arrayContaining([hers.document, hers.mail, hers.run]))
  expect(body.subject.sha256).toMatch(/^[0-9a-f]{64}$/)
})

test('once the hold is lifted, the rest goes', async () => {
  expect((await ask('DELETE', `/documents/${hers.held}/hold`)).status).toBe(204)
  const started = await ask('POST', '/data-subjects/erasure', { kind: 'email', identifier: HER.email })
  expect(await requested(started.body.id)).toMatchObject({ status: 'done' })
  expect((await ask('GET', `/documents/${hers.held}`)).status).toBe(404)
  expect((await ask('GET', `/data-subjects/${started.body.id}/certificate`)).body.kept).toEqual([])
})
