/// <reference types="@cloudflare/vitest-plugin/types" />
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Knowledge } from '../../durable-objects/knowledge'
import { unwrap } from '../../workers/domain/error'
import type { Chunk, MetadataFilter } from '../../workers/domain/knowledge'

const namespace = (env as { KNOWLEDGE: DurableObjectNamespace<Knowledge> }).KNOWLEDGE
const encoder = { model: 'test-encoder', dimensions: 4 }

/** Unit vectors of a tiny encoder: one axis a topic. */
const AXES = { money: [1, 0, 0, 0], animals: [0, 1, 0, 0], weather: [0, 0, 1, 0], nothing: [0, 0, 0, 1] } as const
type Topic = keyof typeof AXES

const passage = (id: string, text: string, context = ''): Chunk => ({
  id,
  text,
  context,
  span: { page: 1, start: 0, end: text.length, quote: text },
})
const entry = (
  documentId: string,
  passages: [topic: Topic, text: string, context?: string][],
  metadata: Record<string, string | string[]> = {},
) => ({
  tenantId: 'ten_test',
  document: {
    documentId,
    name: `${documentId}.pdf`,
    metadata,
    chunks: passages.map(([, text, context], index) => passage(`${documentId}_${index}`, text, context)),
  },
  encoder,
  vectors: Float32Array.from(passages.flatMap(([topic]) => AXES[topic])),
})
const query = (text: string, topic: Topic, more: { limit?: number; filter?: MetadataFilter } = {}) => ({
  tenantId: 'ten_test',
  limit: 10,
  ...more,
  texts: [text],
  encoder,
  ranking: { vectorWeight: 1, leastProduct: 0.2, halfTrustLength: 0 },
  vectors: [Float32Array.from(AXES[topic])],
  deadlineMs: 5_000,
})

let counter = 0
let name = ''
let collection: DurableObjectStub<Knowledge>
beforeEach(() => {
  counter += 1
  name = `ten_test/collection-${counter}`
  collection = namespace.getByName(name)
})
const idsOf = async (question: ReturnType<typeof query>) => unwrap(await collection.search(question)).hits.map((hit) => hit.chunkId)

