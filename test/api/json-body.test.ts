import { beforeAll, describe, expect, it } from 'vitest'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account
beforeAll(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})

const post = async (body: BodyInit | undefined, contentType: string | undefined = 'application/json', path = '/api/v1/runs') => {
  const response = await kit.app.request(path, {
    method: 'POST',
    headers: { Authorization: `Bearer ${acme.apiKey}`, ...(contentType !== '' && { 'Content-Type': contentType }) },
    ...(body !== undefined && { body }),
  })
  return { status: response.status, body: (await response.json()) as { code: string; reason?: string; problems?: object[] } }
}
const runs = () => kit.tenant(acme.tenantId).runs.all.size

describe('a JSON body', () => {
  it.each([
    ['a key that would write into prototypes', '{"workflow":"document-intake","input":{"__proto__":{"admin":true}}}'],
    ['the long way there', '{"workflow":"document-intake","input":{"constructor":{"prototype":{"admin":true}}}}'],
    ['a key that comes twice', '{"workflow":"document-intake","input":{"documentId":"doc_1"},"workflow":"other"}'],
    ['65 levels', `{"workflow":"document-intake","input":${'['.repeat(65)}${']'.repeat(65)}}`],
    ['a cut text', '{"workflow":"document-intake"'],
    ['a number that no double holds', '{"workflow":"document-intake","input":{"documentId":1e400}}'],
  ])('with %s is refused with its place, and does nothing', async (_, text) => {
    const before = runs()
    expect(await post(text)).toMatchObject({
      status: 400,
      body: { code: 'invalid', reason: 'json', problems: [{ line: 1, column: expect.any(Number) }] },
    })
    expect(runs()).toBe(before)
    expect(Object.prototype).not.toHaveProperty('admin')
  })

  it('that is not UTF-8 is refused', async () => {
    expect(await post(new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]))).toMatchObject({
      status: 400,
      body: { reason: 'json' },
    })
  })

  it('of another type or charset is refused with 415, also where the schema asks for nothing', async () => {
    for (const [body, type] of [
      ['{"documentId":"doc_1"}', 'text/plain'],
      ['{"documentId":"doc_1"}', 'application/json; charset=utf-16'],
      ['documentId=doc_1', 'application/x-www-form-urlencoded'],
      ['{"documentId":"doc_1"}', 'application/jsonp'],
    ] as const)
      for (const path of ['/api/v1/runs', '/api/v1/webhooks/document-intake'])
        expect(await post(body, type, path), `${type} ${path}`).toMatchObject({ status: 415, body: { reason: 'unsupported_media_type' } })
  })

  it('with a vendor type, a charset of UTF-8 or a byte order mark is taken', async () => {
    const text = '{"documentId":"doc_1"}'
    for (const [body, type] of [
      [text, 'application/vnd.acme+json'],
      [text, 'application/json; charset="UTF-8"'],
      [`\ufeff${text}`, 'application/json'],
    ] as const)
      expect((await post(body, type, '/api/v1/webhooks/document-intake')).status, type).toBe(202)
  })

  it('over 1 MB is refused with 413, declared or not', async () => {
    const large = JSON.stringify({ workflow: 'document-intake', input: 'x'.repeat(1_100_000) })
    expect(await post(large)).toMatchObject({ status: 413, body: { code: 'too_large' } })
    const stream = new Response(large).body
    const response = await kit.app.request(
      new Request('http://steward.example/api/v1/runs', {
        method: 'POST',
        headers: { Authorization: `Bearer ${acme.apiKey}`, 'Content-Type': 'application/json' },
        body: stream,
        duplex: 'half',
      } as RequestInit),
    )
    expect(response.status).toBe(413)
  })

  it('that is uploaded as a document is left as it is', async () => {
    const text = '{"a":1,"a":2}'
    const response = await kit.app.request('/api/v1/documents', {
      method: 'POST',
      headers: { Authorization: `Bearer ${acme.apiKey}`, 'Content-Type': 'application/json', 'X-File-Name': 'odd.json' },
      body: text,
    })
    expect(response.status).toBe(201)
    const { document } = (await response.json()) as { document: { id: string } }
    expect((await call(kit, acme, 'GET', `/api/v1/documents/${document.id}/content`)).text).toBe(text)
  })
})

describe('what is larger than a request may be', () => {
  it('is refused: the address with 414, headers with 431, parameters with 400', async () => {
    const get = (path: string, headers: Record<string, string> = {}) => call(kit, acme, 'GET', path, undefined, headers)
    expect(await get(`/api/v1/runs?cursor=${'x'.repeat(9_000)}`)).toMatchObject({
      status: 414,
      body: { code: 'invalid', reason: 'uri_too_long' },
    })
    expect(await get(`/api/v1/runs?${'a=1&'.repeat(120)}`)).toMatchObject({ status: 400, body: { reason: 'too_many_parameters' } })
    expect(await get('/api/v1/runs', { 'X-Large': 'x'.repeat(40_000) })).toMatchObject({
      status: 431,
      body: { reason: 'headers_too_large' },
    })
    const many = Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`X-H-${at}`, '1']))
    expect(await get('/api/v1/runs', many)).toMatchObject({ status: 431 })
    expect((await get('/api/v1/runs?limit=1')).status).toBe(200)
  })
})
