import { beforeEach, expect, test } from 'vitest'
import { runRow } from '../contracts/ports'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})

const ORDER = { workflow: 'document-intake', input: { documentId: 'doc_1' } }
const start = (headers = {}) => call(kit, acme, 'POST', '/api/v1/workflows/execute', ORDER, headers)
const runs = () => kit.tenant(acme.tenantId).runs.all

test.each(['/api/v1/workflows/execute', '/workflows/execute', '/api/v1/runs', '/api/v1/ai/workflows'])(
  'POST %s starts a run',
  async (path) => {
    const { status, body } = await call(kit, acme, 'POST', path, ORDER)
    expect(status).toBe(202)
    expect(body).toMatchObject({ workflow: 'document-intake', status: 'running', trigger: 'api', input: ORDER.input })
  },
)

test.each([
  (id: string) => `/api/v1/runs/${id}`,
  (id: string) => `/api/v1/workflows/${id}/status`,
  (id: string) => `/workflows/${id}/status`,
  (id: string) => `/api/v1/ai/workflows/${id}`,
])('every mount shows the run (%#)', async (path) => {
  const { body } = await start()
  expect((await call(kit, acme, 'GET', path(body.id))).body).toMatchObject({ id: body.id })
})

test('an input that does not fit the workflow names the field, and nothing starts', async () => {
  const { status, body } = await call(kit, acme, 'POST', '/api/v1/runs', { workflow: 'document-intake', input: { documentId: 7 } })
  expect({ status, code: body.code, path: body.problems[0].path }).toEqual({ status: 400, code: 'invalid', path: 'input.documentId' })
  expect(runs().size).toBe(0)
})

test('a body without JSON type, broken JSON and missing fields are told apart', async () => {
  const send = (body: string, type: string) =>
    kit.app.request('/api/v1/runs', { method: 'POST', body, headers: { Authorization: `Bearer ${acme.apiKey}`, 'Content-Type': type } })
  expect((await send('{}', 'text/plain')).status).toBe(415)
  expect(await (await send('{', 'application/json')).json()).toMatchObject({ status: 400, code: 'invalid' })
  expect(await (await send('{}', 'application/json')).json()).toMatchObject({ status: 400, problems: [{ path: 'workflow' }] })
})

test('a webhook starts a run with its whole body', async () => {
  const { status, body } = await call(kit, acme, 'POST', '/api/v1/webhooks/document-intake', { documentId: 'doc_9', extra: [1] })
  expect({ status, trigger: body.trigger, input: body.input }).toEqual({
    status: 202,
    trigger: 'webhook',
    input: { documentId: 'doc_9', extra: [1] },
  })
})

test('logs go on after a number', async () => {
  const { body } = await start()
  const run = runs().get(body.id)!
  for (const seq of [2, 3]) run.events.push({ ...run.events[0]!, seq })
  const first = await call(kit, acme, 'GET', `/api/v1/runs/${body.id}/logs?limit=2`)
  expect(first.body.items.map((event: { seq: number }) => event.seq)).toEqual([1, 2])
  const second = await call(kit, acme, 'GET', `/workflows/${body.id}/logs?limit=2&after=${first.body.nextAfter}`)
  expect(second.body).toEqual({ items: [expect.objectContaining({ seq: 3 })] })
})

test('a large step output is read from where it is stored', async () => {
  const { body } = await start()
  const step = { stepId: 'read', scope: '', kind: 'agent', status: 'completed' as const, attempt: 1, costMicroUsd: 0 }
  runs().get(body.id)!.steps = [
    { ...step, key: 'pages[3].read', outputRef: 'runs/x/steps/read/1.json' },
    { ...step, key: 'small', output: { n: 1 } },
  ]
  await kit.tenant(acme.tenantId).ports.files.put('runs/x/steps/read/1.json', '{"big":true}', 'application/json')
  expect((await call(kit, acme, 'GET', `/api/v1/runs/${body.id}/steps/${encodeURIComponent('pages[3].read')}/output`)).body).toEqual({
    big: true,
  })
  expect((await call(kit, acme, 'GET', `/api/v1/runs/${body.id}/steps/small/output`)).body).toEqual({ n: 1 })
  expect((await call(kit, acme, 'GET', `/api/v1/runs/${body.id}/steps/nope/output`)).status).toBe(404)
})

