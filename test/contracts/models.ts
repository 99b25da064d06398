import { describe, expect, test } from 'vitest'
import type { VectorStore } from '../../workers/adapters/cached-encoder'
import type { CacheEntry, ModelCache } from '../../workers/domain/model-cache'
import type { ModelSettingsStore } from '../../workers/domain/model-settings'
import type { PromptStore } from '../../workers/domain/prompts'

/** What every implementation of these ports keeps to. `make` gives a fresh store of the named tenant. */
export interface ModelStores {
  cache: ModelCache
  settings: ModelSettingsStore
  prompts: PromptStore
  vectors?: VectorStore
}

let counter = 0
const fresh = () => `ten_m${Date.now()}_${counter++}`
const hour = (n: number) => new Date(Date.UTC(2026, 10, 21, n)).toISOString()
const NOW = hour(9)

const entry = (key: string, more: Partial<CacheEntry> = {}): CacheEntry => ({
  key,
  purpose: 'answer',
  answer: { text: `of ${key}`, json: { a: [1] }, finish: 'stop', provider: 'p', model: 'm', inputTokens: 5, outputTokens: 2 },
  documentIds: [],
  createdAt: hour(8),
  expiresAt: hour(10),
  ...more,
})

export function describeModelStores(title: string, make: (tenantId: string) => ModelStores): void {
  describe(title, () => {
    describeCache((tenantId) => make(tenantId).cache)
    describeSettings((tenantId) => make(tenantId).settings)
    describePrompts((tenantId) => make(tenantId).prompts)
  })
}

function describeCache(make: (tenantId: string) => ModelCache): void {
  test('an answer is found by its key until its time, by its own tenant', async () => {
    const [cache, other] = [make(fresh()), make(fresh())]
    await cache.store(entry('k'))
    expect(await cache.find('k', NOW)).toEqual(entry('k').answer)
    expect(await cache.find('k', hour(10))).toBeUndefined()
    expect(await cache.find('x', NOW)).toBeUndefined()
    expect(await other.find('k', NOW)).toBeUndefined()
  })

  test('a second answer of the key takes the place of the first', async () => {
    const cache = make(fresh())
    await cache.store(entry('k', { expiresAt: hour(9) }))
    await cache.store(entry('k', { answer: { ...entry('k').answer, text: 'new' } }))
    expect((await cache.find('k', NOW))?.text).toBe('new')
  })

  test('questions of a scope come with their vectors, those of others and the expired do not', async () => {
    const cache = make(fresh())
    const meaning = (question: string, scope = 's') => ({ meaning: { scope, question, vector: [0.6, -0.8, 0.25] } })
    await cache.store(entry('a', meaning('what?')))
    await cache.store(entry('b', meaning('when?', 'other')))
    await cache.store(entry('c', { ...meaning('old?'), expiresAt: hour(9) }))
    const known = await cache.listMeanings('s', NOW)
    expect(known.map(({ question }) => question)).toEqual(['what?'])
    for (const [at, value] of (known[0]?.vector ?? []).entries()) expect(value).toBeCloseTo([0.6, -0.8, 0.25][at]!, 6)
    expect(known[0]?.answer.text).toBe('of a')
  })

  test('deleting a document deletes the answers that it went into, and no others', async () => {
    const cache = make(fresh())
    await cache.store(entry('one', { documentIds: ['doc_1', 'doc_2'] }))
    await cache.store(entry('two', { documentIds: ['doc_2'] }))
    await cache.removeDocument('doc_1')
    expect(await cache.find('one', NOW)).toBeUndefined()
    expect(await cache.find('two', NOW)).toBeDefined()
  })

  test('hits and misses are counted by purpose, and emptying forgets all', async () => {
    const cache = make(fresh())
    for (const outcome of ['misses', 'exactHits', 'exactHits', 'semanticHits'] as const) await cache.count('answer', outcome)
    await cache.count('classify', 'misses')
    expect(await cache.counts()).toEqual([
      { purpose: 'answer', exactHits: 2, semanticHits: 1, misses: 1 },
      { purpose: 'classify', exactHits: 0, semanticHits: 0, misses: 1 },
    ])
    await cache.store(entry('k'))
    await cache.clear()
    expect([await cache.counts(), await cache.find('k', NOW)]).toEqual([[], undefined])
  })
}

