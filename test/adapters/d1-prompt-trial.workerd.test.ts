import { beforeAll, expect, test } from 'vitest'
import { createD1ModelCache } from '../../workers/adapters/d1-model-cache'
import { createD1ModelSettings } from '../../workers/adapters/d1-model-settings'
import { createD1Prompts } from '../../workers/adapters/d1-prompts'
import { createD1Vectors } from '../../workers/adapters/d1-vectors'
import { createTenantModels } from '../../workers/adapters/routed-models'
import type { ChatModel, ChatRequest } from '../../workers/domain/models'
import { classify } from '../../workers/skills/classify'
import { createFakeEncoder } from '../fakes/models'
import { createFakeAi } from '../fakes/workers-ai'
import { bindings, migrate } from './d1-bindings'

const { DB } = bindings
const clock = { now: () => new Date('2026-11-21T09:00:00.000Z') }
const RUNS = 120

beforeAll(migrate)

const document = {
  format: 'text' as const,
  mediaType: 'text/plain',
  pages: [{ number: 1, text: 'Invoice No. 42, total due 119.00 EUR', boxes: [], source: 'text' as const }],
  blocks: [],
  tables: [],
  metadata: {},
  embedded: [],
  warnings: [],
}

/** Answers the new prompt at once, and the built-in one only after it was told what is wrong. */
function fussyModel(): ChatModel & { requests: ChatRequest[] } {
  const requests: ChatRequest[] = []
  return {
    requests,
    complete: async (request) => {
      requests.push(request)
      const fits = request.prompt?.version === 2 || request.messages.some(({ role }) => role === 'assistant')
      const json = fits ? { class: 'invoice', confidence: 1, evidence: [] } : { class: 'poem', confidence: 1, evidence: [] }
      const text = JSON.stringify(json)
      return { text, json, toolCalls: [], finish: 'stop', provider: 'p', model: 'm', inputTokens: 1, outputTokens: 1, latencyMs: 1 }
    },
  }
}

test('two versions of a prompt share the runs by weight in D1, and what became of each is counted', async () => {
  const prompts = createD1Prompts(DB, 'ten_trial', clock)
  await prompts.choose({ name: 'classification', text: 'x', variables: {} }, undefined)
  await prompts.save('classification', { text: 'Name the class. {{ task }}', tests: [], weight: 300 }, 'usr_1', undefined)
  const chatModel = fussyModel()
  for (let at = 0; at < RUNS; at += 1) await classify.run({ document, documentId: 'doc_1' }, { chatModel, prompts, runId: `run_${at}` })
  const [second, first] = (await prompts.outcomes('classification')).toSorted((a, b) => b.version - a.version)
  expect(second).toMatchObject({ version: 2, repaired: 0, failed: 0 })
  expect(first).toMatchObject({ version: 1, answered: 0, failed: 0 })
  expect((second?.runs ?? 0) + (first?.runs ?? 0)).toBe(RUNS)
  expect(second?.answered).toBe(second?.runs)
  expect(first?.repaired).toBe(first?.runs)
  // Weights 100 and 300: a quarter and three quarters, as far as 120 runs tell.
  expect(second?.runs).toBeGreaterThan(RUNS * 0.6)
  expect(second?.runs).toBeLessThan(RUNS * 0.9)
})

test('a class is named once for the same document, by its model and again only after the document was deleted', async () => {
  const cache = createD1ModelCache(DB, 'ten_trial')
  const ai = createFakeAi()
  const { chatModel } = createTenantModels({
    tenantId: 'ten_trial',
    store: createD1ModelSettings(DB, 'ten_trial', clock),
    cache,
    vectors: createD1Vectors(DB, 'ten_trial', clock),
    encoder: createFakeEncoder(),
    clock,
    sources: { fetch, allowLoopback: false, secret: async () => undefined, variable: () => undefined, ai },
  })
  const named = { kind: 'json' as const, body: { response: { class: 'invoice', confidence: 1, evidence: [] } } }
  ai.script(named, named, named)
  const ask = async (documentId?: string) => await classify.run({ document, ...(documentId && { documentId }) }, { chatModel })
  for (let times = 0; times < 3; times += 1) expect(await ask('doc_9')).toMatchObject({ class: 'invoice', provider: 'workers-ai' })
  expect(ai.received).toHaveLength(1)
  await cache.removeDocument('doc_9')
  await ask('doc_9')
  expect(ai.received).toHaveLength(2)
  // The same words, of no stored document: nothing could delete that answer, so it is not kept.
  await ask()
  expect(ai.received).toHaveLength(3)
})
