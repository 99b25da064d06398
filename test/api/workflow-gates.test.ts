import { beforeEach, expect, test } from 'vitest'
import { createEvaluationStage, hello, NAMES, RIGHT, walkedRuns } from './evaluation-stage'
import { call } from './kit'

let stage: Awaited<ReturnType<typeof createEvaluationStage>>
beforeEach(async () => {
  stage = await createEvaluationStage()
})

const gate = (body: object) => call(stage.kit, stage.acme, 'PUT', '/api/v1/workflows/hello/gate', body)
const evaluate = async (target: object) => {
  const { id } = (await stage.order({ target, gate: true })).body
  await stage.carryOut(id, walkedRuns())
}

test('a gate lets a version be published only after an evaluation of exactly that version passed', async () => {
  await stage.save('names', NAMES)
  const first = await stage.publish(hello("'Hi ' + input.name"))
  expect((await gate({ dataset: 'names', rules: [{ metric: RIGHT, min: 0.5, maxDrop: 0 }] })).status).toBe(200)

  const worse = hello("'Ho ' + input.name")
  const unknown = await stage.publish(worse)
  expect(unknown).toMatchObject({ status: 409, body: { reason: 'gate', detail: expect.stringContaining('?draft=true') } })

  const draft = await stage.publish(worse, '?draft=true')
  expect(draft).toMatchObject({ status: 200, body: { isDraft: true } })
  expect((await call(stage.kit, stage.acme, 'GET', '/api/v1/workflows/hello')).body.version).toBe(first.body.version)
  await evaluate({ workflow: 'hello', version: draft.body.version })
  expect(await stage.publish(worse)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('has not been evaluated') } })

  await evaluate({ workflow: 'hello' })
  const refused = await stage.publish(worse)
  expect(refused).toMatchObject({
    status: 409,
    body: { problems: [{ path: 'right', message: expect.stringContaining('below the least of 0.5') }] },
  })
  expect(refused.body.detail).toContain("worse than the published version's 0.6667")
  const verdict = (await call(stage.kit, stage.acme, 'GET', `/api/v1/workflows/hello/gate?version=${draft.body.version}`)).body.verdict
  expect(verdict).toMatchObject({ passed: false, checks: [{ metric: 'right', value: 1 / 3, before: 2 / 3 }] })

  const better = hello("(input.name == 'Cy' ? 'Ho ' : 'Hi ') + input.name")
  await evaluate({ workflow: 'hello', version: (await stage.publish(better, '?draft=true')).body.version })
  const published = await stage.publish(better)
  expect(published.status).toBe(200)
  expect(published.body.isDraft).toBeUndefined()
  expect((await call(stage.kit, stage.acme, 'GET', '/api/v1/workflows/hello')).body.source).toBe(better)
  expect((await stage.publish(better)).status).toBe(200)
})

test('a gate asks anew when the dataset changed', async () => {
  await stage.save('names', NAMES)
  await stage.publish(hello("'Hi ' + input.name"))
  await gate({ dataset: 'names', rules: [{ metric: RIGHT, min: 0.5 }] })
  const next = hello("'Hi ' + string(input.name)")
  await evaluate({ workflow: 'hello', version: (await stage.publish(next, '?draft=true')).body.version })
  await stage.save('names', NAMES.slice(1))
  expect((await stage.publish(next)).status).toBe(409)
  await stage.save('names', NAMES)
  expect((await stage.publish(next)).status).toBe(200)
})

test('a gate that is removed stands no longer, and only an admin removes it', async () => {
  await stage.save('names', NAMES)
  await stage.publish(hello("'Hi'"))
  await gate({ dataset: 'names', rules: [{ metric: RIGHT, min: 1 }] })
  const { key } = (await call(stage.kit, stage.acme, 'POST', '/api/v1/api-keys', { name: 'k', role: 'agent' })).body
  const agent = { ...stage.acme, apiKey: key }
  expect((await call(stage.kit, agent, 'DELETE', '/api/v1/workflows/hello/gate')).status).toBe(403)
  expect((await stage.publish(hello("'Ho'"))).status).toBe(409)
  expect((await call(stage.kit, stage.acme, 'DELETE', '/api/v1/workflows/hello/gate')).status).toBe(204)
  expect((await stage.publish(hello("'Ho'"))).status).toBe(200)
  expect((await call(stage.kit, stage.acme, 'GET', '/api/v1/workflows/hello/gate')).status).toBe(404)
})
