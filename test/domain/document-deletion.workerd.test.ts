/// <reference types="@cloudflare/vitest-plugin/types" />
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Knowledge } from '../../durable-objects/knowledge'
import { createCachedModel } from '../../workers/adapters/cached-model'
import { createD1CollectionMembers } from '../../workers/adapters/d1-collection-members'
import { createD1Deletions, forgetDeletions, listOpenDeletions } from '../../workers/adapters/d1-deletions'
import { createD1Documents } from '../../workers/adapters/d1-documents'
import { createD1ModelCache } from '../../workers/adapters/d1-model-cache'
import { createD1RunIndex } from '../../workers/adapters/d1-run-index'
import { createD1Vectors } from '../../workers/adapters/d1-vectors'
import { createObjectCollectionDocuments, createObjectCollections } from '../../workers/adapters/object-collections'
import { createObjectKnowledge } from '../../workers/adapters/object-knowledge'
import { createR2Files } from '../../workers/adapters/r2-files'
import { deleteDocument, tendDeletions } from '../../workers/domain/document-deletion'
import { type DocumentRecord, fileKeys } from '../../workers/domain/documents'
import type { IndexedDocument } from '../../workers/domain/knowledge'
import type { Route } from '../../workers/domain/model-routing'
import type { ChatModel, ChatRequest, Encoder } from '../../workers/domain/models'
import { askCollection } from '../../workers/skills/answer/ask-collection'
import { bindings, migrate } from '../adapters/d1-bindings'
import { documentRow, runRow } from '../contracts/ports'
import { stage } from '../fakes/knowledge-env'
import { createFakeVectorize } from '../fakes/vectorize'

const { DB, FILES } = bindings
const { KNOWLEDGE: namespace } = env as { KNOWLEDGE: DurableObjectNamespace<Knowledge> }
const clock = { now: () => new Date() }
const TOPICS = ['zanzibar', 'reykjavik']

let onEmbed: (texts: string[]) => Promise<void> = async () => undefined
/** An axis a topic. */
const encoder: Encoder = {
  model: 'topics',
  dimensions: 4,
  async embed(texts) {
    await onEmbed(texts)
    return texts.map((text) =>
      Array.from({ length: 4 }, (_, axis) => Number(axis === TOPICS.findIndex((topic) => text.toLowerCase().includes(topic)))),
    )
  },
}

/** Everything of one tenant, real but for the models. */
function openTenant(tenantId: string) {
  const options = { binding: DB, tenantId, namespace, encoder: async () => encoder }
  const deletions = createD1Deletions(DB, tenantId)
  const collections = createObjectCollections(options)
  const members = createD1CollectionMembers(DB, tenantId)
  const knowledge = createObjectKnowledge({
    ...{ tenantId, namespace, encoder: async () => encoder, isDeleted: deletions.isDeleted },
    register: async (collection, documentId) => {
      await collections.create(collection)
      await members.add(collection, [documentId])
    },
  })
  return {
    ...{ tenantId, collections, knowledge, deletions, clock },
    collectionDocuments: createObjectCollectionDocuments(options),
    documents: createD1Documents(DB, tenantId),
    files: createR2Files(FILES, tenantId),
    modelCache: createD1ModelCache(DB, tenantId),
    vectors: createD1Vectors(DB, tenantId, clock),
    runIndex: createD1RunIndex(DB, tenantId),
  }
}
type Tenant = ReturnType<typeof openTenant>

let tenant: Tenant
let counter = 0
beforeAll(migrate)
beforeEach(() => {
  counter += 1
  tenant = openTenant(`ten_deletion_${counter}`)
})
afterEach(() => {
  onEmbed = async () => undefined
  delete stage.vectorize
  delete stage.encoder
})

const textOf = (place: string, leader: string) => `${leader} leads the office in ${place}. The ${place} office has 42 desks.`

function passagesOf(documentId: string, text: string, place: string, leader: string): IndexedDocument {
  const mentions = (name: string) => [{ chunk: 0, start: text.indexOf(name), end: text.indexOf(name) + name.length }]
  return {
    ...{ documentId, name: `${place}.txt`, metadata: { place } },
    chunks: [{ id: `chk_${documentId}`, text, context: '', span: { documentId, page: 1, start: 0, end: text.length, quote: text } }],
    graph: {
      entities: [
        { type: 'person', name: leader, mentions: mentions(leader) },
        { type: 'place', name: place, mentions: mentions(place) },
      ],
      relations: [{ type: 'leads', head: 0, tail: 1, chunk: 0, confidence: 0.9 }],
    },
  }
}

