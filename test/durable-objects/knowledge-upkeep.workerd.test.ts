/// <reference types="@cloudflare/vitest-plugin/types" />
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Knowledge } from '../../durable-objects/knowledge'
import { DEFAULT_CEILINGS } from '../../workers/domain/budgets'
import { AppError, unwrap } from '../../workers/domain/error'
import type { Encoder } from '../../workers/domain/models'
import { stage } from '../fakes/knowledge-env'
import { createFakePurse } from '../fakes/purse'
import { createFakeVectorize, type FakeVectorize } from '../fakes/vectorize'

const namespace = (env as { KNOWLEDGE: DurableObjectNamespace<Knowledge> }).KNOWLEDGE
const first = { model: 'first', dimensions: 4 }
const second = { model: 'second', dimensions: 4 }
const RANKING = { vectorWeight: 1, leastProduct: 0.2, halfTrustLength: 0 }
const TOPICS = ['money', 'animals', 'weather']

/** Each encoder has an axis a topic, and another order of them. */
const vectorOf = ({ model }: { model: string }, text: string): number[] => {
  const axis = Math.max(
    0,
    TOPICS.findIndex((topic) => text.includes(topic)),
  )
  return Array.from({ length: 4 }, (_, at) => (at === (model === 'first' ? axis : 3 - axis) ? 1 : 0))
}
const encoderOf = (name: typeof first, onEmbed: (texts: string[]) => void = () => undefined): Encoder => ({
  ...name,
  embed: async (texts) => {
    onEmbed(texts)
    return texts.map((text) => vectorOf(name, text))
  },
})

const entry = (documentId: string, texts: string[], encoder: typeof first, hasVectors = true) => ({
  tenantId: 'ten_upkeep',
  document: {
    documentId,
    name: documentId,
    metadata: { class: documentId },
    chunks: texts.map((text, at) => ({
      id: `${documentId}_${at}`,
      text,
      context: '',
      span: { page: 1, start: 0, end: text.length, quote: text },
    })),
  },
  encoder,
  ...(hasVectors && { vectors: Float32Array.from(texts.flatMap((text) => vectorOf(encoder, text))) }),
})
/** Shares no word with any passage: only vectors can find something. */
const question = (topic: string, encoder: typeof first, vectorsBy = encoder, filter?: Record<string, string>) => ({
  tenantId: 'ten_upkeep',
  texts: ['unheard'],
  limit: 5,
  encoder,
  vectors: [Float32Array.from(vectorOf(vectorsBy, topic))],
  ...(vectorsBy !== encoder && { vectorsBy }),
  ...(filter && { filter }),
  ranking: RANKING,
  deadlineMs: 200,
})

let counter = 0
let collection: DurableObjectStub<Knowledge>
beforeEach(() => {
  counter += 1
  collection = namespace.getByName(`ten_upkeep/${counter}`)
})
afterEach(() => {
  delete stage.encoder
  delete stage.vectorize
  delete stage.purse
})

const found = async (query: ReturnType<typeof question>) => unwrap(await collection.search(query)).hits.map(({ chunkId }) => chunkId)
const stats = async () => unwrap(await collection.stats())
/** Lets the waiting time of all tasks pass. */
const hurry = () => runInDurableObject(collection, (_, { storage }) => void storage.sql.exec('UPDATE upkeep SET due_at = 0'))
const alarm = async () => {
  await hurry()
  return await runDurableObjectAlarm(collection)
}
/** The alarm also goes off by itself: what is under way then ends on its own. */
async function finish(): Promise<void> {
  for (let round = 0; round < 20 && (await stats()).reembedding !== undefined; round += 1) await alarm()
}
const countOf = (query: string) =>
  runInDurableObject(collection, (_, { storage }) => Number(storage.sql.exec(`SELECT count(*) AS n FROM ${query}`).one().n))

