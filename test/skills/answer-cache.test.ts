import { expect, it } from 'vitest'
import { createHealth } from '../../workers/adapters/routed-health'
import { createRoutedModel } from '../../workers/adapters/routed-model'
import type { ModelCache } from '../../workers/domain/model-cache'
import { ModelSettings } from '../../workers/domain/model-settings'
import { skills } from '../../workers/skills'
import { createTestClock } from '../fakes/clock'
import { createFakeModelCache } from '../fakes/model-cache'
import { createFakeEncoder } from '../fakes/models'
import { passagesOf } from './sources'

const RENT = 'The office rent is due on the first day of the month.'
const OTHER = 'The office rent is due on the third day of the month.'
const QUESTION = 'On which day is the office rent due?'
const settings = ModelSettings.parse({
  providers: { one: { protocol: 'openai', url: 'https://one.example' } },
  models: { small: { provider: 'one', name: 's-1', can: ['json'] } },
  purposes: { answer: { use: ['small'], cache: { ttl: '1d', semantic: 0.75 } } },
})

/** A tenant's model behind its cache; `calls` are those that reached the provider. */
function tenantModel(cache: ModelCache = createFakeModelCache()) {
  const calls: string[] = []
  const chatModel = createRoutedModel({
    ...{ settings: async () => settings, isConfigured: async () => true, health: createHealth(), clock: createTestClock() },
    ...{ cache, encoder: createFakeEncoder() },
    open: async () => ({
      async complete({ messages }) {
        calls.push(messages[0]?.content ?? '')
        const quote = /The office rent[^.]*\./.exec(messages[1]?.content ?? '')?.[0] ?? ''
        const json = { answered: true, sentences: [{ text: quote, places: [{ source: 1, quote }] }], premise: null, contradictions: [] }
        const counts = { inputTokens: 10, outputTokens: 5, latencyMs: 1 }
        return { text: JSON.stringify(json), json, toolCalls: [], finish: 'stop', provider: 'one', model: 's-1', ...counts }
      },
    }),
  })
  return { chatModel, calls, cache }
}

const ask = async (chatModel: ReturnType<typeof tenantModel>['chatModel'], question: string, text = RENT, version = 1) =>
  await skills.answer.run(
    { question, passages: passagesOf({ 'lease.txt': text }), unverified: 'drop' },
    { chatModel, runId: 'run_1', prompts: { choose: async ({ text: task }) => ({ version, text: task }), record: async () => undefined } },
  )

it.each(['On which day is the office rent due', 'on what day is office rent due ?'])(
  'an earlier answer is given to a question that asks for the same: %s',
  async (near) => {
    const { chatModel, calls, cache } = tenantModel()
    const first = await ask(chatModel, QUESTION)
    expect(await ask(chatModel, near)).toMatchObject({ answer: first.answer, sentences: [{ status: 'verified' }] })
    expect(calls).toHaveLength(1)
    expect(await cache.counts()).toEqual([{ purpose: 'answer', exactHits: 0, semanticHits: 1, misses: 1 }])
  },
)

it.each([
  ['a negation', 'On which day is the office rent not due?'],
  ['a figure', 'On which day is the office rent due in 2024?'],
  ['another word', 'On which day is the office rent overdue?'],
])('a question with %s is asked anew', async (_, other) => {
  const { chatModel, calls } = tenantModel()
  await ask(chatModel, QUESTION)
  await ask(chatModel, other)
  expect(calls).toHaveLength(2)
})

it('a question with another year is asked anew', async () => {
  const { chatModel, calls } = tenantModel()
  for (const year of ['2023', '2024', '2023']) await ask(chatModel, `What was the office rent in ${year}?`)
  expect(calls).toHaveLength(2)
})

it('other sources, another version of the prompt and another tenant never get it', async () => {
  const { chatModel, calls } = tenantModel()
  await ask(chatModel, QUESTION)
  expect((await ask(chatModel, 'On which day is the office rent due', OTHER)).answer).toContain('third day')
  await ask(chatModel, 'On which day is the office rent due', RENT, 2)
  expect(calls).toHaveLength(3)
  const elsewhere = tenantModel()
  await ask(elsewhere.chatModel, 'On which day is the office rent due')
  expect(elsewhere.calls).toHaveLength(1)
})
