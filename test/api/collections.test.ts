import { beforeEach, describe, expect, test, vi } from 'vitest'
import { DEFAULT_CEILINGS } from '../../workers/domain/budgets'
import { AppError } from '../../workers/domain/error'
import { createFakePurse } from '../fakes/purse'
import { scriptedModel } from '../skills/scripted-model'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account

const TEXT = 'Anna Keller leads the office in Lyon. The office opened on 5 March 2024 and has 42 desks.'
const DOCUMENT = {
  documentId: 'doc_1',
  name: 'offices.txt',
  metadata: { class: 'note' },
  chunks: [
    { id: 'chk_1', text: TEXT, context: 'Offices', span: { documentId: 'doc_1', page: 1, start: 0, end: TEXT.length, quote: TEXT } },
  ],
}

beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
  await kit.tenant(acme.tenantId).ports.knowledge.index('offices', DOCUMENT)
})

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  call(kit, acme, 'POST', `/api/v1/collections${path}`, body, headers)

/** The events of a stream, with their bodies. */
const eventsOf = (text: string): { event: string; body: Record<string, unknown> }[] =>
  text
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const [event, body] = block.split('\n')
      return { event: event!.slice('event: '.length), body: JSON.parse(body!.slice('data: '.length)) }
    })

describe('collections', () => {
  test('are made, listed and read by name', async () => {
    expect(await post('', { name: 'contracts 2026' })).toMatchObject({ status: 201, body: { id: 'contracts 2026' } })
    const { body } = await call(kit, acme, 'GET', '/api/v1/collections')
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual(['contracts 2026', 'offices'])
    expect(await call(kit, acme, 'GET', '/api/v1/collections/offices')).toMatchObject({ status: 200, body: { documents: 1, chunks: 1 } })
  })

  test.each(['nothing', '..%2Fother', 'a%00b'])('answer 404 for a name that is not there: %s', async (name) => {
    expect((await call(kit, acme, 'GET', `/api/v1/collections/${name}`)).status).toBe(404)
    expect((await post(`/${name}/ask`, { question: 'Who?' })).status).toBe(404)
  })

  test('refuse a name that cannot be part of a path', async () => {
    expect(await post('', { name: '../x' })).toMatchObject({ status: 400, body: { code: 'invalid', problems: [{ path: 'name' }] } })
  })
})

describe('search', () => {
  test('gives passages with their places and the trace', async () => {
    const { status, body } = await post('/offices/search', { text: 'office in Lyon', filter: { class: 'note' } })
    expect(status).toBe(200)
    expect(body.hits).toMatchObject([{ chunkId: 'chk_1', name: 'offices.txt', span: { quote: TEXT } }])
    expect(body.trace.stages).not.toHaveLength(0)
    expect((await post('/offices/search', { text: 'office', filter: { class: 'invoice' } })).body.hits).toEqual([])
  })

  test('names the field of a query that does not fit', async () => {
    expect(await post('/offices/search', { text: ' ' })).toMatchObject({ status: 400, body: { problems: [{ path: 'text' }] } })
  })
})

describe('a question', () => {
  test('is answered with a verified citation and a trace', async () => {
    const { status, body } = await post('/offices/ask', { question: 'Who leads the office in Lyon?' })
    expect(status).toBe(200)
    expect(body).toMatchObject({ abstained: false, provider: 'embedded', degraded: false, short: { text: 'Anna Keller' } })
    expect(body.sentences).toMatchObject([{ status: 'verified', citations: [{ label: 'offices.txt, page 1', span: { start: 0 } }] }])
    expect(body.trace).toMatchObject({
      passages: [{ passageId: 'chk_1' }],
      stages: [{ name: 'words' }, { name: 'answer', status: 'done' }],
    })
  })

  test('that the sources do not answer is answered with an abstention', async () => {
    const { body } = await post('/offices/ask', { question: 'What is the boiling point of ethanol?' })
    expect(body).toMatchObject({ abstained: true, sentences: [] })
    expect(['no_sources', 'not_stated']).toContain(body.reason)
  })

  test('is answered as a stream: stages, sentences, citations, then the whole', async () => {
    const { headers, text } = await post('/offices/ask', { question: 'How many desks has the office?' }, { Accept: 'text/event-stream' })
    expect(headers.get('Content-Type')).toBe('text/event-stream; charset=utf-8')
    const events = eventsOf(text)
    expect(events.map(({ event }) => event)).toEqual(['stage', 'stage', 'sentence', 'citation', 'done'])
    expect(events[2]?.body).toMatchObject({ index: 0, status: 'verified' })
    expect(events[3]?.body).toMatchObject({ sentence: 0, span: { documentId: 'doc_1' } })
    expect(events[4]?.body).toMatchObject({ abstained: false, short: { text: '42' }, trace: { stages: [{}, {}] } })
  })

  test('shows nothing of a model before it is verified', async () => {
    Object.assign(kit.tenant(acme.tenantId).ports, {
      chatModel: scriptedModel({
        answered: true,
        sentences: [{ text: 'The office in Lyon has 90 desks.', places: [{ source: 1, quote: 'has 42 desks' }] }],
        premise: null,
        contradictions: [],
      }),
    })
    const { text } = await post('/offices/ask', { question: 'How many desks has the office?' }, { Accept: 'text/event-stream' })
    expect(text).not.toContain('90 desks')
    expect(eventsOf(text).at(-1)).toMatchObject({ event: 'done', body: { abstained: true, reason: 'unverified' } })
  })

  test('goes to the embedded way when the model hangs past the deadline, and says so', async () => {
    Object.assign(kit.tenant(acme.tenantId).ports, { chatModel: { complete: () => new Promise(() => undefined) } })
    const { body } = await post('/offices/ask', { question: 'Who leads the office in Lyon?', deadlineMs: 500 })
    expect(body).toMatchObject({ abstained: false, provider: 'embedded', degraded: true })
    expect(body.trace.degraded).toContain('The model gave no answer')
  })

  test('is refused as unavailable when the collection hangs, as JSON and as a stream', async () => {
    Object.assign(kit.tenant(acme.tenantId).ports.knowledge, { search: () => new Promise(() => undefined) })
    const asked = { question: 'Who leads the office in Lyon?', deadlineMs: 500 }
    expect(await post('/offices/ask', asked)).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    const { text } = await post('/offices/ask', asked, { Accept: 'text/event-stream' })
    expect(eventsOf(text)).toMatchObject([{ event: 'error', body: { code: 'unavailable', status: 503 } }])
  })
})

