/// <reference types="@cloudflare/vitest-plugin/types" />
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Knowledge } from '../../durable-objects/knowledge'
import { unwrap } from '../../workers/domain/error'
import type { DocumentGraph, GraphEntityType, GraphPage, SearchMode } from '../../workers/domain/knowledge-graph'

const namespace = (env as { KNOWLEDGE: DurableObjectNamespace<Knowledge> }).KNOWLEDGE
const encoder = { model: 'test-encoder', dimensions: 2 }

const TYPES: Record<string, GraphEntityType> = { Acme: 'organisation', Lyon: 'place', France: 'place', Zenith: 'organisation' }

/** The graph of texts: every capitalised name that is not the first word's `The`, and relations as `head type tail chunk`. */
function graphOf(texts: string[], relations: [head: string, type: string, tail: string, chunk: number][] = []): DocumentGraph {
  const mentions = new Map<string, DocumentGraph['entities'][number]['mentions']>()
  for (const [chunk, text] of texts.entries())
    for (const { 0: name, index } of text.matchAll(/\b(?!The\b|In\b)[A-Z][a-z]+(?: [A-Z][a-z]+)?/g))
      mentions.set(name, [...(mentions.get(name) ?? []), { chunk, start: index, end: index + name.length }])
  const names = [...mentions.keys()]
  return {
    entities: [...mentions].map(([name, places]) => ({ name, type: TYPES[name] ?? 'person', mentions: places })),
    relations: relations.map(([head, type, tail, chunk]) => ({
      type,
      head: names.indexOf(head),
      tail: names.indexOf(tail),
      chunk,
      confidence: 1,
    })),
  }
}

const entry = (documentId: string, texts: string[], relations?: Parameters<typeof graphOf>[1], facts: Record<string, string> = {}) => ({
  tenantId: 'ten_graph',
  document: {
    documentId,
    name: `${documentId}.txt`,
    metadata: facts,
    chunks: texts.map((text, at) => ({
      id: `${documentId}_${at}`,
      text,
      context: '',
      span: { documentId, page: 1, start: at * 1_000, end: at * 1_000 + text.length, quote: text },
    })),
    graph: graphOf(texts, relations),
  },
  encoder,
  vectors: new Float32Array(texts.length * 2).fill(0.5),
})

const PEOPLE = entry(
  'people',
  ['Anna Keller works for Acme since the spring.', 'Bert Olsen met Anna Keller at Acme and praised the tea.'],
  [['Anna Keller', 'works_for', 'Acme', 0]],
  { class: 'memo' },
)
const PLACES = entry(
  'places',
  ['Acme has its seat in Lyon near the river.', 'Lyon is a large town of France with two rivers.'],
  [
    ['Acme', 'based_in', 'Lyon', 0],
    ['Lyon', 'located_in', 'France', 1],
  ],
)
const OTHERS = entry('others', ['Carl Vogel and Dora Lind run Zenith together.', 'Zenith was founded by Carl Vogel alone.'])

let counter = 0
let collection: DurableObjectStub<Knowledge>
beforeEach(() => {
  counter += 1
  collection = namespace.getByName(`ten_graph/${counter}`)
})

const page = async (more: { entity?: string; cursor?: string; limit?: number } = {}) =>
  unwrap(await collection.graph({ limit: 100, ...more }))
const search = async (text: string, more: { mode?: SearchMode; expand?: boolean; limit?: number; filter?: Record<string, string> } = {}) =>
  unwrap(
    await collection.search({
      tenantId: 'ten_graph',
      limit: 10,
      texts: [text],
      encoder,
      ranking: { vectorWeight: 1, leastProduct: 0.2, halfTrustLength: 0 },
      deadlineMs: 1_000,
      ...more,
    }),
  )