test('open approvals of all runs are listed, and one is decided by who has the permission', async () => {
  const { body } = await start()
  const run = runs().get(body.id)!
  run.view.approvals = [{ id: 'apr_1', stepKey: 'ok', title: 'Pay?', details: {}, status: 'open', requestedAt: body.createdAt }]
  await kit.tenant(acme.tenantId).ports.runIndex.upsert([runRow({ id: body.id, openApprovals: 1, revision: 9 })])
  expect((await call(kit, acme, 'GET', '/api/v1/approvals')).body.items).toMatchObject([
    { approval: { id: 'apr_1' }, run: { id: body.id } },
  ])

  const answer = { approvalId: 'apr_1', decision: 'approve' }
  const { body: key } = await call(kit, acme, 'POST', '/api/v1/api-keys', { name: 'client', role: 'client' })
  expect((await call(kit, { ...acme, apiKey: key.key }, 'PUT', `/api/v1/runs/${body.id}/continue`, answer)).status).toBe(403)
  const decided = await call(kit, acme, 'PUT', `/api/v1/runs/${body.id}/continue`, answer)
  expect(decided.body.approvals[0]).toMatchObject({ status: 'approved', decidedBy: expect.stringMatching(/^API key key_/) })
  expect((await call(kit, acme, 'GET', '/api/v1/approvals')).body.items).toEqual([])
})

test('a run is cancelled; only a failed one is resumed; a fork is a new run', async () => {
  const { body } = await start()
  expect(await call(kit, acme, 'POST', `/api/v1/runs/${body.id}/resume`)).toMatchObject({ status: 409, body: { code: 'conflict' } })
  runs().get(body.id)!.view.status = 'failed'
  expect(await call(kit, acme, 'POST', `/api/v1/runs/${body.id}/resume`)).toMatchObject({ status: 200, body: { status: 'running' } })
  const forked = await call(kit, acme, 'POST', `/api/v1/runs/${body.id}/fork`, { fromStep: 'read' })
  expect(forked).toMatchObject({ status: 202, body: { trigger: 'fork', forkedFrom: { runId: body.id, stepKey: 'read' } } })
  expect(forked.body.id).not.toBe(body.id)
  expect((await call(kit, acme, 'DELETE', `/api/v1/runs/${body.id}`)).body.status).toBe('cancelled')
})

test('a fork with outputs put in by hand takes who may decide approvals', async () => {
  const { body } = await start()
  const { body: key } = await call(kit, acme, 'POST', '/api/v1/api-keys', { name: 'client', role: 'client' })
  const order = { fromStep: 'pay', overrides: { approve: { approved: true } } }
  expect((await call(kit, { ...acme, apiKey: key.key }, 'POST', `/api/v1/runs/${body.id}/fork`, order)).status).toBe(403)
  expect((await call(kit, acme, 'POST', `/api/v1/runs/${body.id}/fork`, order)).status).toBe(202)
})

test('a fork says whether the approvals of the run may stand for it: only where the caller may decide them', async () => {
  const { body } = await start()
  const { body: key } = await call(kit, acme, 'POST', '/api/v1/api-keys', { name: 'client', role: 'client' })
  const forkedBy = async (account: typeof acme) => {
    const answer = await call(kit, account, 'POST', `/api/v1/runs/${body.id}/fork`, { fromStep: 'pay' })
    return runs().get(answer.body.id)?.fork?.mayApprove
  }
  expect(await forkedBy({ ...acme, apiKey: key.key })).toBe(false)
  expect(await forkedBy(acme)).toBe(true)
})

test('a repeated POST with the same Idempotency-Key starts one run and gives the same answer', async () => {
  const [first, second] = [await start({ 'Idempotency-Key': 'k1' }), await start({ 'Idempotency-Key': 'k1' })]
  expect(second.body).toEqual(first.body)
  expect(second.status).toBe(202)
  expect(second.headers.get('Idempotency-Replayed')).toBe('true')
  expect(runs().size).toBe(1)
  const other = await call(
    kit,
    acme,
    'POST',
    '/api/v1/workflows/execute',
    { ...ORDER, input: { documentId: 'doc_2' } },
    { 'Idempotency-Key': 'k1' },
  )
  expect(other).toMatchObject({ status: 422, body: { reason: 'key_reused' } })
})

test('a key whose request was refused is free again', async () => {
  const headers = { 'Idempotency-Key': 'k1' }
  expect((await call(kit, acme, 'POST', '/api/v1/runs', { workflow: 'nope', input: {} }, headers)).status).toBe(404)
  expect((await call(kit, acme, 'POST', '/api/v1/runs', ORDER, headers)).status).toBe(202)
})

test('of two requests at once with one key only one starts a run', async () => {
  const answers = await Promise.all([start({ 'Idempotency-Key': 'k1' }), start({ 'Idempotency-Key': 'k1' })])
  expect(answers.map((each) => each.status).sort()).toEqual([202, 409])
  expect(runs().size).toBe(1)
})