describe('a collection', () => {
  it('gives back a passage with its exact place', async () => {
    expect(await collection.index(entry('doc_a', [['money', 'The invoice is due on Friday']]))).toEqual({ ok: true, value: { chunks: 1 } })
    const [hit] = unwrap(await collection.search(query('invoice', 'money'))).hits
    expect(hit).toMatchObject({ chunkId: 'doc_a_0', documentId: 'doc_a', name: 'doc_a.pdf', text: 'The invoice is due on Friday' })
    expect(hit?.span).toEqual({ page: 1, start: 0, end: 28, quote: 'The invoice is due on Friday' })
  })

  it('finds by words, by meaning, and puts first what both find', async () => {
    await collection.index(
      entry('doc_a', [
        ['weather', 'invoice invoice rain'],
        ['money', 'a bill to pay'],
        ['money', 'the invoice in question'],
        ['animals', 'cats'],
      ]),
    )
    const ids = await idsOf(query('invoice', 'money', { limit: 3 }))
    expect(ids[0]).toBe('doc_a_2')
    expect(ids.slice(1).sort()).toEqual(['doc_a_0', 'doc_a_1'])
  })

  it('finds nothing for a question that is like no passage', async () => {
    await collection.index(entry('doc_a', [['animals', 'cats and dogs']]))
    expect(await idsOf(query('invoice', 'money'))).toEqual([])
    expect(await idsOf(query('pets', 'animals'))).toEqual(['doc_a_0'])
  })

  it('finds other forms of a word and words without their accents', async () => {
    await collection.index(
      entry('doc_a', [
        ['nothing', 'Zahlungen an Müller in Köln'],
        ['nothing', 'overdue payments'],
      ]),
    )
    expect((await idsOf(query('muller', 'nothing')))[0]).toBe('doc_a_0')
    expect((await idsOf(query('payment', 'nothing')))[0]).toBe('doc_a_1')
  })

  it('finds a passage by its heading', async () => {
    await collection.index(
      entry('doc_a', [
        ['nothing', 'Thirty days.'],
        ['nothing', 'Net thirty.', 'Terms > Warranty'],
      ]),
    )
    expect((await idsOf(query('warranty', 'nothing')))[0]).toBe('doc_a_1')
  })

  it('keeps to the documents that a filter names', async () => {
    await collection.index(entry('doc_a', [['money', 'invoice one']], { class: 'invoice', year: '2025' }))
    await collection.index(entry('doc_b', [['money', 'invoice two']], { class: 'invoice', year: '2026' }))
    await collection.index(entry('doc_c', [['money', 'invoice three']], { class: 'contract', year: '2026' }))
    expect(await idsOf(query('invoice', 'money', { filter: { class: 'invoice', year: '2026' } }))).toEqual(['doc_b_0'])
    expect(await idsOf(query('invoice', 'money', { filter: { class: "x' OR 1=1 --" } }))).toEqual([])
  })

  it('keeps to tags and to a range of dates', async () => {
    await collection.index(entry('doc_a', [['money', 'invoice one']], { tags: ['paid', 'urgent'], date: '2026-03-31' }))
    await collection.index(entry('doc_b', [['money', 'invoice two']], { tags: ['open', 'urgent'], date: '2026-04-01T08:00:00Z' }))
    const ids = async (filter: MetadataFilter) => (await idsOf(query('invoice', 'money', { filter }))).sort()
    expect(await ids({ tags: 'paid' })).toEqual(['doc_a_0'])
    expect(await ids({ tags: { anyOf: ['paid', 'open'] } })).toEqual(['doc_a_0', 'doc_b_0'])
    expect(await ids({ tags: { allOf: ['urgent', 'open', 'open'] } })).toEqual(['doc_b_0'])
    expect(await ids({ date: { to: '2026-03' } })).toEqual(['doc_a_0'])
    expect(await ids({ date: { from: '2026-04-01' } })).toEqual(['doc_b_0'])
    expect(await ids({ date: { from: '2026', to: '2026' }, tags: 'urgent' })).toEqual(['doc_a_0', 'doc_b_0'])
  })

  it('fuses the answers to several ways of asking', async () => {
    await collection.index(
      entry('doc_a', [
        ['nothing', 'the invoice of May'],
        ['nothing', 'a bill of May'],
        ['nothing', 'the weather'],
      ]),
    )
    const both = {
      ...query('invoice', 'nothing'),
      texts: ['invoice', 'bill'],
      vectors: [AXES.weather, AXES.weather].map((axis) => Float32Array.from(axis)),
    }
    expect((await idsOf(both)).slice(0, 2).sort()).toEqual(['doc_a_0', 'doc_a_1'])
  })

  it('says what its stages did, and with what scores a passage was found', async () => {
    await collection.index(entry('doc_a', [['money', 'The invoice is due']]))
    const { hits, stages } = unwrap(await collection.search(query('invoice', 'money')))
    expect(stages).toEqual([
      { name: 'words', status: 'done', ms: expect.any(Number), candidates: 1 },
      { name: 'vectors', status: 'done', ms: expect.any(Number), candidates: 1 },
      { name: 'fuse', status: 'done', ms: expect.any(Number), candidates: 1 },
    ])
    expect(hits[0]?.scores).toEqual({ words: expect.any(Number), vector: expect.closeTo(1, 2) })
  })

  it('gives back its documents as they were indexed, page by page', async () => {
    const facts = { class: 'invoice', tags: ['paid', 'urgent'] }
    for (const id of ['doc_b', 'doc_a', 'doc_c']) await collection.index(entry(id, [['money', `text of ${id}`, 'Heading']], facts))
    const pages = [
      unwrap(await collection.documents('', 2)),
      unwrap(await collection.documents('doc_b', 2)),
      unwrap(await collection.documents('doc_c', 2)),
    ]
    expect(pages.map((page) => page.map(({ documentId }) => documentId))).toEqual([['doc_a', 'doc_b'], ['doc_c'], []])
    expect(pages[0]?.[0]).toEqual(entry('doc_a', [['money', 'text of doc_a', 'Heading']], facts).document)
  })

  it('leaves nothing of a removed document in any table', async () => {
    await collection.index(
      entry(
        'doc_a',
        [
          ['money', 'invoice'],
          ['animals', 'cats'],
        ],
        { class: 'a', tags: ['x', 'y'] },
      ),
    )
    await collection.index(entry('doc_b', [['money', 'bill']]))
    await collection.remove('doc_a')
    await runInDurableObject(collection, (_, { storage }) => {
      const count = (table: string) => storage.sql.exec(`SELECT count(*) AS n FROM ${table}`).one().n
      expect(['documents', 'chunks', 'facts', 'chunk_vectors', 'sketch_packs'].map(count)).toEqual([1, 1, 0, 1, 1])
      expect(storage.sql.exec('SELECT chunks, length FROM totals').one()).toEqual({ chunks: 1, length: 1 })
      expect(storage.sql.exec('SELECT size FROM sketch_packs').one()).toEqual({ size: 1 })
      expect(storage.sql.exec('SELECT rowid FROM passages WHERE passages MATCH ?', 'invoice OR cats').toArray()).toEqual([])
    })
  })

  it('gathers the vectors of many small documents', async () => {
    for (let at = 0; at < 40; at += 1) await collection.index(entry(`doc_${at}`, [[at === 7 ? 'weather' : 'money', `text ${at}`]]))
    await runInDurableObject(collection, (_, { storage }) => {
      expect(Number(storage.sql.exec('SELECT count(*) AS n FROM sketch_packs').one().n)).toBeLessThan(32)
    })
    expect((await idsOf(query('storm', 'weather')))[0]).toBe('doc_7_0')
    await collection.remove('doc_7')
    expect(await idsOf(query('storm', 'weather'))).toEqual([])
  })

  it('replaces a document that is indexed again, whatever it held before', async () => {
    await collection.index(
      entry(
        'doc_a',
        [
          ['money', 'old invoice'],
          ['animals', 'old cats'],
        ],
        { class: 'old' },
      ),
    )
    const again = entry('doc_a', [['money', 'fresh invoice']], { class: 'fresh' })
    await collection.index(again)
    await collection.index(again)
    expect(unwrap(await collection.stats())).toMatchObject({ documents: 1, chunks: 1 })
    expect(unwrap(await collection.search(query('old cats invoice', 'animals'))).hits.map((hit) => hit.text)).toEqual(['fresh invoice'])
    expect(await idsOf(query('invoice', 'money', { filter: { class: 'old' } }))).toEqual([])
  })

  it('forgets a removed document and takes a removal of nothing', async () => {
    await collection.index(entry('doc_a', [['money', 'invoice']]))
    await collection.index(entry('doc_b', [['money', 'invoice']]))
    expect(await collection.remove('doc_a')).toEqual({ ok: true, value: { removed: true } })
    expect(await collection.remove('doc_a')).toEqual({ ok: true, value: { removed: false } })
    expect(await idsOf(query('invoice', 'money'))).toEqual(['doc_b_0'])
  })

  it('keeps its full-text index whole through replacing and removing', async () => {
    for (let round = 0; round < 5; round += 1)
      await collection.index(
        entry('doc_a', [
          ['money', `invoice of round ${round}`],
          ['animals', 'cats'],
        ]),
      )
    await collection.remove('doc_a')
    await runInDurableObject(collection, (_, { storage }) => {
      storage.sql.exec(`INSERT INTO passages (passages) VALUES ('integrity-check')`)
      expect(storage.sql.exec('SELECT rowid FROM passages WHERE passages MATCH ?', 'invoice OR cats').toArray()).toEqual([])
    })
  })

  it('keeps everything when the object is evicted', async () => {
    await collection.index(entry('doc_a', [['money', 'invoice']]))
    await evictDurableObject(collection)
    expect(await idsOf(query('invoice', 'money'))).toEqual(['doc_a_0'])
  })

  it('spreads a large document over several packs and finds its last passage', async () => {
    const passages = Array.from({ length: 2_300 }, (_, index): [Topic, string] => [
      index === 2_299 ? 'weather' : 'animals',
      `passage number ${index}`,
    ])
    await collection.index(entry('doc_a', passages))
    expect((await idsOf(query('storm', 'weather', { limit: 1 })))[0]).toBe('doc_a_2299')
  })

  it('tells how much it holds', async () => {
    expect(unwrap(await collection.stats())).toMatchObject({ documents: 0, chunks: 0 })
    await collection.index(
      entry('doc_a', [
        ['money', 'invoice'],
        ['money', 'bill'],
      ]),
    )
    expect(unwrap(await collection.stats())).toMatchObject({ documents: 1, chunks: 2, encoder })
  })
})