const idsOf = async (...parameters: Parameters<typeof search>) => (await search(...parameters)).hits.map(({ chunkId }) => chunkId)
const rows = (query: string) => runInDurableObject(collection, (_, { storage }) => storage.sql.exec(query).toArray())
const hurry = () => runInDurableObject(collection, (_, { storage }) => void storage.sql.exec('UPDATE upkeep SET due_at = 0'))
async function finish(): Promise<void> {
  for (let round = 0; round < 20 && (await page()).isBuilding; round += 1) {
    await hurry()
    await runDurableObjectAlarm(collection)
  }
}
/** The graph by names, so that it can be compared however its rows are numbered. */
function named({ entities, edges, communities, totals }: GraphPage) {
  const names = new Map(entities.map(({ id, name }) => [id, name]))
  return {
    entities: entities.map(({ id: _, ...entity }) => entity),
    edges: edges
      .map(({ source, target, ...edge }) => {
        const ends = [names.get(source) ?? '', names.get(target) ?? '']
        return { ...edge, ends: edge.type === 'near' ? ends.sort() : ends }
      })
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    communities: communities.map(({ id: _, entities: members, ...community }) => ({
      ...community,
      members: members.map((id) => names.get(id)),
    })),
    totals,
  }
}
async function fill(...entries: ReturnType<typeof entry>[]): Promise<void> {
  for (const each of entries) unwrap(await collection.index(each))
}

describe('the graph of a collection', () => {
  it('joins what documents say of the same entity', async () => {
    await fill(PEOPLE, PLACES)
    const { entities, edges, totals } = named(await page())
    expect(entities[0]).toEqual({ name: 'Acme', type: 'organisation', mentions: 3, passages: 3 })
    expect(edges).toContainEqual({ type: 'works_for', ends: ['Anna Keller', 'Acme'], weight: 3, passages: 1 })
    expect(edges.filter(({ type, ends }) => type === 'near' && ends.includes('Bert Olsen'))).toHaveLength(2)
    expect(totals).toMatchObject({ entities: 5 })
  })

  it('is the same when documents are delivered twice and in another order', async () => {
    await fill(PEOPLE, PLACES, OTHERS)
    await finish()
    const once = named(await page())
    await fill(OTHERS, PLACES, PEOPLE, PLACES)
    await finish()
    expect(named(await page())).toEqual(once)
    expect(once.communities.length).toBeGreaterThan(0)
  })

  it('gives pages that neither repeat nor skip, and one entity with its neighbours', async () => {
    await fill(PEOPLE, PLACES, OTHERS)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const { entities, nextCursor } = await page({ limit: 3, ...(cursor && { cursor }) })
      seen.push(...entities.map(({ name }) => name))
      cursor = nextCursor
    } while (cursor !== undefined)
    expect([...seen].sort()).toEqual(['Acme', 'Anna Keller', 'Bert Olsen', 'Carl Vogel', 'Dora Lind', 'France', 'Lyon', 'Zenith'])
    const around = await page({ entity: 'the ZENITH' })
    expect(around.entities.map(({ name }) => name)).toEqual(['Zenith', 'Carl Vogel', 'Dora Lind'])
    expect((await page({ entity: 'nobody' })).entities).toEqual([])
  })

  it('refuses a graph that points outside of its document', async () => {
    const graph: DocumentGraph = {
      entities: [{ name: 'Acme', type: 'organisation', mentions: [{ chunk: 0, start: 0, end: 999 }] }],
      relations: [],
    }
    expect(await collection.index({ ...PEOPLE, document: { ...PEOPLE.document, graph } })).toMatchObject({
      ok: false,
      error: { code: 'invalid' },
    })
  })

  it('comes along when documents are exported, and is taken again', async () => {
    await fill(PEOPLE, PLACES)
    await finish()
    const before = named(await page())
    const documents = unwrap(await collection.documents('', 10))
    collection = namespace.getByName(`ten_graph/copy-${counter}`)
    for (const document of documents) unwrap(await collection.index({ tenantId: 'ten_graph', document, encoder }))
    await finish()
    expect(named(await page())).toEqual(before)
  })
})