test('an agent alone is a run of one step whose texts are never templates', async () => {
  const { status, body } = await call(kit, acme, 'POST', '/agents/echo/trigger', { input: { text: '{{ 1 }} ${{ steps }}' } })
  expect(status).toBe(202)
  const [run] = runs().values()
  expect(run!.order.workflow.definition.steps).toMatchObject([
    { kind: 'agent', agent: 'echo', operation: 'say', input: { text: '${{ input["text"] }}' } },
  ])
  expect(body).toMatchObject({ trigger: 'agent', input: { text: '{{ 1 }} ${{ steps }}' } })
  expect(await call(kit, acme, 'POST', '/api/v1/agents/echo/trigger', { input: {} })).toMatchObject({
    status: 400,
    body: { problems: [{ path: 'input.text' }] },
  })
  expect((await call(kit, acme, 'POST', '/api/v1/agents/nobody/trigger', { input: {} })).status).toBe(404)
  expect((await call(kit, acme, 'POST', '/api/v1/agents/toString/trigger', { input: {} })).status).toBe(404)
})

test('a WebSocket is passed on with a header or a ticket of this run, and with nothing else', async () => {
  const [{ body: run }, { body: other }] = [await start(), await start()]
  const { body: ticket } = await call(kit, acme, 'POST', `/api/v1/runs/${run.id}/events/ticket`)
  const connect = (path: string) => call(kit, undefined, 'GET', path, undefined, { Upgrade: 'websocket' })
  expect((await connect(`/api/v1/runs/${run.id}/events?after=3&ticket=${ticket.ticket}`)).text).toBe(`connected to ${run.id}`)
  expect((await connect(`/ws/ai/workflows/${run.id}?ticket=${ticket.ticket}`)).status).toBe(200)
  expect((await connect(`/api/v1/runs/${other.id}/events?ticket=${ticket.ticket}`)).status).toBe(401)
  expect((await connect(`/api/v1/runs/${run.id}/events`)).status).toBe(401)
  expect((await call(kit, acme, 'GET', `/api/v1/runs/${run.id}/events`, undefined, { Upgrade: 'websocket' })).status).toBe(200)
  expect((await call(kit, acme, 'GET', `/api/v1/runs/${run.id}/events`)).status).toBe(400)
  kit.clock.advance(61_000)
  expect((await connect(`/api/v1/runs/${run.id}/events?ticket=${ticket.ticket}`)).status).toBe(401)
})

test('a ticket opens nothing any more when its API key is revoked, has ended or may not watch', async () => {
  const { body: run } = await start()
  const expiresAt = new Date(kit.clock.now().getTime() + 30_000).toISOString()
  const made = async (more: object) => (await call(kit, acme, 'POST', '/api/v1/api-keys', { name: 'viewer', ...more })).body
  const connect = async ({ key }: { key: string }) => {
    const { body } = await call(kit, { ...acme, apiKey: key }, 'POST', `/api/v1/runs/${run.id}/events/ticket`)
    return async () =>
      (await call(kit, undefined, 'GET', `/api/v1/runs/${run.id}/events?ticket=${body.ticket}`, undefined, { Upgrade: 'websocket' })).status
  }
  await call(kit, acme, 'PUT', '/api/v1/roles/viewer', { permissions: ['runs:read'] })
  const [revoked, ended, narrowed] = [
    await made({ role: 'client' }),
    await made({ role: 'client', expiresAt }),
    await made({ role: 'viewer' }),
  ]
  const [asRevoked, asEnded, asNarrowed] = [await connect(revoked), await connect(ended), await connect(narrowed)]
  expect([await asRevoked(), await asEnded(), await asNarrowed()]).toEqual([200, 200, 200])
  await call(kit, acme, 'DELETE', `/api/v1/api-keys/${revoked.id}`)
  await call(kit, acme, 'PUT', '/api/v1/roles/viewer', { permissions: ['documents:read'] })
  expect([await asRevoked(), await asEnded(), await asNarrowed()]).toEqual([401, 200, 401])
  kit.clock.advance(30_000)
  expect(await asEnded()).toBe(401)
})

test('a run of a document that there is not is refused at once, and starts nothing', async () => {
  const nobodys = `doc_${'0'.repeat(32)}`
  const foreign = await createAccount(kit, 'globex')
  const uploaded = async (account: typeof acme) => {
    const headers = { Authorization: `Bearer ${account.apiKey}`, 'Content-Type': 'text/plain' }
    const answer = await kit.app.request('/api/v1/documents', { method: 'POST', body: account.slug, headers })
    return ((await answer.json()) as { document: { id: string } }).document.id
  }
  const [own, others] = [await uploaded(acme), await uploaded(foreign)]
  const order = (documentId: string) => ({ ...ORDER, documentId, input: { documentId } })
  for (const path of ['/api/v1/runs', '/api/v1/workflows/execute'])
    for (const id of [nobodys, others]) {
      expect(await call(kit, acme, 'POST', path, order(id))).toMatchObject({ status: 404, body: { problems: [{ path: 'documentId' }] } })
      expect(await call(kit, acme, 'POST', path, { ...ORDER, input: { documentId: id } })).toMatchObject({
        status: 404,
        body: { problems: [{ path: 'input.documentId' }] },
      })
    }
  expect(runs().size).toBe(0)
  expect((await call(kit, acme, 'POST', '/api/v1/runs', order(own))).status).toBe(202)
})