function describeSettings(make: (tenantId: string) => ModelSettingsStore): void {
  test('models.yaml is kept by tenant and grows in revision', async () => {
    const [store, other] = [make(fresh()), make(fresh())]
    expect(await store.find()).toBeUndefined()
    expect(await store.save('a: 1', undefined)).toMatchObject({ source: 'a: 1', revision: 1 })
    expect(await store.save('a: 2', undefined)).toMatchObject({ revision: 2 })
    expect(await store.find()).toMatchObject({ source: 'a: 2', revision: 2 })
    expect(await other.find()).toBeUndefined()
    await store.remove()
    expect(await store.find()).toBeUndefined()
  })

  test('models.yaml is saved over the revision that was read only', async () => {
    const store = make(fresh())
    expect(await store.save('a', 1)).toBeUndefined()
    expect(await store.save('a', 0)).toMatchObject({ revision: 1 })
    expect(await store.save('b', 0)).toBeUndefined()
    expect(await store.save('b', 1)).toMatchObject({ source: 'b', revision: 2 })
  })
}

function describePrompts(make: (tenantId: string) => PromptStore): void {
  const builtIn = { name: 'words', text: 'built in', variables: {} }
  const draft = (text: string, weight: number | 'all' = 'all') => ({ text, weight, tests: [] })

  test('a prompt is the built-in one until the tenant has its own', async () => {
    const prompts = make(fresh())
    expect(await prompts.choose(builtIn, undefined)).toEqual({ version: 1, text: 'built in' })
    expect(await prompts.versions('words')).toEqual([])
    await prompts.save(
      'words',
      { ...draft('own'), note: 'why', tests: [{ name: 't', variables: {}, contains: ['own'], lacks: [] }] },
      'usr_1',
      undefined,
    )
    expect(await prompts.choose(builtIn, undefined)).toEqual({ version: 2, text: 'own' })
    expect(await prompts.names()).toEqual(['words'])
    const [newest, first] = await prompts.versions('words')
    expect(newest).toMatchObject({ version: 2, text: 'own', weight: 100, note: 'why', createdBy: 'usr_1', tests: [{ contains: ['own'] }] })
    expect(first).toMatchObject({ version: 1, weight: 0 })
    expect(first).not.toHaveProperty('text')
  })

  test('a run keeps the version that it began with, whatever is saved meanwhile', async () => {
    const prompts = make(fresh())
    await prompts.choose(builtIn, 'run_1')
    await prompts.save('words', draft('own'), 'usr_1', undefined)
    expect((await prompts.choose(builtIn, 'run_1')).version).toBe(1)
    expect((await prompts.choose(builtIn, 'run_2')).version).toBe(2)
    await prompts.save('words', draft('newer'), 'usr_1', 2)
    expect(await prompts.choose(builtIn, 'run_2')).toEqual({ version: 2, text: 'own' })
  })

  test('weights split runs, and one version at least must keep a weight', async () => {
    const prompts = make(fresh())
    await prompts.save('words', draft('b', 100), 'usr_1', undefined)
    const chosen = await Promise.all(Array.from({ length: 40 }, (_, at) => prompts.choose(builtIn, `run_${at}`)))
    expect(new Set(chosen.map(({ version }) => version))).toEqual(new Set([1, 2]))
    await prompts.setWeights('words', { 1: 0 })
    expect((await prompts.choose(builtIn, 'run_x')).version).toBe(2)
    await expect(prompts.setWeights('words', { 2: 0 })).rejects.toMatchObject({ code: 'invalid' })
    await expect(prompts.setWeights('words', { 7: 1 })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a version is saved over the newest that was read only', async () => {
    const prompts = make(fresh())
    expect(await prompts.save('words', draft('a'), 'usr_1', 2)).toBeUndefined()
    expect(await prompts.save('words', draft('a'), 'usr_1', 1)).toMatchObject({ version: 2 })
    expect(await prompts.save('words', draft('b'), 'usr_1', 1)).toBeUndefined()
  })

  test('outcomes are counted by version, for runs only', async () => {
    const prompts = make(fresh())
    await prompts.choose(builtIn, 'run_1')
    for (const result of ['answered', 'answered', 'repaired'] as const)
      await prompts.record({ name: 'words', version: 1, runId: 'run_1', result })
    await prompts.record({ name: 'words', version: 1, runId: undefined, result: 'failed' })
    await prompts.record({ name: 'words', version: 1, runId: 'run_2', result: 'failed' })
    expect(await prompts.outcomes('words')).toEqual([{ version: 1, runs: 2, answered: 2, repaired: 1, failed: 1 }])
    expect(await prompts.outcomes('others')).toEqual([])
  })
}