describe('deleting', () => {
  it('takes mentions, edges, orphaned entities and sentences with the document, at once', async () => {
    await fill(PEOPLE, PLACES, OTHERS)
    await finish()
    await collection.remove('people')
    const { entities, edges, communities } = named(await page())
    expect(entities.map(({ name }) => name).sort()).toEqual(['Acme', 'Carl Vogel', 'Dora Lind', 'France', 'Lyon', 'Zenith'])
    expect(entities.find(({ name }) => name === 'Acme')).toMatchObject({ mentions: 1, passages: 1 })
    expect(JSON.stringify(edges)).not.toMatch(/Keller|Olsen|works_for/)
    expect(JSON.stringify(communities)).not.toMatch(/Keller|Olsen|tea/)
    for (const table of ['entity_mentions', 'entity_edges', 'community_sentences'])
      expect(await rows(`SELECT 1 FROM ${table} WHERE chunk NOT IN (SELECT number FROM chunks)`)).toEqual([])
    expect(await rows('SELECT 1 FROM community_members WHERE entity NOT IN (SELECT id FROM entities)')).toEqual([])
    expect(await rows(`SELECT 1 FROM entity_labels WHERE name LIKE '%Keller%'`)).toEqual([])
  })

  it('refreshes the communities to those of what is left', async () => {
    await fill(PEOPLE, PLACES, OTHERS)
    await finish()
    await collection.remove('people')
    await finish()
    const left = named(await page())
    collection = namespace.getByName(`ten_graph/left-${counter}`)
    await fill(PLACES, OTHERS)
    await finish()
    expect(left).toEqual(named(await page()))
  })

  it('leaves nothing of a collection that is cleared', async () => {
    await fill(PEOPLE, PLACES)
    await finish()
    await collection.clear()
    await finish()
    expect(await page()).toMatchObject({
      entities: [],
      communities: [],
      totals: { entities: 0, edges: 0, communities: 0 },
      isBuilding: false,
    })
  })

  it('replaces what a document said before', async () => {
    await fill(PEOPLE, entry('people', ['Emma Roth left.']))
    expect((await page()).entities.map(({ name }) => name)).toEqual(['Emma Roth'])
  })
})

describe('communities', () => {
  /** Groups of three people, each in a document of its own. */
  const groups = (count: number) =>
    Array.from({ length: count }, (_, at) => {
      const name = (index: number) =>
        `${'ABC'[index]}a${String.fromCharCode(97 + (at % 26))} M${String.fromCharCode(97 + Math.floor(at / 26))}n`
      return entry(`group-${at}`, [`${name(0)} and ${name(1)} met ${name(2)} in the garden behind the house.`])
    })

  it('go on where they were after the object died in the middle, and the old ones are shown until then', async () => {
    await fill(PEOPLE)
    await finish()
    const before = named(await page()).communities
    await fill(...groups(30))
    // What one alarm begins, another ends: the state between is set as an object that died leaves it.
    await finish()
    await rows(`UPDATE communities SET is_summarised = 0 WHERE id IN (SELECT id FROM communities ORDER BY id DESC LIMIT 25)`)
    await rows('DELETE FROM community_sentences WHERE community IN (SELECT id FROM communities WHERE is_summarised = 0)')
    await rows('UPDATE graph_state SET building = built, built = -1')
    await evictDurableObject(collection)
    expect((await page()).isBuilding).toBe(true)
    const ids = await rows('SELECT id FROM communities ORDER BY id')
    await finish()
    expect(await rows('SELECT id FROM communities ORDER BY id')).toEqual(ids)
    expect(await rows('SELECT 1 FROM communities WHERE is_summarised = 0')).toEqual([])
    const { communities, totals } = await page()
    expect(totals.communities).toBe(31)
    expect(communities.every(({ sentences }) => sentences.length > 0)).toBe(true)
    expect(before).toHaveLength(1)
  })

  it('take in a document that came while they were being made', async () => {
    await fill(PEOPLE)
    await rows('UPDATE graph_state SET building = version')
    await fill(OTHERS)
    await finish()
    expect(
      named(await page())
        .communities.map(({ title }) => title)
        .join(),
    ).toContain('Zenith')
  })

  it('say only what the sources say, with exact places', async () => {
    await fill(PEOPLE, PLACES)
    await finish()
    const { communities } = await page()
    const texts = new Map(
      [PEOPLE, PLACES].flatMap(({ document }) => document.chunks.map(({ id, text, span }) => [id, { text, span }] as const)),
    )
    for (const { chunkId, text, span } of communities.flatMap(({ sentences }) => sentences)) {
      const source = texts.get(chunkId)
      expect(source?.text.slice(span.start - source.span.start, span.end - source.span.start)).toBe(text)
      expect(span.quote).toBe(text)
    }
    expect(communities.map(({ summary }) => summary).join(' ')).toContain('Anna Keller works for Acme.')
  })
})