describe('re-embedding', () => {
  const many = (count: number) => Array.from({ length: count }, (_, at) => `${TOPICS[at % 3]} ${at}`)

  it('answers with the old vectors until the new are whole, and then with the new', async () => {
    await collection.index(entry('doc_a', ['money', 'animals'], first))
    expect(unwrap(await collection.reembed(second))).toEqual({ pending: true })
    expect(await found(question('money', second, first))).toEqual(['doc_a_0'])
    expect((await stats()).reembedding).toMatchObject({ encoder: second, doneChunks: 0 })
    stage.encoder = encoderOf(second)
    await finish()
    expect(await stats()).toMatchObject({ encoder: second, chunks: 2 })
    expect((await stats()).reembedding).toBeUndefined()
    expect(await found(question('animals', second))).toEqual(['doc_a_1'])
    expect(await countOf('sketch_packs WHERE generation = 1')).toBe(0)
  })

  it('says whose vectors answer, and finds by words when the question has none of them', async () => {
    await collection.index(entry('doc_a', ['money'], first))
    const { hits, stages, encoder } = unwrap(await collection.search({ ...question('money', second), texts: ['money'] }))
    expect(encoder).toEqual(first)
    expect(hits.map(({ chunkId }) => chunkId)).toEqual(['doc_a_0'])
    expect(stages.find(({ name }) => name === 'vectors')).toMatchObject({ status: 'failed', reason: expect.stringContaining('first') })
  })

  it('begins by itself when a question comes with another encoder', async () => {
    await collection.index(entry('doc_a', ['money'], first))
    await collection.search(question('money', second))
    expect((await stats()).reembedding).toMatchObject({ encoder: second })
  })

  it('goes on where it was after the object died in the middle', async () => {
    const texts = many(150)
    await collection.index(entry('doc_a', texts, first))
    let embedded: string[] = []
    stage.encoder = encoderOf(second, (part) => {
      if (embedded.length >= 64) throw new AppError('unavailable', 'The encoder died.')
      embedded.push(...part)
    })
    await collection.reembed(second)
    for (let round = 0; round < 5 && embedded.length < 64; round += 1) await alarm()
    expect((await stats()).reembedding).toMatchObject({ doneChunks: 64, lastError: 'The encoder died.' })
    await evictDurableObject(collection)
    expect(await found(question('weather', second, first))).toHaveLength(5)
    embedded = []
    stage.encoder = encoderOf(second, (part) => void embedded.push(...part))
    await finish()
    expect(embedded).toEqual(texts.slice(64))
    expect(await stats()).toMatchObject({ encoder: second })
    expect(await countOf('chunk_vectors')).toBe(150)
  })

  it('takes documents of either encoder meanwhile', async () => {
    await collection.index(entry('doc_a', ['money'], first))
    stage.encoder = encoderOf(second)
    await collection.reembed(second)
    await collection.index(entry('doc_b', ['money'], second))
    await collection.index(entry('doc_c', ['money'], first))
    await collection.remove('doc_a')
    await finish()
    expect((await found(question('money', second))).sort()).toEqual(['doc_b_0', 'doc_c_0'])
    expect(await countOf('chunk_vectors')).toBe(2)
  })

  it('keeps no vector of a document that was replaced while it was encoded', async () => {
    await collection.index(entry('doc_a', ['money'], first))
    // The object itself: while its alarm runs, only its own context may be used.
    const object = await runInDurableObject(collection, (instance) => instance)
    stage.encoder = {
      ...second,
      embed: async (texts) => {
        if (texts[0] === 'money') await object.index(entry('doc_a', ['weather'], second))
        return texts.map((text) => vectorOf(second, text))
      },
    }
    await collection.reembed(second)
    await finish()
    expect(await found(question('money', second))).toEqual([])
    expect(await found(question('weather', second))).toEqual(['doc_a_0'])
    expect(await countOf('chunk_vectors')).toBe(1)
  })

  it('keeps no vector of a document that was deleted while it was encoded', async () => {
    await collection.index(entry('doc_a', ['money'], first))
    await collection.index(entry('doc_b', ['weather'], first))
    const object = await runInDurableObject(collection, (instance) => instance)
    stage.encoder = encoderOf(second, (texts) => {
      if (texts[0] === 'money') void object.remove('doc_a')
    })
    await collection.reembed(second)
    await finish()
    expect(await found(question('money', second))).toEqual([])
    expect(await found(question('weather', second))).toEqual(['doc_b_0'])
    expect(await countOf('chunk_vectors')).toBe(1)
  })

  it('is paid by the tenant; without money it waits and says so, while the old vectors answer, and then goes on', async () => {
    await collection.index(entry('doc_a', ['money', 'animals'], first))
    const ceilings = { ...DEFAULT_CEILINGS, tenantMonthMicroUsd: 10 }
    const purse = createFakePurse({ ceilings })
    stage.purse = purse
    const settlement = { inputTokens: 2, outputTokens: 0, provider: 'p', model: 'second', latencyMs: 1, cached: false }
    stage.encoder = {
      ...second,
      embed: async (texts, options) => {
        const held = await options?.payer?.purse?.reserve({ feature: 'embed', estimateMicroUsd: 20 })
        if (held !== undefined) await options?.payer?.purse?.settle(held.id, { ...settlement, actualMicroUsd: 20 })
        return texts.map((text) => vectorOf(second, text))
      },
    }
    await collection.reembed(second)
    await alarm()
    expect((await stats()).reembedding).toMatchObject({ doneChunks: 0, lastError: expect.stringContaining('month') })
    expect(await found(question('money', second, first))).toEqual(['doc_a_0'])
    purse.ceilings = { ...ceilings, tenantMonthMicroUsd: 1_000 }
    await finish()
    expect(await stats()).toMatchObject({ encoder: second })
    expect([...purse.rows.accounts.values()].map(({ spentMicroUsd }) => spentMicroUsd)).toEqual([20])
  })

  it('is dropped when the tenant goes back to the encoder of before', async () => {
    await collection.index(entry('doc_a', ['money'], first))
    await collection.reembed(second)
    stage.encoder = encoderOf(first)
    await finish()
    expect(await stats()).toMatchObject({ encoder: first })
    expect((await stats()).reembedding).toBeUndefined()
  })

  it('makes the vectors of a document that was indexed without', async () => {
    await collection.index(entry('doc_a', ['money'], first, false))
    expect(await found(question('money', first))).toEqual([])
    expect((await stats()).reembedding).toMatchObject({ encoder: first, doneChunks: 0 })
    stage.encoder = encoderOf(first)
    await finish()
    expect(await found(question('money', first))).toEqual(['doc_a_0'])
    expect((await stats()).reembedding).toBeUndefined()
  })
})

