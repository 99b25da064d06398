import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fileKeys } from '../../workers/domain/documents'
import { unwrap } from '../../workers/domain/error'
import { type Account, BUILT_IN, call, createAccount, createKit, type Kit } from '../api/kit'
import { documentRow, runRow } from '../contracts/ports'
import { createFakeTenantMoney } from '../fakes/tenant-money'
import { type Document, Requests, standing, type World } from './requests'
import { Dice } from './values'
import { judge, walk } from './walk'

/** What the fakes have no store for says so. The Worker has them all: there any 503 is a finding. */
const ABSENT = /^503 .*"detail":"(?:This installation (?:has|keeps|makes) no |The workflow of evaluations is not part of this installation)/
/** About eight for each route; `npm run fuzz` sends 20,000 to a running Worker. */
const REQUESTS = 1_552
/** Share of the routes that the short walk gets behind the door of, whatever the seed. */
const LEAST_OPENED = 0.9
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_121)

const logged: string[] = []
beforeEach(() => {
  for (const method of ['log', 'info', 'warn', 'error'] as const)
    vi.spyOn(console, method).mockImplementation((...parts: unknown[]) => void logged.push(parts.map(String).join(' ')))
})
afterEach(() => vi.restoreAllMocks())

test('whatever is sent to the routes of the document, none fails, hangs or refuses without saying why', { timeout: 240_000 }, async () => {
  const purses = new Map<string, ReturnType<typeof createFakeTenantMoney>>()
  const money = (tenantId: string) => {
    const purse = purses.get(tenantId) ?? createFakeTenantMoney()
    purses.set(tenantId, purse)
    return purse
  }
  const kit = createKit({ money })
  const [acme, globex] = [await createAccount(kit, 'acme'), await createAccount(kit, 'globex')]
  const foreignRun = (await call(kit, globex, 'POST', '/api/v1/runs', { workflow: 'document-intake', input: { documentId: 'd' } })).body.id
  const ids = [foreignRun, globex.adminId, globex.tenantId, `doc_${'0'.repeat(32)}`, `run_${'f'.repeat(32)}`]
  const spared = await standing((path) => call(kit, acme, 'GET', path).then(({ body }) => body))
  const person = { tenant: acme.slug, email: acme.email, password: acme.password }
  const world: World = {
    ...{ apiKey: acme.apiKey, adminToken: 'operator-token', ids, places: await stored(kit, acme), person, spared, memory: {} },
    ...{ origin: 'http://localhost', now: () => kit.clock.now(), mails: () => kit.tenant(acme.tenantId).ports.mailer.sent },
  }
  const document: Document = (await call(kit, undefined, 'GET', '/api/v1/openapi.json')).body
  const requests = new Requests(new Dice(SEED), document, world)
  const { findings, statuses, opened } = await walk({
    requests,
    world,
    seed: SEED,
    from: 0,
    count: REQUESTS,
    capMs: 15_000,
    send: async ({ path, method, headers, body }) => await kit.app.request(path, { method, headers, ...(body !== undefined && { body }) }),
  })
  const failures = findings.filter(({ answer }) => !ABSENT.test(answer))
  expect(failures, logged.filter((line) => line.includes('request failed')).join('\n')).toEqual([])
  const shut = requests.names.filter((name) => !opened.has(name))
  process.stdout.write(`the fuzzer opened ${opened.size} of ${requests.routes} routes, not: ${shut.join(', ')}\n`)
  // What is done after an answer, or by itself, fails without anybody being told.
  expect(logged.filter((line) => /broke off|after the answer failed/.test(line))).toEqual([])
  // It would prove little if nothing got past the door.
  expect(opened.size).toBeGreaterThan(requests.routes * LEAST_OPENED)
  expect((statuses[200] ?? 0) + (statuses[201] ?? 0)).toBeGreaterThan(REQUESTS / 10)
  expect({}).not.toHaveProperty('polluted')
  expect((await call(kit, acme, 'GET', '/api/v1/auth/verify')).status).toBe(200)
  expect(logged.join('\n')).not.toContain(acme.apiKey)
})