describe('questions along the graph', () => {
  const hop = 'In which town does Anna Keller work?'

  it('reach a passage that shares nothing with the question by way of an entity', async () => {
    await fill(PEOPLE, PLACES, OTHERS)
    const plain = await idsOf(hop, { expand: false })
    expect(plain).not.toContain('places_0')
    const found = await search(hop, { expand: true })
    expect(found.hits.map(({ chunkId }) => chunkId)).toContain('places_0')
    expect(found.hits.find(({ chunkId }) => chunkId === 'places_0')?.scores.graph).toBeGreaterThan(0)
    expect(found.stages.find(({ name }) => name === 'graph')).toMatchObject({ status: 'done', candidates: found.hits.length })
  })

  it('keep to the documents that a filter names', async () => {
    await fill(PEOPLE, PLACES)
    for (const mode of ['hybrid', 'local', 'global'] as const) {
      await finish()
      const { hits, communities = [] } = await search(hop, { mode, expand: true, filter: { class: 'memo' } })
      expect(hits.length).toBeGreaterThan(0)
      expect(new Set(hits.map(({ documentId }) => documentId))).toEqual(new Set(['people']))
      expect(JSON.stringify(communities.map(({ sentences, relations }) => [sentences, relations]))).not.toMatch(/France|seat/)
    }
  })

  it('local: gives passages about the entities of the question and those next to them', async () => {
    await fill(PEOPLE, PLACES, OTHERS)
    const { hits, entities } = await search('Tell me about anna keller', { mode: 'local' })
    expect(entities).toEqual(['Anna Keller'])
    expect(hits.slice(0, 2).map(({ documentId }) => documentId)).toEqual(['people', 'people'])
    expect(hits.map(({ chunkId }) => chunkId)).toContain('places_0')
    expect(hits.map(({ documentId }) => documentId)).not.toContain('others')
  })

  it('global: gives the communities that fit, and their sources', async () => {
    await fill(PEOPLE, PLACES, OTHERS)
    await finish()
    const { hits, communities = [] } = await search('Who founded Zenith?', { mode: 'global' })
    expect(communities[0]?.title).toContain('Zenith')
    expect(hits[0]?.documentId).toBe('others')
    const all = await search('unheard', { mode: 'global' })
    expect(all.communities?.length).toBeGreaterThan(1)
  })

  it('say so where the graph cannot help, and are answered by words and meaning', async () => {
    const { graph: _, ...bare } = PEOPLE.document
    unwrap(await collection.index({ ...PEOPLE, document: bare }))
    for (const mode of ['local', 'global'] as const) {
      const { hits, stages } = await search(hop, { mode })
      expect(hits[0]?.chunkId).toBe('people_0')
      expect(stages.find(({ name }) => name === 'graph')).toMatchObject({
        status: 'failed',
        reason: expect.stringContaining('without a graph'),
      })
    }
    expect((await search(hop, { expand: true })).stages.find(({ name }) => name === 'graph')).toMatchObject({ status: 'skipped' })
    await fill(PLACES)
    await finish()
    const unnamed = await search('tea', { mode: 'local' })
    expect(unnamed.stages.find(({ name }) => name === 'graph')).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('names no entity'),
    })
    await rows('DELETE FROM communities')
    await rows('UPDATE graph_state SET version = version + 1, building = NULL')
    const early = await search('tea', { mode: 'global' })
    expect(early.stages.find(({ name }) => name === 'graph')).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('still being made'),
    })
  })

  it('go on without a graph that fails, and say why', async () => {
    await fill(PEOPLE, PLACES)
    await rows('DROP TABLE entity_mentions')
    const { hits, stages } = await search(hop, { expand: true })
    expect(hits[0]?.chunkId).toBe('people_0')
    expect(stages.find(({ name }) => name === 'graph')).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('does not answer'),
    })
  })
})
