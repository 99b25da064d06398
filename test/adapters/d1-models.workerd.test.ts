import { beforeAll, expect, test } from 'vitest'
import { createD1ModelCache, deleteExpiredModelAnswers } from '../../workers/adapters/d1-model-cache'
import { createD1ModelSettings } from '../../workers/adapters/d1-model-settings'
import { createD1Prompts } from '../../workers/adapters/d1-prompts'
import { createD1Vectors } from '../../workers/adapters/d1-vectors'
import { describeModelStores } from '../contracts/models'
import { bindings, migrate } from './d1-bindings'

const { DB } = bindings
const clock = { now: () => new Date('2026-11-21T09:00:00.000Z') }

beforeAll(migrate)

describeModelStores('D1', (tenantId) => ({
  cache: createD1ModelCache(DB, tenantId),
  settings: createD1ModelSettings(DB, tenantId, clock),
  prompts: createD1Prompts(DB, tenantId, clock),
}))

test('vectors are kept by model and hash, also more than one statement takes, and go with their document', async () => {
  const vectors = createD1Vectors(DB, 'ten_vectors', clock)
  const many = Array.from({ length: 200 }, (_, at) => ({ hash: `h${at}`, vector: [at, -0.5] }))
  await vectors.store('m', many, 'doc_1')
  await vectors.store('m', [{ hash: 'kept', vector: [1, 0] }], undefined)
  const hashes = [...many.map(({ hash }) => hash), 'kept', 'unknown']
  const found = await vectors.find('m', hashes)
  expect(found.size).toBe(201)
  expect(found.get('h199')).toEqual([199, -0.5])
  expect((await vectors.find('other', hashes)).size).toBe(0)
  expect((await createD1Vectors(DB, 'ten_other', clock).find('m', hashes)).size).toBe(0)
  await createD1ModelCache(DB, 'ten_vectors').removeDocument('doc_1')
  expect([...(await vectors.find('m', hashes)).keys()]).toEqual(['kept'])
})

test('expired answers of all tenants are swept with their links', async () => {
  const answer = { text: 'a', finish: 'stop' as const, provider: 'p', model: 'm', inputTokens: 1, outputTokens: 1 }
  const at = '2020-01-01T00:00:00.000Z'
  const entry = { purpose: 'x', answer, documentIds: ['doc_1'], createdAt: at }
  await createD1ModelCache(DB, 'ten_swept').store({ ...entry, key: 'old', expiresAt: at })
  await createD1ModelCache(DB, 'ten_swept').store({ ...entry, key: 'new', expiresAt: '2030-01-01T00:00:00.000Z' })
  expect(await deleteExpiredModelAnswers(DB, '2021-01-01T00:00:00.000Z')).toBe(1)
  const { results } = await DB.prepare("SELECT key FROM model_answer_documents WHERE tenant_id = 'ten_swept'").all()
  expect(results).toEqual([{ key: 'new' }])
})

test('of two who save a prompt at once, one is told', async () => {
  const prompts = createD1Prompts(DB, 'ten_twice', clock)
  const save = (text: string) => prompts.save('words', { text, weight: 'all', tests: [] }, 'usr_1', undefined)
  const outcomes = await Promise.allSettled([save('a'), save('b')])
  const saved = outcomes.filter(({ status }) => status === 'fulfilled')
  expect((await prompts.versions('words')).map(({ version }) => version)).toEqual(saved.length === 2 ? [3, 2, 1] : [2, 1])
  for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'conflict' })
})