/** What the steps of a run, of an evaluation and of a training would have stored, which the fakes do not do: one of each, and its ids by place. */
async function stored(kit: Kit, { tenantId }: Account): Promise<World['places']> {
  const { ports, runs } = kit.tenant(tenantId)
  const at = '2026-11-21T09:00:00.000Z'
  const [report, document, run] = [`rep_${'1'.repeat(32)}`, `doc_${'2'.repeat(32)}`, `run_${'3'.repeat(32)}`]
  await ports.documents.insert(documentRow({ id: document, sha256: 'stored' }))
  await ports.files.put(fileKeys.parsed(document), '{}', 'application/json')
  await ports.reports.insert({ id: report, runId: run, title: 'R', formats: ['csv', 'pdf'], createdAt: at })
  for (const format of ['csv', 'pdf'] as const) await ports.files.put(fileKeys.report(report, format), 'a', 'text/csv')
  await ports.runIndex.upsert([runRow({ id: run })])
  unwrap(await runs.start({ ...{ runId: run, workflow: BUILT_IN, input: { documentId: document }, trigger: 'api' } }))
  const ended = {
    key: 'read',
    stepId: 'read',
    scope: '',
    kind: 'agent',
    status: 'completed',
    attempt: 1,
    costMicroUsd: 0,
    output: 1,
  } as const
  Object.assign(runs.all.get(run) ?? {}, { steps: [ended] })
  const evaluations = ['4', '5', '6', '7', '8', '9'].map((letter) => `evl_${letter.repeat(32)}`)
  for (const id of evaluations)
    await ports.evaluations.insert({
      ...{ id, runId: run, dataset: 'letters', datasetVersion: 'v1', cases: 0, batchSize: 5, metrics: [], simulated: [] },
      ...{ target: { skill: 'classify', config: {} }, createdAt: at, createdBy: 'x' },
    })
  return { documents: [document], runs: [run], reports: [report], evaluations }
}

test('a seed gives the same requests again', () => {
  const document: Document = {
    paths: { '/a/{id}': { post: { requestBody: { content: { 'application/json': { schema: { type: 'object' } } } } } } },
  }
  const make = (seed: number) => {
    const requests = new Requests(new Dice(seed), document, {
      apiKey: 'k',
      adminToken: 't',
      ids: ['run_1'],
      places: {},
      spared: [],
      memory: {},
    })
    return Array.from({ length: 30 }, (_, number) => requests.make(number))
  }
  expect(make(7)).toEqual(make(7))
  expect(make(7)).not.toEqual(make(8))
})

test('the judge finds a failure, internals, a refusal in another form and one without a code', () => {
  const problem = (more: object) => JSON.stringify({ status: 400, code: 'invalid', detail: 'No.', ...more })
  const at = { route: '/api/v1/runs' }
  expect(judge(at, 200, 'text/plain', 'fine')).toBeUndefined()
  expect(judge(at, 400, 'application/problem+json', problem({}))).toBeUndefined()
  expect(judge(at, 500, 'application/problem+json', problem({ status: 500 }))).toBe('the server failed')
  expect(judge(at, 400, 'application/problem+json', problem({ detail: 'D1_ERROR: no such table' }))).toContain('internals')
  expect(judge(at, 400, 'application/json', problem({}))).toContain('not application/problem+json')
  expect(judge(at, 404, 'text/plain', '404 Not Found')).toBe('the refusal is no JSON')
  expect(judge(at, 400, 'application/problem+json', problem({ code: undefined }))).toContain('code undefined')
  expect(judge({ route: '/api/v1/scim/v2/Users' }, 400, 'application/scim+json', '{"status":"400","detail":"x"}')).toBeUndefined()
})
