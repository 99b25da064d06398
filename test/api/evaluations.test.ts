import { beforeEach, describe, expect, test } from 'vitest'
import { quality } from '../../workers/agents/quality'
import { AppError } from '../../workers/domain/error'
import type { Ports } from '../../workers/domain/ports'
import { stepContext } from '../agents/analysis/ports'
import { createEvaluationStage, hello, METRICS, NAMES, walkedRuns } from './evaluation-stage'
import { call, createAccount } from './kit'

let stage: Awaited<ReturnType<typeof createEvaluationStage>>
beforeEach(async () => {
  stage = await createEvaluationStage()
})

const LETTERS = [
  {
    id: 'invoice',
    input: { text: 'Invoice no. 42\nTotal due: 119.00 EUR\nPlease pay by bank transfer. VAT 19 %: 19.00 EUR' },
    expected: { class: 'invoice' },
    tags: ['money'],
  },
  {
    id: 'letter',
    input: { text: 'Dear Ms Doe,\nthank you for your visit.\nKind regards,\nJohn' },
    expected: { class: 'letter' },
    tags: ['post'],
  },
  { id: 'broken', input: { words: 'no text' }, expected: { class: 'letter' }, tags: ['post'] },
]

describe('an evaluation of a skill', () => {
  const target = { skill: 'classify' }
  const metrics = [
    { kind: 'exact', name: 'class', path: 'class', expected: 'class' },
    { kind: 'latency', name: 'latency' },
  ]

  test('runs each case through the skill, keeps what came out, and counts a failed case as wrong', async () => {
    await stage.save('letters', LETTERS)
    const started = await stage.order({ target, dataset: 'letters', metrics })
    expect(started).toMatchObject({ status: 202, body: { status: 'running', cases: 3, progress: { done: 0, total: 3 } } })
    expect(stage.kit.tenant(stage.acme.tenantId).runs.all.get(started.body.runId)?.order).toMatchObject({
      workflow: { name: 'evaluate' },
      input: { evaluationId: started.body.id },
    })
    await stage.carryOut(started.body.id)
    const { body } = await stage.get(`/${started.body.id}`)
    expect(body).toMatchObject({
      status: 'completed',
      summary: { cases: 3, failed: 1, tags: { money: { cases: 1, metrics: { class: 1 } } } },
    })
    expect(body.summary.metrics[0].n).toBe(3)
    const { items } = (await stage.get(`/${started.body.id}/cases`)).body
    expect(items.map(({ id, status }: { id: string; status: string }) => `${id} ${status}`)).toEqual([
      'invoice completed',
      'letter completed',
      'broken failed',
    ])
    expect(items[0]).toMatchObject({ output: { class: 'invoice' }, scores: { class: 1 }, provider: 'embedded' })
    expect(items[2]).toMatchObject({ scores: { class: 0, latency: null }, error: { code: 'invalid' } })
  })

  test('is exported as CSV and as JSON', async () => {
    await stage.save('letters', [...LETTERS, { id: '=1+1', input: { text: 'x' } }])
    const { id } = (await stage.order({ target, dataset: 'letters', metrics })).body
    await stage.carryOut(id)
    const csv = await stage.get(`/${id}/export`)
    expect(csv.headers.get('Content-Type')).toBe('text/csv; charset=utf-8')
    const rows = csv.text.split('\r\n')
    expect(rows[0]).toBe('id,tags,status,error,class,latency,costMicroUsd,latencyMs,runId,expected,output')
    expect(rows[1]).toMatch(/^invoice,money,completed,,1,/)
    expect(rows[4]).toMatch(/^'=1\+1,,completed,,,/)
    const json = JSON.parse((await stage.get(`/${id}/export?format=json`)).text)
    expect(json.cases).toHaveLength(4)
    expect(json.evaluation.id).toBe(id)
  })

  test('with the same Idempotency-Key is the same evaluation', async () => {
    await stage.save('letters', LETTERS)
    const ids = [1, 2].map(() => stage.order({ target, dataset: 'letters', metrics }, { 'Idempotency-Key': 'once' }))
    const first = await ids[0]!
    expect((await ids[1]!).status).toBeLessThan(410)
    const again = await stage.order({ target, dataset: 'letters', metrics }, { 'Idempotency-Key': 'once' })
    expect(again.body.id).toBe(first.body.id)
    expect((await stage.get('')).body.items).toHaveLength(1)
  })

  test('goes on where a batch stopped, and does no case twice', async () => {
    await stage.save('letters', LETTERS.slice(0, 2))
    const { id } = (await stage.order({ target: { collection: 'notes' }, dataset: 'letters', metrics })).body
    expect(id).toBeUndefined()
    const { collections } = stage.ports
    await collections.create('notes')
    const known = (await stage.order({ target: { collection: 'notes' }, dataset: 'letters', metrics })).body.id
    const asked: string[] = []
    const knowledge: Ports['knowledge'] = {
      ...stage.ports.knowledge,
      search: async (_collection, { text }) => {
        asked.push(text)
        if (asked.length === 2) throw new AppError('unavailable', 'Not now.')
        return { hits: [], trace: { stages: [], ms: 0 } }
      },
    }
    await expect(stage.carryOut(known, { knowledge })).rejects.toMatchObject({ code: 'unavailable' })
    await stage.carryOut(known, { knowledge })
    expect(asked.filter((text) => text === asked[0])).toHaveLength(1)
    expect((await stage.get(`/${known}`)).body.status).toBe('completed')
  })

  test('is not summarised before all cases are done', async () => {
    await stage.save('letters', LETTERS)
    const { id } = (await stage.order({ target, dataset: 'letters', metrics })).body
    const { input, run } = quality.operations.summarise_evaluation!
    await expect(run(input.parse({ evaluationId: id }), stepContext(), stage.ports)).rejects.toMatchObject({
      code: 'conflict',
    })
    expect((await stage.get(`/compare?ids=${id},${id}x`)).status).toBe(404)
  })

  test('is refused for a skill, dataset or metric that is none', async () => {
    await stage.save('letters', LETTERS)
    expect(await stage.order({ target: { skill: 'fly' }, dataset: 'letters', metrics })).toMatchObject({
      status: 400,
      body: { problems: [{ path: 'target.skill' }] },
    })
    expect((await stage.order({ target, dataset: 'none', metrics })).status).toBe(404)
    expect((await stage.order({ target, dataset: 'letters', metrics: [{ kind: 'magic', name: 'm' }] })).status).toBe(400)
    expect((await stage.order({ target, dataset: 'letters' })).status).toBe(400)
  })
})

describe('an evaluation of a workflow', () => {
  test('runs each case as a run of its own, once, and compares two versions case by case', async () => {
    await stage.save('names', NAMES)
    const { runs, views } = walkedRuns()
    const evaluate = async (expression: string) => {
      const { version } = (await stage.publish(hello(expression))).body
      const { id } = (await stage.order({ target: { workflow: 'hello', version }, dataset: 'names', metrics: METRICS })).body
      await stage.carryOut(id, { runs })
      await stage.carryOut(id, { runs })
      return id
    }
    const first = await evaluate("'Hi ' + input.name")
    const second = await evaluate("'Ho ' + input.name")
    expect(views.size).toBe(6)
    expect((await stage.get(`/${first}`)).body.summary.metrics).toMatchObject([
      { name: 'right', value: 2 / 3 },
      { name: 'latency', value: 2_000 },
      { name: 'cost', value: 7, spread: { total: 21 } },
    ])
    const { body } = await stage.get(`/compare?ids=${first},${second}`)
    expect(body.differences[0]).toMatchObject({
      metric: 'right',
      before: 2 / 3,
      after: 1 / 3,
      n: 3,
      improved: 1,
      worsened: 2,
      verdict: 'unclear',
    })
    expect(body.worsened.map(({ caseId }: { caseId: string }) => caseId)).toEqual(['a', 'b'])
    expect(body.evaluations.map(({ id }: { id: string }) => id)).toEqual([first, second])
  })

  test('carries out nothing that acts, and says which steps it left out', async () => {
    await stage.save('names', NAMES.slice(0, 1))
    const acting = `name: hello\nsteps:\n  - id: post\n    http: { method: POST, url: 'https://example.com' }\n  - id: tell\n    agent: action\n    operation: mail\n    input: { to: a@b.de, subject: x, text: y }\noutputs: { greeting: "\${{ steps.post.output.dryRun }}" }\n`
    expect((await stage.publish(acting)).status).toBe(201)
    const started = await stage.order({ target: { workflow: 'hello' }, dataset: 'names', metrics: METRICS })
    expect(started.body.simulated).toEqual(['post', 'tell'])
    const { runs } = walkedRuns()
    const kinds: string[] = []
    const start: typeof runs.start = async (request) => {
      kinds.push(...request.workflow.definition.steps.map(({ kind }) => kind))
      return await runs.start(request)
    }
    await stage.carryOut(started.body.id, { runs: { ...runs, start } })
    expect(kinds).toEqual(['set', 'set'])
  })

  test('of one that waits for an event is refused', async () => {
    await stage.save('names', NAMES)
    await stage.publish('name: hello\nsteps:\n  - id: paid\n    wait: { event: payment, correlation: x }\n')
    expect(await stage.order({ target: { workflow: 'hello' }, dataset: 'names', metrics: METRICS })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining("'paid'") },
    })
  })

  test('takes a run that failed as a failed case', async () => {
    await stage.save('names', [{ id: 'x', input: { name: 'X' }, expected: 'Hi X' }])
    await stage.publish(hello('input.missing + 1'))
    const { id } = (await stage.order({ target: { workflow: 'hello' }, dataset: 'names', metrics: METRICS })).body
    await stage.carryOut(id, walkedRuns())
    expect((await stage.get(`/${id}/cases`)).body.items[0]).toMatchObject({
      status: 'failed',
      scores: { right: 0, latency: null, cost: 7 },
    })
  })
})