/** A document with all that the product makes of one. */
async function store(place: string, leader: string, more: Partial<DocumentRecord> = {}): Promise<DocumentRecord> {
  const row = documentRow({ name: `${place}.txt`, ...more })
  const text = textOf(place, leader)
  await tenant.documents.insert(row)
  await tenant.documents.claimFingerprint(`mark of ${place}`, row.id)
  await tenant.files.put(fileKeys.original(row.id), text, 'text/plain')
  await tenant.files.put(fileKeys.parsed(row.id), JSON.stringify({ pages: [{ text }] }), 'application/json')
  for (const collection of ['offices', 'archive']) await tenant.knowledge.index(collection, passagesOf(row.id, text, place, leader))
  await tenant.vectors.store('provider', [{ hash: `hash of ${place}`, vector: [1, 0] }], row.id)
  return row
}

const ROUTE = {
  ...{ name: 'scripted', providerName: 'scripted', provider: { protocol: 'openai', url: 'http://scripted.invalid' } },
  model: { name: 'scripted-1' },
} as unknown as Route

/** Answers with the first sentence of the first source, and keeps answers as the router does. */
function cachedModel(calls: ChatRequest[]): ChatModel {
  const kept = createCachedModel({ cache: tenant.modelCache, encoder, clock }, ROUTE, { ttl: 3_600_000, semantic: 0.9 })
  return {
    async complete(request) {
      const found = await kept.find(request)
      if (found !== undefined) return found
      calls.push(request)
      const [quote = ''] = /\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+ leads the office in \p{L}+\./u.exec(JSON.stringify(request.messages)) ?? []
      const json = {
        answered: quote !== '',
        sentences: [{ text: quote, places: [{ source: 1, quote }] }],
        premise: null,
        contradictions: [],
      }
      const answer = {
        ...{ text: JSON.stringify(json), json, toolCalls: [], finish: 'stop' as const, provider: 'scripted', model: 'scripted-1' },
        ...{ inputTokens: 1, outputTokens: 1, latencyMs: 1 },
      }
      await kept.store(request, answer)
      return answer
    },
  }
}

const ask = async (place: string, calls: ChatRequest[]) => {
  const asked = { collection: 'offices', question: `Who leads the office in ${place}?`, filter: { place } }
  return await askCollection(tenant, asked, { chatModel: cachedModel(calls), encoder })
}

const object = (collection: string) => namespace.getByName(`${tenant.tenantId}/${collection}`)

/** All rows of all tables of the object as one text, and the words of its index. */
const contentOf = async (collection: string): Promise<string> =>
  await runInDurableObject(object(collection), (_, { storage: { sql } }) => {
    const tables = sql
      .exec<{ name: string }>(
        `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'passage%' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_%' ESCAPE '\\'`,
      )
      .toArray()
    const rows = tables.map(({ name }) => sql.exec(`SELECT * FROM ${name}`).toArray())
    // Pages of the index of words as they are: what a reader of the file would find.
    const pages = sql.exec<{ block: ArrayBuffer }>('SELECT block FROM passages_data').toArray()
    const letters = pages.map(({ block }) => new TextDecoder('latin1').decode(block))
    return JSON.stringify([rows, sql.exec('SELECT term FROM passage_terms').toArray(), letters]).toLowerCase()
  })
const countOf = async (collection: string, table: string) =>
  await runInDurableObject(object(collection), (_, { storage }) => Number(storage.sql.exec(`SELECT count(*) AS n FROM ${table}`).one().n))