describe('a separate vector store', () => {
  let vectorize: FakeVectorize
  beforeEach(() => {
    vectorize = createFakeVectorize({ dimensions: 4, indexed: ['partition', 'document'] })
    stage.vectorize = vectorize
    stage.encoder = encoderOf(first)
  })
  const indexed = async () => {
    await collection.index(entry('doc_a', ['money', 'animals'], first))
    await collection.index(entry('doc_b', ['money', 'weather'], first))
    await alarm()
  }
  /** Indexed, and the store shows all of it. An alarm may be under way by itself: then it is not run again, and the store has not been told yet. */
  const shown = async () => {
    await indexed()
    for (let round = 0; round < 20 && ((await stats()).vectorsPending ?? 0) > 0; round += 1) {
      vectorize.settle()
      await alarm()
    }
    expect(await stats()).toMatchObject({ vectorsPending: 0 })
  }

  it('is asked together with what it does not show yet', async () => {
    await indexed()
    expect(vectorize.rows.size).toBe(0)
    expect((await found(question('money', first))).sort()).toEqual(['doc_a_0', 'doc_b_0'])
    expect(await stats()).toMatchObject({ vectorsPending: 4 })
    vectorize.settle()
    await alarm()
    expect(await stats()).toMatchObject({ vectorsPending: 0 })
    expect(await countOf('sketch_packs')).toBe(0)
    expect((await found(question('money', first))).sort()).toEqual(['doc_a_0', 'doc_b_0'])
  })

  it('keeps to a filter, also where it cannot be told of it', async () => {
    await shown()
    expect(await found(question('money', first, first, { class: 'doc_b' }))).toEqual(['doc_b_0'])
    expect(await found(question('money', first, first, { class: 'nobody' }))).toEqual([])
  })

  it('is told of removed documents, and what it still shows of them is not shown', async () => {
    await shown()
    await collection.remove('doc_a')
    expect(await found(question('money', first))).toEqual(['doc_b_0'])
    await alarm()
    vectorize.settle()
    expect([...vectorize.rows.keys()]).toHaveLength(2)
    expect(await countOf('vector_removals')).toBe(0)
  })

  it('is told of a document that was removed before it was shown', async () => {
    await indexed()
    await collection.remove('doc_a')
    await alarm()
    vectorize.settle()
    expect([...vectorize.rows.values()].map(({ metadata }) => metadata.document)).toEqual(['doc_b', 'doc_b'])
  })

  it('is emptied of a collection that is cleared', async () => {
    await shown()
    expect(unwrap(await collection.clear())).toEqual({ removed: 2 })
    // The alarm may be under way by itself: then it is not run again.
    for (let round = 0; round < 20 && (await countOf('vector_removals')) > 0; round += 1) await alarm()
    vectorize.settle()
    expect(vectorize.rows.size).toBe(0)
  })

  it('that fails is tried again after the object died, and searches find what it does not have', async () => {
    vectorize.broken = 'fails'
    await indexed()
    await evictDurableObject(collection)
    expect((await found(question('money', first))).sort()).toEqual(['doc_a_0', 'doc_b_0'])
    vectorize.broken = undefined
    await alarm()
    vectorize.settle()
    expect(vectorize.rows.size).toBe(4)
  })

  it.each(['fails', 'hangs'] as const)('that %s leaves words, and the stage says so', async (broken) => {
    await shown()
    vectorize.broken = broken
    const { hits, stages } = unwrap(await collection.search({ ...question('animals', first), texts: ['money'] }))
    expect(hits.map(({ chunkId }) => chunkId).sort()).toEqual(['doc_a_0', 'doc_b_0'])
    expect(stages.find(({ name }) => name === 'vectors')).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('vector store does not answer'),
    })
  })

  it('holds the new vectors and lets go of the old ones after a change of the encoder', async () => {
    await shown()
    stage.encoder = encoderOf(second)
    await collection.reembed(second)
    for (let round = 0; round < 4; round += 1) {
      await alarm()
      vectorize.settle()
    }
    expect(vectorize.rows.size).toBe(4)
    expect((await found(question('money', second))).sort()).toEqual(['doc_a_0', 'doc_b_0'])
    expect(await stats()).toMatchObject({ encoder: second, vectorsPending: 0 })
  })
})