describe('odd queries', () => {
  beforeEach(async () => {
    await collection.index(entry('doc_a', [['money', 'The "final" invoice AND its NEAR copy: total (net) 5*3']]))
  })

  it.each(['', '   ', '"', '""', "'; DROP TABLE chunks; --", '* - + ^ : ( ) { }', '!!! ???', '🚀', '\u0000', '%_'])(
    '%j gives nothing or a passage, never an error',
    async (text) => {
      expect((await collection.search(query(text, 'money'))).ok).toBe(true)
    },
  )

  it.each(['"final" AND', 'NEAR(invoice copy', 'text: invoice*', 'invoice^ OR OR', '-invoice +copy', 'context : invoice'])(
    '%j is read as plain words',
    async (text) => {
      expect(await idsOf(query(text, 'nothing'))).toEqual(['doc_a_0'])
    },
  )

  it.each(['', '   ', '!!! ???', '"', '🚀'])('%j holds no word and finds nothing', async (text) => {
    expect(await idsOf(query(text, 'money'))).toEqual([])
  })

  it('finds nothing in an empty collection', async () => {
    const { hits, stages } = unwrap(await namespace.getByName(`${name}-empty`).search(query('invoice', 'money')))
    expect(hits).toEqual([])
    expect(stages.filter(({ status }) => status === 'failed')).toEqual([])
  })
})

describe('what a collection refuses', () => {
  it('a document without a vector for each passage, of which nothing is kept', async () => {
    const wrong = { ...entry('doc_a', [['money', 'invoice']]), vectors: new Float32Array(3) }
    expect(await collection.index(wrong)).toMatchObject({ ok: false, error: { code: 'invalid', problems: [{ path: 'vectors' }] } })
    const notFinite = { ...entry('doc_a', [['money', 'invoice']]), vectors: Float32Array.from([1, Number.NaN, 0, 0]) }
    expect(await collection.index(notFinite)).toMatchObject({ ok: false, error: { code: 'invalid' } })
    expect(unwrap(await collection.stats()).documents).toBe(0)
  })

  it('more passages than one document may have, and absurd limits', async () => {
    const many = Array.from({ length: 15_001 }, (): [Topic, string] => ['money', 'x'])
    expect(await collection.index(entry('doc_a', many))).toMatchObject({ ok: false, error: { code: 'too_large' } })
    expect(await collection.search(query('invoice', 'money', { limit: 0 }))).toMatchObject({ ok: false, error: { code: 'invalid' } })
  })
})