/** All rows of the tenant in D1, save the marks of deletions. */
async function rowsOfTenant(): Promise<string> {
  const { results } = await DB.prepare(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'document_deletions' AND sql LIKE '%tenant_id%'`,
  ).all<{ name: string }>()
  const all = await Promise.all(
    results.map(({ name }) => DB.prepare(`SELECT * FROM ${name} WHERE tenant_id = ?`).bind(tenant.tenantId).all()),
  )
  return JSON.stringify(all.map((each) => each.results)).toLowerCase()
}
const keys = async () => (await FILES.list({ prefix: `tenants/${tenant.tenantId}/` })).objects.map(({ key }) => key)

describe('a deleted document', () => {
  it('is found nowhere any more, and the one beside it is untouched', async () => {
    const gone = await store('Zanzibar', 'Zainab Zuberi')
    const stays = await store('Reykjavik', 'Ragna Rasmussen')
    const calls: ChatRequest[] = []
    for (const place of ['Zanzibar', 'Reykjavik'])
      expect(await ask(place, calls)).toMatchObject({ abstained: false, sentences: [{ status: 'verified' }] })
    expect(calls).toHaveLength(2)
    await ask('Zanzibar', calls)
    expect(calls).toHaveLength(2)
    // And by meaning, where a skill allows it.
    const model = cachedModel(calls)
    const similar = async (question: string) => {
      const request = {
        messages: [{ role: 'user' as const, content: question }],
        temperature: 0,
        cache: { question, documentIds: [gone.id] },
      }
      return (await model.complete(request)).cached
    }
    expect(await similar('Who leads the office in Zanzibar?')).toBeUndefined()
    expect(await similar('Who heads the office in Zanzibar?')).toBe('semantic')
    const before = await contentOf('offices')
    for (const trace of ['zanzibar', 'zainab', gone.id]) expect(before).toContain(trace)
    expect(await rowsOfTenant()).toContain('zainab')

    expect(await deleteDocument(tenant, gone.id)).toEqual({ documents: [gone.id], collections: ['archive', 'offices'] })

    for (const collection of ['offices', 'archive']) {
      const content = await contentOf(collection)
      for (const trace of ['zanzibar', 'zainab', 'zuberi', gone.id]) expect(content).not.toContain(trace)
      for (const table of ['chunks', 'documents', 'chunk_vectors', 'sketch_packs', "entity_edges WHERE type = 'leads'"])
        expect(await countOf(collection, table), table).toBe(1)
      expect(await countOf(collection, 'entities')).toBe(2)
      const query = { text: 'Who leads the office in Zanzibar?', limit: 10 }
      for (const mode of ['hybrid', 'local', 'global'] as const) {
        const { hits } = await tenant.knowledge.search(collection, { ...query, mode })
        expect(JSON.stringify(hits)).not.toContain(gone.id)
      }
      expect((await tenant.knowledge.search(collection, { text: 'Zainab Zuberi', limit: 10 })).hits).toEqual([])
    }
    const rows = await rowsOfTenant()
    for (const trace of ['zanzibar', 'zainab', gone.id]) expect(rows).not.toContain(trace)
    expect((await keys()).sort()).toEqual(
      [fileKeys.original(stays.id), fileKeys.parsed(stays.id)].map((key) => `tenants/${tenant.tenantId}/${key}`),
    )
    expect(await tenant.documents.find(gone.id)).toBeUndefined()
    expect(await ask('Zanzibar', calls)).toMatchObject({ abstained: true, reason: 'no_sources' })

    expect(await similar('Who heads the office in Zanzibar?')).toBeUndefined()

    // The other one answers, and from the cache.
    const asked = calls.length
    expect(await ask('Reykjavik', calls)).toMatchObject({
      abstained: false,
      sentences: [{ text: expect.stringContaining('Ragna Rasmussen') }],
    })
    expect(calls).toHaveLength(asked)
    expect(await tenant.documents.find(stays.id)).toEqual(stays)
    expect((await tenant.vectors.find('provider', ['hash of Reykjavik', 'hash of Zanzibar'])).size).toBe(1)
    await expect(deleteDocument(tenant, gone.id)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is removed from a separate vector store', async () => {
    const vectorize = createFakeVectorize({ dimensions: 4, indexed: ['partition', 'document'] })
    stage.vectorize = vectorize
    stage.encoder = encoder
    const gone = await store('Zanzibar', 'Zainab Zuberi')
    const stays = await store('Reykjavik', 'Ragna Rasmussen')
    const upkeep = async () => {
      for (const collection of ['offices', 'archive']) {
        await runInDurableObject(object(collection), (_, { storage }) => void storage.sql.exec('UPDATE upkeep SET due_at = 0'))
        await runDurableObjectAlarm(object(collection))
      }
      vectorize.settle()
    }
    await upkeep()
    expect(vectorize.rows.size).toBe(4)
    await deleteDocument(tenant, gone.id)
    await upkeep()
    expect([...vectorize.rows.values()].map(({ metadata }) => metadata.document)).toEqual([stays.id, stays.id])
  })

  it('takes with it what was found in it, at any depth', async () => {
    const mail = await store('Zanzibar', 'Zainab Zuberi')
    const archive = await store('Lagos', 'Lara Lund', { parentId: mail.id })
    const member = await store('Lima', 'Luis Lopez', { parentId: archive.id })
    const { documents } = await deleteDocument(tenant, mail.id)
    expect(documents).toEqual([mail.id, archive.id, member.id].sort())
    expect(await keys()).toEqual([])
    expect(await countOf('offices', 'chunks')).toBe(0)
  })

  it('of another tenant is not there', async () => {
    const { id } = await store('Zanzibar', 'Zainab Zuberi')
    await expect(deleteDocument(openTenant('ten_stranger'), id)).rejects.toMatchObject({ code: 'not_found' })
    expect((await tenant.knowledge.search('offices', { text: 'Zanzibar', limit: 1 })).hits).toHaveLength(1)
  })
})

describe('a deletion', () => {
  it('is refused while a run that was started for the document is at work', async () => {
    const { id } = await store('Zanzibar', 'Zainab Zuberi')
    const run = runRow({ documentId: id, status: 'waiting' })
    await tenant.runIndex.upsert([run])
    await expect(deleteDocument(tenant, id)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(run.id) })
    expect(await tenant.documents.find(id)).toBeDefined()
    await tenant.runIndex.upsert([{ ...run, status: 'cancelled', revision: 2 }])
    expect(await deleteDocument(tenant, id)).toMatchObject({ documents: [id] })
  })

  it('that broke off is finished by asking again', async () => {
    const { id } = await store('Zanzibar', 'Zainab Zuberi')
    const files = { delete: async () => Promise.reject(new Error('R2 is away')) }
    await expect(deleteDocument({ ...tenant, files }, id)).rejects.toThrow('R2 is away')
    expect(await tenant.documents.find(id)).toBeUndefined()
    await deleteDocument(tenant, id)
    expect(await keys()).toEqual([])
  })

  it('that broke off is finished by the sweep, and forgotten a day later', async () => {
    const { id } = await store('Zanzibar', 'Zainab Zuberi')
    const knowledge = { remove: async () => Promise.reject(new Error('the collection is away')) }
    await expect(deleteDocument({ ...tenant, knowledge }, id)).rejects.toThrow('the collection is away')
    const sweep = async (afterMs: number) =>
      await tendDeletions({
        listOpen: async (before) => (await listOpenDeletions(DB, before)).filter(({ tenantId }) => tenantId === tenant.tenantId),
        forget: (before) => forgetDeletions(DB, before),
        portsFor: () => tenant,
        now: new Date(Date.now() + afterMs),
      })
    // One that may still be under way is left alone.
    expect(await sweep(0)).toEqual({ finished: 0, failed: 0 })
    expect(await sweep(10 * 60_000)).toEqual({ finished: 1, failed: 0 })
    expect(await keys()).toEqual([])
    expect(await contentOf('offices')).not.toContain('zanzibar')
    expect(await tenant.deletions.isDeleted(id)).toBe(true)
    await sweep(25 * 60 * 60_000)
    expect(await tenant.deletions.isDeleted(id)).toBe(false)
  })

  it('is not undone by indexing that began before', async () => {
    const { id } = await store('Zanzibar', 'Zainab Zuberi')
    onEmbed = async () => {
      onEmbed = async () => undefined
      await deleteDocument(tenant, id)
    }
    const late = tenant.knowledge.index('new', passagesOf(id, textOf('Zanzibar', 'Zainab Zuberi'), 'Zanzibar', 'Zainab Zuberi'))
    await expect(late).rejects.toMatchObject({ code: 'not_found' })
    expect(await countOf('new', 'chunks')).toBe(0)
    // Nor by the next attempt of the step.
    await expect(
      tenant.knowledge.index('new', passagesOf(id, 'x Zanzibar Zainab Zuberi', 'Zanzibar', 'Zainab Zuberi')),
    ).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  it('is not undone by an answer or a vector that was under way', async () => {
    const gone = await store('Zanzibar', 'Zainab Zuberi')
    const stays = await store('Reykjavik', 'Ragna Rasmussen')
    await deleteDocument(tenant, gone.id)
    const answer = { text: 'Zainab', finish: 'stop' as const, provider: 'p', model: 'm', inputTokens: 1, outputTokens: 1 }
    const entry = { purpose: 'answer', answer, createdAt: '2026-11-21T00:00:00.000Z', expiresAt: '2999-01-01T00:00:00.000Z' }
    await tenant.modelCache.store({ ...entry, key: 'late', documentIds: [gone.id, stays.id] })
    await tenant.modelCache.store({ ...entry, key: 'fine', documentIds: [stays.id] })
    expect(await tenant.modelCache.find('late', entry.createdAt)).toBeUndefined()
    expect(await tenant.modelCache.find('fine', entry.createdAt)).toEqual(answer)
    await tenant.vectors.store('provider', [{ hash: 'late', vector: [1, 0] }], gone.id)
    expect((await tenant.vectors.find('provider', ['late'])).size).toBe(0)
  })

  it('finds the holders in collections from before these were listed', async () => {
    const { id } = await store('Zanzibar', 'Zainab Zuberi')
    await DB.prepare('UPDATE collections SET is_listed = 0 WHERE tenant_id = ?').bind(tenant.tenantId).run()
    await DB.prepare('DELETE FROM collection_documents WHERE tenant_id = ?').bind(tenant.tenantId).run()
    expect((await deleteDocument(tenant, id)).collections).toEqual(['archive', 'offices'])
  })
})
