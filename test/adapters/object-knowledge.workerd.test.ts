import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Knowledge } from '../../durable-objects/knowledge'
import { createObjectKnowledge, type ObjectKnowledgeOptions } from '../../workers/adapters/object-knowledge'
import { AppError } from '../../workers/domain/error'
import type { IndexedDocument, SearchOutcome } from '../../workers/domain/knowledge'
import type { Encoder } from '../../workers/domain/models'
import type { Reranker } from '../../workers/domain/ports'

const namespace = (env as { KNOWLEDGE: DurableObjectNamespace<Knowledge> }).KNOWLEDGE

/** A real, if simple, encoder: letters counted and scaled to unit length. Remembers how much it was asked for at once. */
function createLetterEncoder(): Encoder & { batches: number[] } {
  const batches: number[] = []
  return {
    dimensions: 26,
    model: 'letters',
    batches,
    async embed(texts) {
      batches.push(texts.length)
      return texts.map((text) => {
        const counts = Array.from(
          { length: 26 },
          (_, letter) => 0.001 + Array.from(text.toLowerCase()).filter((char) => char.charCodeAt(0) === 97 + letter).length,
        )
        return counts.map((count) => count / Math.hypot(...counts))
      })
    },
  }
}

const document = (documentId: string, texts: string[]): IndexedDocument => ({
  documentId,
  name: `${documentId}.pdf`,
  metadata: { class: 'invoice' },
  chunks: texts.map((text, index) => ({
    id: `${documentId}_${index}`,
    text,
    context: '',
    span: { page: 1, start: 0, end: text.length, quote: text },
  })),
})

it('indexes in batches and finds a passage again', async () => {
  const encoder = createLetterEncoder()
  const knowledge = createObjectKnowledge({ tenantId: 'ten_batches', namespace, encoder: async () => encoder })
  const texts = Array.from({ length: 150 }, (_, index) => `passage ${index}`)
  expect(await knowledge.index('default', document('doc_a', [...texts, 'the invoice is overdue']))).toEqual({ chunks: 151 })
  expect(encoder.batches).toEqual([64, 64, 23])
  const { hits } = await knowledge.search('default', { text: 'overdue invoices', limit: 3, filter: { class: 'invoice' } })
  expect(hits[0]).toMatchObject({ chunkId: 'doc_a_150', text: 'the invoice is overdue' })
})

it('keeps tenants and collections apart', async () => {
  const encoder = createLetterEncoder()
  const open = (tenantId: string) => createObjectKnowledge({ tenantId, namespace, encoder: async () => encoder })
  await open('ten_one').index('default', document('doc_a', ['the invoice is overdue']))
  const query = { text: 'invoice', limit: 5 }
  expect((await open('ten_two').search('default', query)).hits).toEqual([])
  expect((await open('ten_one').search('other', query)).hits).toEqual([])
  await open('ten_two').remove('default', 'doc_a')
  expect((await open('ten_one').search('default', query)).hits).toHaveLength(1)
  await open('ten_one').remove('default', 'doc_a')
  expect((await open('ten_one').search('default', query)).hits).toEqual([])
})

it('does not ask the encoder about an empty question', async () => {
  const encoder = createLetterEncoder()
  const knowledge = createObjectKnowledge({ tenantId: 'ten_empty', namespace, encoder: async () => encoder })
  expect(await knowledge.search('default', { text: ' \n', limit: 5 })).toEqual({ hits: [], trace: { stages: [], ms: 0 } })
  expect(encoder.batches).toEqual([])
})

