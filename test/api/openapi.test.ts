import { beforeAll, describe, expect, test } from 'vitest'
import { isAllowed, type Permission } from '../../workers/domain/auth'
import { ROLES } from '../../workers/domain/tenants'
import { runRow } from '../contracts/ports'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

interface Operation {
  summary?: string
  tags?: string[]
  security?: object[]
  responses: Record<string, { description?: string; content?: Record<string, unknown> }>
  operationId?: string
  'x-permission': Permission
}
interface Described {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, unknown> }
}

/** These have a parameter that names nothing of another tenant: an agent, or what the caller is about to make its own. */
const NAMELESS = [
  // Known by its signature alone: without one it answers alike for every tenant.
  'POST /api/v1/webhooks/signed/{tenant}/{workflow}',
  'GET /api/v1/auth/oidc/{tenant}/{name}',
  'GET /auth/oidc/{tenant}/{name}',
  'GET /api/v1/auth/oidc/callback/{tenant}/{name}',
  'GET /auth/oidc/callback/{tenant}/{name}',
  'PUT /api/v1/identity-providers/{name}',
  'POST /api/v1/agents/{type}/trigger',
  'POST /agents/{type}/trigger',
  'PUT /api/v1/workflows/{name}',
  'PUT /api/v1/classifiers/{name}',
  'PUT /api/v1/datasets/{name}',
  'PUT /api/v1/tenants/me/secrets/{name}',
  'PUT /api/v1/roles/{name}',
  'GET /api/v1/prompts/{name}',
  'PUT /api/v1/prompts/{name}',
  'PUT /api/v1/prompts/{name}/weights',
  'GET /api/v1/prompts/{name}/diff',
  'POST /api/v1/prompts/{name}/test',
]

let kit: Kit
let acme: Account
let evil: Account
let described: Described
let routes: { method: string; path: string; operation: Operation }[]
/** Of the operator, for whom every tenant is his own. */
const OPERATED = [
  'GET /api/v1/tenants/{id}',
  'GET /api/v1/tenants/{id}/archive',
  'GET /api/v1/tenants/{id}/erasure',
  'POST /api/v1/tenants/{id}/delete',
  'POST /api/v1/tenants/{id}/reactivate',
  'POST /api/v1/tenants/{id}/suspend',
  'POST /api/v1/tenants/{id}/take-back',
]
const PUBLIC = [
  ...OPERATED,
  'GET /api/v1/audit/installation/export',
  'GET /api/v1/audit/keys',
  'GET /api/v1/auth/oidc/callback/{tenant}/{name}',
  'GET /api/v1/auth/oidc/{tenant}/{name}',
  'GET /auth/oidc/callback/{tenant}/{name}',
  'GET /auth/oidc/{tenant}/{name}',
  'POST /api/v1/auth/oidc/token',
  'POST /api/v1/auth/passkeys',
  'POST /api/v1/auth/passkeys/options',
  'POST /auth/oidc/token',
  'POST /auth/passkeys',
  'POST /auth/passkeys/options',
  'POST /auth/login',
  'POST /auth/refresh',
  'GET /health',
  'GET /ready',
  'GET /.well-known/jwks.json',
  'POST /api/v1/auth/login',
  'POST /api/v1/auth/refresh',
  'GET /api/v1/operations/backup',
  'POST /api/v1/operations/keys/rewrap',
  'POST /api/v1/operations/restore',
  'POST /api/v1/tenants/import',
  'POST /api/v1/tenants',
  'POST /api/v1/invitations/accept',
  'POST /api/v1/webhooks/signed/{tenant}/{workflow}',
  'POST /api/v1/account/email-verification/confirm',
  'POST /api/v1/account/password-reset',
  'POST /api/v1/account/password-reset/confirm',
  'PUT /api/v1/budgets/plan',
]

beforeAll(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
  evil = await createAccount(kit, 'evil')
  described = (await call(kit, undefined, 'GET', '/api/v1/openapi.json')).body
  routes = Object.entries(described.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
})