describe('money', () => {
  const CALL = { inputTokens: 9, outputTokens: 0, provider: 'p', model: 'm', latencyMs: 1, cached: false }

  /** A search whose encoder costs 20 micro-dollars, and a tenant with so much money. */
  function withMoney(tenantMonthMicroUsd: number) {
    const { ports } = kit.tenant(acme.tenantId)
    const purse = createFakePurse({ clock: kit.clock, ceilings: { ...DEFAULT_CEILINGS, tenantMonthMicroUsd } })
    const { search } = ports.knowledge
    const costly: typeof search = async (collection, query, { payer } = {}) => {
      const held = await payer?.purse?.reserve({ feature: 'embed', estimateMicroUsd: 20 })
      if (held !== undefined) await payer?.purse?.settle(held.id, { ...CALL, actualMicroUsd: 20 })
      return await search(collection, query)
    }
    Object.assign(ports, { purse })
    Object.assign(ports.knowledge, { search: costly })
    return purse.rows
  }

  test('a search and a question are paid by the tenant, and usage names them', async () => {
    const rows = withMoney(1_000)
    expect((await post('/offices/search', { text: 'office' })).status).toBe(200)
    expect((await post('/offices/ask', { question: 'Who leads the office in Lyon?' })).status).toBe(200)
    expect([...rows.calls.values()]).toMatchObject([
      { agent: 'search', feature: 'embed', actualMicroUsd: 20 },
      { agent: 'ask', feature: 'embed', actualMicroUsd: 20 },
    ])
  })

  test('over its budget a tenant is refused with what to do, as JSON and as a stream', async () => {
    withMoney(10)
    const refusal = { code: 'over_budget', reason: 'tenant_month_ceiling', detail: expect.stringContaining('month') }
    expect(await post('/offices/search', { text: 'office' })).toMatchObject({ status: 402, body: refusal })
    expect(await post('/offices/ask', { question: 'Who leads?' })).toMatchObject({ status: 402, body: refusal })
    const { text } = await post('/offices/ask', { question: 'Who leads?' }, { Accept: 'text/event-stream' })
    expect(eventsOf(text)).toMatchObject([{ event: 'error', body: { ...refusal, status: 402 } }])
  })

  test('a model that may not be paid any more is no reason to answer by another way unasked', async () => {
    const poor = { complete: () => Promise.reject(new AppError('over_budget', 'The budget of this month is used up; raise it.')) }
    Object.assign(kit.tenant(acme.tenantId).ports, { chatModel: poor })
    expect(await post('/offices/ask', { question: 'Who leads the office in Lyon?' })).toMatchObject({
      status: 402,
      body: { code: 'over_budget' },
    })
  })

  test('a record of usage that cannot be written keeps no answer back', async () => {
    withMoney(1_000)
    Object.assign(Reflect.get(kit.tenant(acme.tenantId).ports, 'purse'), { flush: () => Promise.reject(new Error('the tenant is away')) })
    const warned = vi.spyOn(console, 'warn').mockReturnValue()
    expect((await post('/offices/search', { text: 'office' })).status).toBe(200)
    expect(warned).toHaveBeenCalled()
    warned.mockRestore()
  })
})
