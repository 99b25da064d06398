import { beforeEach, expect, test } from 'vitest'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})

const cases = (count: number, more: object = {}) => Array.from({ length: count }, (_, at) => ({ id: `c${at}`, input: { n: at }, ...more }))
async function put(name: string, text: string) {
  const headers = { Authorization: `Bearer ${acme.apiKey}`, 'Content-Type': 'application/x-ndjson' }
  const response = await kit.app.request(`/api/v1/datasets/${name}`, { method: 'PUT', body: text, headers })
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as they come
  return { status: response.status, body: (await response.json()) as any }
}

test('a dataset is saved, read back page by page, and keeps its versions', async () => {
  const first = await put('mails', JSON.stringify(cases(120)))
  expect(first).toMatchObject({ status: 201, body: { name: 'mails', cases: 120 } })
  const lines = cases(2, { expected: 'x', tags: ['hard'] })
  const second = await put('mails', lines.map((each) => JSON.stringify(each)).join('\n'))
  expect(second.status).toBe(200)
  const { body } = await call(kit, acme, 'GET', '/api/v1/datasets/mails')
  expect(body).toMatchObject({ version: second.body.version, cases: 2 })
  expect(body.versions.map(({ version }: { version: string }) => version)).toEqual([second.body.version, first.body.version])
  expect((await call(kit, acme, 'GET', '/api/v1/datasets/mails/cases')).body.items).toMatchObject(lines)
  const ids: string[] = []
  let cursor = ''
  do {
    const page = await call(kit, acme, 'GET', `/api/v1/datasets/mails/cases?limit=50&version=${first.body.version}${cursor}`)
    ids.push(...page.body.items.map(({ id }: { id: string }) => id))
    cursor = page.body.nextCursor ? `&cursor=${page.body.nextCursor}` : ''
  } while (cursor !== '')
  expect(ids).toEqual(cases(120).map(({ id }) => id))
  expect((await call(kit, acme, 'GET', '/api/v1/datasets')).body.items).toMatchObject([{ name: 'mails', cases: 2 }])
})

test('lines that no parser should follow are refused with their place, and are no failure of ours', async () => {
  const deep = `{"id":"a","input":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
  for (const text of [deep, `{"id":"b","input":1}\n${deep}`, '{"id":"a","input":{"__proto__":{"x":1}}}'])
    expect(await put('mails', text)).toMatchObject({
      status: 400,
      body: { code: 'invalid', problems: [{ line: text.startsWith('{"id":"b"') ? 2 : 1 }] },
    })
})

test('the same cases are the same version, and an earlier one can be made the newest again', async () => {
  const first = await put('mails', JSON.stringify(cases(1)))
  const second = await put('mails', JSON.stringify(cases(2)))
  expect((await put('mails', JSON.stringify(cases(1)))).body.version).toBe(first.body.version)
  const { body } = await call(kit, acme, 'GET', '/api/v1/datasets/mails')
  expect(body.versions.map(({ version }: { version: string }) => version)).toEqual([first.body.version, second.body.version])
})

test('more than 1 MB is taken, more than 5 MB is not', async () => {
  const text = 'x'.repeat(1_000)
  expect((await put('large', JSON.stringify(cases(2_000, { expected: text })))).status).toBe(201)
  expect((await put('huge', JSON.stringify(cases(5_000, { expected: text.repeat(2) })))).status).toBe(413)
})

test('a wrong case is refused with its place, and a name that is none', async () => {
  expect(await put('mails', '[{"id":"a"}]')).toMatchObject({ status: 400, body: { problems: [{ path: 'cases[0].input' }] } })
  expect((await put('No', '[]')).status).toBe(400)
})

test('a dataset is deleted with its cases, but not while a gate stands on it', async () => {
  await put('mails', JSON.stringify(cases(3)))
  const { gates, files } = kit.tenant(acme.tenantId).ports
  const gate = { workflow: 'w', dataset: 'mails', rules: [], createdAt: '2026-11-21T09:00:00.000Z', createdBy: 'x' }
  await gates.put(gate)
  const refused = await call(kit, acme, 'DELETE', '/api/v1/datasets/mails')
  expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('gates of w') } })
  await gates.remove('w')
  expect((await call(kit, acme, 'DELETE', '/api/v1/datasets/mails')).status).toBe(204)
  expect((await call(kit, acme, 'GET', '/api/v1/datasets/mails')).status).toBe(404)
  expect(files.keys()).toEqual([])
})
