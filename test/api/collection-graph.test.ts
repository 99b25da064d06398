import { beforeEach, describe, expect, test } from 'vitest'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account

const TEXT = 'Anna Keller leads Acme in Lyon.'
const DOCUMENT = {
  documentId: 'doc_1',
  name: 'offices.txt',
  metadata: {},
  chunks: [{ id: 'chk_1', text: TEXT, context: '', span: { documentId: 'doc_1', page: 1, start: 0, end: TEXT.length, quote: TEXT } }],
  graph: {
    entities: [
      { name: 'Anna Keller', type: 'person' as const, mentions: [{ chunk: 0, start: 0, end: 11 }] },
      { name: 'Acme', type: 'organisation' as const, mentions: [{ chunk: 0, start: 18, end: 22 }] },
      { name: 'Lyon', type: 'place' as const, mentions: [{ chunk: 0, start: 26, end: 30 }] },
    ],
    relations: [{ type: 'works_for', head: 0, tail: 1, chunk: 0, confidence: 0.9 }],
  },
}

beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
  await kit.tenant(acme.tenantId).ports.knowledge.index('offices', DOCUMENT)
})

const graph = (query = '', account = acme) => call(kit, account, 'GET', `/api/v1/collections/offices/graph${query}`)

describe('the graph of a collection', () => {
  test('comes in pages with the edges among its entities', async () => {
    const { status, body } = await graph()
    expect(status).toBe(200)
    expect(body.entities.map(({ name }: { name: string }) => name)).toEqual(['Anna Keller', 'Acme', 'Lyon'])
    expect(body.edges).toMatchObject([{ type: 'works_for', passages: 1 }])
    const first = await graph('?limit=2')
    expect(first.body.entities).toHaveLength(2)
    const rest = await graph(`?limit=2&cursor=${encodeURIComponent(first.body.nextCursor)}`)
    expect(rest.body.entities).toMatchObject([{ name: 'Lyon' }])
  })

  test('can be that around one entity', async () => {
    const { body } = await graph('?entity=anna%20keller')
    expect(body.entities.map(({ name }: { name: string }) => name)).toEqual(['Anna Keller', 'Acme'])
  })

  test('refuses more than a page and what is not there, and is nothing to another tenant', async () => {
    expect(await graph('?limit=100000')).toMatchObject({ status: 400, body: { code: 'invalid' } })
    expect((await call(kit, acme, 'GET', '/api/v1/collections/nothing/graph')).status).toBe(404)
    expect((await graph('', await createAccount(kit, 'other'))).status).toBe(404)
  })
})

describe('the mode of a question', () => {
  test.each(['search', 'ask'])('is one of three for %s', async (verb) => {
    const ask = (mode: string) =>
      call(kit, acme, 'POST', `/api/v1/collections/offices/${verb}`, { text: 'Acme', question: 'Who leads Acme?', mode })
    for (const mode of ['hybrid', 'local', 'global']) expect((await ask(mode)).status).toBe(200)
    expect(await ask('universal')).toMatchObject({ status: 400, body: { problems: [{ path: 'mode' }] } })
  })
})