describe('what is dead or slow', () => {
  const encoder = createLetterEncoder()
  const stage = async (tenantId: string, more: Partial<ObjectKnowledgeOptions> = {}) => {
    await createObjectKnowledge({ tenantId, namespace, encoder: async () => encoder }).index(
      'default',
      document('doc_a', ['the invoice is overdue', 'the invoice was paid', 'cats and dogs']),
    )
    return createObjectKnowledge({ tenantId, namespace, encoder: async () => encoder, ...more })
  }
  const hanging = <T>(): Promise<T> => new Promise<T>(() => undefined)
  const query = { text: 'overdue invoice', limit: 2, deadlineMs: 600 }
  const stageOf = (outcome: SearchOutcome, name: string) => outcome.trace.stages.find((each) => each.name === name)

  it('nothing: every stage is done and nothing is degraded', async () => {
    const outcome = await (await stage('ten_fine')).search('default', query)
    expect(outcome.trace.degraded).toBeUndefined()
    expect(outcome.trace.stages.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'encode done',
      'words done',
      'vectors done',
      'fuse done',
    ])
  })

  it.each<[string, () => Promise<number[][]>]>([
    ['fails', () => Promise.reject(new AppError('unavailable', 'The encoder is down.'))],
    ['hangs', hanging],
  ])('an encoder that %s leaves words', async (how, embed) => {
    const dead = { ...encoder, embed }
    const outcome = await (await stage(`ten_encoder_${how}`, { encoder: async () => dead })).search('default', query)
    expect(outcome.hits[0]?.chunkId).toBe('doc_a_0')
    expect(stageOf(outcome, 'encode')).toMatchObject({ status: 'failed', reason: expect.stringContaining('letters') })
    expect(outcome.trace.degraded).toContain('encoder letters does not answer')
  })

  it('a collection that hangs is unavailable, never empty', async () => {
    const object = {
      search: hanging,
      index: hanging,
      graph: hanging,
      import: hanging,
      remove: hanging,
      clear: hanging,
      documents: hanging,
      list: hanging,
      holds: hanging,
      reembed: hanging,
      stats: hanging,
    }
    const knowledge = createObjectKnowledge({ tenantId: 'ten_x', namespace: { getByName: () => object }, encoder: async () => encoder })
    await expect(knowledge.search('default', { ...query, deadlineMs: 100 })).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('a reranker orders the hits', async () => {
    const reranker: Reranker = {
      model: 'judge',
      rerank: async (_, texts) => texts.map((text, index) => ({ index, score: text.includes('paid') ? 1 : 0 })).reverse(),
    }
    const outcome = await (await stage('ten_rerank', { reranker: async () => reranker })).search('default', query)
    expect(outcome.hits.map(({ chunkId }) => chunkId)).toEqual(['doc_a_1', 'doc_a_0'])
    expect(outcome.hits[0]?.scores.rerank).toBe(1)
    expect(stageOf(outcome, 'rerank')).toMatchObject({ status: 'done' })
    const without = await (await stage('ten_rerank', { reranker: async () => reranker })).search('default', { ...query, rerank: false })
    expect(without.hits[0]?.chunkId).toBe('doc_a_0')
  })

  it.each<[string, Reranker['rerank']]>([
    ['fails', () => Promise.reject(new Error('down'))],
    ['hangs', hanging],
    ['leaves texts out', async () => [{ index: 0, score: 1 }]],
  ])('a reranker that %s leaves the order', async (how, rerank) => {
    const knowledge = await stage(`ten_reranker_${how.replaceAll(' ', '_')}`, { reranker: async () => ({ model: 'judge', rerank }) })
    const outcome = await knowledge.search('default', query)
    expect(outcome.hits.map(({ chunkId }) => chunkId)).toEqual(['doc_a_0', 'doc_a_1'])
    expect(stageOf(outcome, 'rerank')).toMatchObject({ status: 'failed', reason: expect.stringContaining('judge') })
    expect(outcome.trace.degraded).toContain('reranker judge')
  })

  it('after a change of the encoder, the old one is asked for the question while its vectors answer', async () => {
    const fresh: Encoder = { ...createLetterEncoder(), model: 'fresh' }
    const knowledge = await stage('ten_changed', {
      encoder: async () => fresh,
      encoderOf: (model) => (model === 'letters' ? encoder : undefined),
    })
    const outcome = await knowledge.search('default', query)
    expect(stageOf(outcome, 'vectors')).toMatchObject({ status: 'done' })
    expect(outcome.trace.degraded).toBeUndefined()
    const alone = await stage('ten_changed', { encoder: async () => fresh })
    expect((await alone.search('default', query)).trace.degraded).toContain('letters')
  })

  it('the payer of a search pays for the question and for the reranker', async () => {
    const paid: string[] = []
    const payer = { onCall: () => undefined }
    const noting: Encoder = {
      ...encoder,
      embed: (texts, options) => {
        if (options?.payer === payer) paid.push('encode')
        return encoder.embed(texts, options)
      },
    }
    const reranker = async (by: unknown) => {
      if (by === payer) paid.push('rerank')
      return undefined
    }
    await (await stage('ten_payer', { encoder: async () => noting, reranker })).search('default', query, { payer })
    expect(paid.sort()).toEqual(['encode', 'rerank'])
  })

  it('a document is indexed without an encoder, and found by words', async () => {
    const dead = { ...encoder, embed: () => Promise.reject(new AppError('unavailable', 'The encoder is down.')) }
    const knowledge = createObjectKnowledge({ tenantId: 'ten_without', namespace, encoder: async () => dead })
    expect(await knowledge.index('default', document('doc_a', ['the invoice is overdue']))).toEqual({ chunks: 1 })
    expect((await knowledge.search('default', query)).hits[0]?.chunkId).toBe('doc_a_0')
  })

  it('a tenant over its budget hears of it', async () => {
    const poor = { ...encoder, embed: () => Promise.reject(new AppError('over_budget', 'The budget is used up.')) }
    const knowledge = createObjectKnowledge({ tenantId: 'ten_poor', namespace, encoder: async () => poor })
    await expect(knowledge.index('default', document('doc_a', ['text']))).rejects.toMatchObject({ code: 'over_budget' })
    // Also in a search: its words alone would pass for all there is.
    await expect((await stage('ten_poor_search', { encoder: async () => poor })).search('default', query)).rejects.toMatchObject({
      code: 'over_budget',
    })
    const rerank = () => Promise.reject(new AppError('over_budget', 'The budget is used up.'))
    const reranked = await stage('ten_poor_rerank', { reranker: async () => ({ model: 'judge', rerank }) })
    await expect(reranked.search('default', query)).rejects.toMatchObject({ code: 'over_budget' })
  })
})

it('refuses a query that breaks its schema', async () => {
  const knowledge = createObjectKnowledge({ tenantId: 'ten_odd', namespace, encoder: async () => createLetterEncoder() })
  for (const odd of [{ limit: 0 }, { limit: 5, filter: { date: { from: 'soon' } } }, { limit: 5, variants: ['a', 'b', 'c', 'd', 'e'] }])
    await expect(knowledge.search('default', { text: 'x', ...odd })).rejects.toMatchObject({ code: 'invalid' })
})