describe('the OpenAPI document', () => {
  test('is 3.1 and holds every path that the product names', () => {
    expect(described.openapi).toBe('3.1.0')
    const known = routes.map(({ method, path }) => `${method} ${path}`)
    expect(known).toEqual(expect.arrayContaining(NAMED))
  })

  test('holds every route that the router has, and no other', () => {
    const real = kit.app.routes
      .filter(({ method, path }) => method !== 'ALL' && !['/api/v1/docs', '/api/v1/openapi.json'].includes(path))
      .map(({ method, path }) => `${method} ${path.replace(/:([A-Za-z]+)/g, '{$1}')}`)
    expect(routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([...new Set(real)].sort())
  })

  test('describes each operation: summary, tag, an answer, its refusals as problem+json', () => {
    for (const { method, path, operation } of routes) {
      const where = `${method} ${path}`
      expect(operation.summary, where).toBeTruthy()
      expect(operation.tags, where).toHaveLength(1)
      const refusals = Object.entries(operation.responses).filter(
        ([status, { content }]) => Number(status) >= 400 && content?.['application/json'] === undefined,
      )
      expect(refusals.length, where).toBeGreaterThan(0)
      for (const [status, { content }] of refusals)
        expect(content, `${where} ${status}`).toHaveProperty(['application/problem+json', 'schema'])
      expect(operation.security, where).toEqual(PUBLIC.includes(where) ? [] : [{ bearer: [] }])
    }
  })

  test('refers only to schemas that it holds, and names each operation once', () => {
    const referred = [...JSON.stringify(described).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1] ?? '')
    expect(referred.length).toBeGreaterThan(50)
    expect(referred.filter((name) => !(name in described.components.schemas))).toEqual([])
    const ids = routes.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(Object.keys(described.components.schemas).filter((name) => /^(__schema|schema\d)/.test(name))).toEqual([])
  })
})

describe('tenants', () => {
  test('every route but the public ones refuses a caller without a token', async () => {
    for (const { method, path } of routes) {
      if (PUBLIC.includes(`${method} ${path}`)) continue
      const { status } = await call(
        kit,
        undefined,
        method,
        path.replace(/\{[^}]+\}/g, 'x'),
        ['POST', 'PUT'].includes(method) ? {} : undefined,
      )
      expect(status, `${method} ${path}`).toBe(401)
    }
  })

  test("another tenant's ids answer 404 on every route, and nothing of it changes", async () => {
    const ids = await fill(acme)
    const evilRoles = await Promise.all(
      ROLES.map(async (role) => {
        const { key } = (await call(kit, evil, 'POST', '/api/v1/api-keys', { name: role, role })).body
        return [role, { ...evil, apiKey: key as string }] as const
      }),
    )
    const before = await everything(ids)
    const left = [...NAMELESS, ...OPERATED]
    const walked = routes.filter(({ method, path }) => path.includes('{') && !left.includes(`${method} ${path}`))
    expect(walked.length).toBe(routes.filter(({ path }) => path.includes('{')).length - left.length)
    for (const { method, path, operation } of walked) {
      const target = pathOf(path, ids)
      const body = bodyOf(method, path, ids)
      const headers: Record<string, string> = path.endsWith('/events') || path.startsWith('/ws/') ? { Upgrade: 'websocket' } : {}
      // The owner does not get 404, so the ids are right.
      if (method === 'GET') expect((await call(kit, acme, method, target, undefined, headers)).status, `own ${method} ${path}`).toBe(200)
      const { status } = await call(kit, evil, method, target, body, headers)
      expect(status, `${method} ${path}`).toBe(404)
      for (const [role, holder] of evilRoles) {
        const isRefused =
          !isAllowed(role, operation['x-permission']) || (path.endsWith('/continue') && !isAllowed(role, 'approvals:decide'))
        expect((await call(kit, holder, method, target, body, headers)).status, `${role}: ${method} ${path}`).toBe(isRefused ? 403 : 404)
      }
    }
    expect(await everything(ids)).toEqual(before)
  })

  test("lists and duplicates show nothing of another tenant's", async () => {
    const ids = await fill(acme)
    for (const path of ['/api/v1/documents', '/api/v1/runs', '/api/v1/approvals', '/api/v1/ai/workflows']) {
      const { text } = await call(kit, evil, 'GET', path)
      expect(JSON.parse(text).items, path).toEqual([])
    }
    const own = await call(kit, acme, 'GET', `/api/v1/documents/${ids.document}`)
    const uploaded = await kit.app.request('/api/v1/documents', {
      method: 'POST',
      body: ids.content,
      headers: { Authorization: `Bearer ${evil.apiKey}`, 'Content-Type': 'text/plain' },
    })
    const answer = (await uploaded.json()) as { duplicate: boolean; document: { id: string; sha256: string } }
    expect(answer).toMatchObject({ duplicate: false, document: { sha256: own.body.sha256 } })
    expect(answer.document.id).not.toBe(ids.document)
  })
})

interface Ids {
  run: string
  document: string
  report: string
  apiKey: string
  user: string
  content: string
  subjects: { export: string; erasure: string }
}