test('another tenant finds nothing of it, and a client may not look at all', async () => {
  await stage.save('letters', LETTERS)
  await stage.publish(hello("'Hi'"))
  const metrics = [{ kind: 'cost', name: 'cost' }]
  const { id } = (await stage.order({ target: { skill: 'classify' }, dataset: 'letters', metrics })).body
  const gate = { dataset: 'letters', rules: [{ metric: metrics[0], max: 1 }] }
  await call(stage.kit, stage.acme, 'PUT', '/api/v1/workflows/hello/gate', gate)
  const evil = await createAccount(stage.kit, 'evil')
  const routes: [string, string, object?][] = [
    ...['', '/cases', '/export'].map((rest): [string, string] => ['GET', `/api/v1/evaluations/${id}${rest}`]),
    ['DELETE', `/api/v1/evaluations/${id}`],
    ['GET', `/api/v1/evaluations/compare?ids=${id},evl_x`],
    ...['', '/cases'].map((rest): [string, string] => ['GET', `/api/v1/datasets/letters${rest}`]),
    ['DELETE', '/api/v1/datasets/letters'],
    ...['GET', 'DELETE'].map((method): [string, string] => [method, '/api/v1/workflows/hello/gate']),
    ['PUT', '/api/v1/workflows/hello/gate', gate],
    ['POST', '/api/v1/evaluations', { target: { skill: 'classify' }, dataset: 'letters', metrics }],
  ]
  const { key } = (await call(stage.kit, stage.acme, 'POST', '/api/v1/api-keys', { name: 'k', role: 'client' })).body
  for (const [method, path, body] of routes) {
    expect((await call(stage.kit, evil, method, path, body)).status, `${method} ${path}`).toBe(404)
    expect((await call(stage.kit, { ...stage.acme, apiKey: key }, method, path, body)).status, `${method} ${path}`).toBe(403)
  }
  expect((await stage.get(`/${id}`)).status).toBe(200)
  for (const path of ['evaluations', 'datasets']) expect((await call(stage.kit, evil, 'GET', `/api/v1/${path}`)).body.items).toEqual([])
})