/** Gives a tenant one of each thing. */
async function fill(account: Account): Promise<Ids> {
  const { ports, runs } = kit.tenant(account.tenantId)
  const content = `text of ${Math.random()}`
  const uploaded = await kit.app.request('/api/v1/documents?workflow=document-intake', {
    method: 'POST',
    body: content,
    headers: { Authorization: `Bearer ${account.apiKey}`, 'Content-Type': 'text/plain' },
  })
  const { document, run } = (await uploaded.json()) as { document: { id: string }; run: { id: string } }
  await ports.files.put(`documents/${document.id}/parsed.json`, '{}', 'application/json')
  Object.assign(runs.all.get(run.id)!, {
    steps: [{ key: 'read', stepId: 'read', scope: '', kind: 'agent', status: 'completed', attempt: 1, costMicroUsd: 0, output: 1 }],
  })
  await ports.runIndex.upsert([runRow({ id: run.id, openApprovals: 1, revision: 9 })])
  const report = `rep_${document.id}`
  await ports.reports.insert({ id: report, runId: run.id, title: 'R', formats: ['csv'], createdAt: '2026-11-21T09:00:00.000Z' })
  await ports.files.put(`reports/${report}/report.csv`, 'a', 'text/csv')
  await ports.workflows.save({
    name: 'own',
    version: 'v1',
    source: '',
    definition: { name: 'own', title: 'Own', description: '', input: {}, vars: {}, steps: [], outputs: null },
    createdAt: '2026-11-21T09:00:00.000Z',
    builtIn: false,
  })
  await ports.datasets.save({ name: 'own', version: 'v1', cases: 0, bytes: 2, createdAt: '2026-11-21T09:00:00.000Z', createdBy: 'x' })
  await ports.gates.put({ workflow: 'own', dataset: 'own', rules: [], createdAt: '2026-11-21T09:00:00.000Z', createdBy: 'x' })
  const evaluation = `evl_${document.id}`
  await ports.evaluations.insert({
    ...{ id: evaluation, runId: run.id, dataset: 'own', datasetVersion: 'v1', cases: 0, batchSize: 5, metrics: [], simulated: [] },
    ...{ target: { skill: 'classify', config: {} }, createdAt: '2026-11-21T09:00:00.000Z', createdBy: 'x' },
  })
  await ports.classifiers.put({
    ...{ name: 'own', version: '0123456789abcdef', status: 'failed', examples: 2, labels: 2, runId: run.id },
    ...{ createdAt: '2026-11-21T09:00:00.000Z', failure: 'Too few.' },
  })
  await ports.knowledge.index('own', { documentId: document.id, name: 'own', metadata: {}, chunks: [] })
  await call(kit, account, 'PUT', '/api/v1/roles/own', { permissions: ['runs:read'] })
  await call(kit, account, 'PUT', '/api/v1/identity-providers/own', {
    ...{ issuer: 'https://login.example', clientId: 'own', allowedDomains: ['acme.example'] },
  })
  for (const held of [`documents/${document.id}`, `runs/${run.id}`])
    await call(kit, account, 'PUT', `/api/v1/${held}/hold`, { reason: 'Dispute 7' })
  const asked = async (kind: string) =>
    (await call(kit, account, 'POST', `/api/v1/data-subjects/${kind}`, { kind: 'email', identifier: 'eva@acme.example' })).body.id
  const subjects = { export: await asked('export'), erasure: await asked('erasure') }
  const { body } = await call(kit, account, 'POST', '/api/v1/api-keys', { name: 'k', role: 'client' })
  return { run: run.id, document: document.id, report, apiKey: body.id, user: account.adminId, content, subjects }
}

/** What reading tells of itself and of attempts is not what they were about. */
const TELLS_OF_READING =
  /^\/api\/v1\/(?:audit|security-events|usage|openapi\.json|docs|auth)\b|\/events(?:\/|$)|^\/(?:ws|auth|health|ready)\b/

/** All that the tenant can read of itself, by path, and its runs as they are kept. */
async function everything(ids: Ids): Promise<Record<string, unknown>> {
  const seen: Record<string, unknown> = { runs: structuredClone([...kit.tenant(acme.tenantId).runs.all.values()]) }
  for (const { path } of routes.filter(({ method, path }) => method === 'GET' && !TELLS_OF_READING.test(path))) {
    const { status, text } = await call(kit, acme, 'GET', pathOf(path, ids))
    if (status === 200) seen[path] = text.replace(/"lastUsedAt":"[^"]*"/g, '')
  }
  expect(Object.keys(seen).length).toBeGreaterThan(60)
  return seen
}

/** The path with the ids filled in. */
function pathOf(path: string, ids: Ids): string {
  if (path === '/api/v1/workflows/{name}/versions' || path.startsWith('/api/v1/webhooks') || path.startsWith('/api/v1/collections'))
    return path.replace(/\{[^}]+\}/, 'own')
  if (path.includes('/scim/v2/Groups/')) return path.replace('{id}', 'own')
  if (path.includes('/data-subjects/')) return path.replace('{id}', ids.subjects[path.endsWith('/certificate') ? 'erasure' : 'export'])
  const id = path.includes('/documents/')
    ? ids.document
    : path.includes('/reports/{')
      ? ids.report
      : path.includes('/api-keys/')
        ? ids.apiKey
        : path.includes('/evaluations/')
          ? `evl_${ids.document}`
          : path.toLowerCase().includes('/users/')
            ? ids.user
            : ids.run
  return path
    .replace(/\{(id|runId)\}/, id)
    .replace('{name}', 'own')
    .replace('{key}', 'read')
    .replace('{format}', 'csv')
    .replace('{other}', ids.run)
    .replace('{seq}', '1')
}

function bodyOf(method: string, path: string, ids: Ids): unknown {
  if (method === 'PUT' && path.includes('/scim/v2/Users/')) return { userName: 'x@acme.example' }
  if (method === 'PATCH' && path.includes('/scim/v2/')) return { Operations: [{ op: 'replace', path: 'displayName', value: 'x' }] }
  if (method === 'POST' && path.startsWith('/api/v1/collections/')) return { text: 'x', question: 'x', documentId: 'x' }
  if (method === 'PUT' && path.endsWith('/gate')) return GATE
  if (method === 'PUT' && path.endsWith('/hold')) return { reason: 'Dispute 7' }
  if (path.endsWith('/classify')) return { texts: ['x'] }
  if (path.endsWith('/users/{id}/role')) return { role: 'client' }
  if (path.endsWith('/fork')) return { fromStep: 'read' }
  if (path.endsWith('/continue')) return { approvalId: 'apr_1', decision: 'approve' }
  if (path.includes('/webhooks/')) return { documentId: ids.document }
  return method === 'POST' ? {} : undefined
}

const GATE = { dataset: 'own', rules: [{ metric: { kind: 'cost', name: 'cost' }, max: 1 }] }

const NAMED = [
  'PUT /api/v1/classifiers/{name}',
  'POST /api/v1/classifiers/{name}/classify',
  'PUT /api/v1/datasets/{name}',
  'POST /api/v1/evaluations',
  'GET /api/v1/evaluations/compare',
  'PUT /api/v1/workflows/{name}/gate',
  'POST /api/v1/documents',
  'POST /api/v1/workflows/execute',
  'GET /api/v1/runs',
  'GET /api/v1/runs/{id}',
  'GET /api/v1/runs/{id}/logs',
  'GET /api/v1/runs/{id}/steps',
  'PUT /api/v1/runs/{id}/continue',
  'POST /api/v1/runs/{id}/resume',
  'POST /api/v1/runs/{id}/fork',
  'DELETE /api/v1/runs/{id}',
  'GET /api/v1/runs/{id}/events',
  'GET /api/v1/agents/status',
  'POST /api/v1/agents/{type}/trigger',
  'GET /health',
  'GET /ready',
  'POST /workflows/execute',
  'GET /workflows/{runId}/status',
  'GET /workflows/{runId}/logs',
  'GET /agents/status',
  'POST /agents/{type}/trigger',
  'POST /auth/login',
  'POST /auth/refresh',
  'GET /auth/verify',
  'POST /api/v1/ai/workflows',
  'GET /api/v1/ai/workflows/{id}',
  'PUT /api/v1/ai/workflows/{id}/continue',
  'GET /ws/ai/workflows/{id}',
  'POST /api/v1/webhooks/{workflow}',
  'GET /api/v1/collections',
  'POST /api/v1/collections',
  'GET /api/v1/collections/{id}',
  'POST /api/v1/collections/{id}/search',
  'POST /api/v1/collections/{id}/ask',
  'GET /api/v1/models',
  'PUT /api/v1/models',
  'POST /api/v1/models/test',
  'GET /api/v1/models/cache',
  'GET /api/v1/prompts',
  'PUT /api/v1/prompts/{name}',
  'GET /api/v1/prompts/{name}/diff',
]
