import { beforeAll, expect, test, vi } from 'vitest'
import { createFakeTenantMoney } from '../fakes/tenant-money'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

interface Schema {
  $ref?: string
  type?: string | string[]
  items?: Schema
  properties?: Record<string, Schema>
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
}
interface Operation {
  parameters?: { name: string; in: string; schema?: Schema }[]
  requestBody?: { content?: Record<string, { schema?: Schema }> }
}
type Described = { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Schema> } }
interface Request {
  method: string
  path: string
  body?: unknown
}
interface Ids {
  document: string
  run: string
  report: string
  evaluation: string
  user: string
  program: string
  /** Of the one who asks. */
  ownRun: string
}

/** How each member of a body or query that names something by its id is sent with another tenant's. */
const REFERENCES: Record<string, (ids: Ids) => Omit<Request, 'method'>> = {
  'GET /api/v1/documents parentId': ({ document }) => ({ path: `/api/v1/documents?parentId=${document}` }),
  'POST /api/v1/workflows/estimate documentId': ({ document }) => ({
    path: '/api/v1/workflows/estimate',
    body: { workflow: 'document-intake', documentId: document },
  }),
  'POST /api/v1/workflows/execute documentId': ({ document }) => ordered('/api/v1/workflows/execute', document),
  'POST /workflows/execute documentId': ({ document }) => ordered('/workflows/execute', document),
  'POST /api/v1/runs documentId': ({ document }) => ordered('/api/v1/runs', document),
  'POST /api/v1/ai/workflows documentId': ({ document }) => ordered('/api/v1/ai/workflows', document),
  'PUT /api/v1/classifiers/{name} documentId': ({ document }) => ({ path: '/api/v1/classifiers/letters', body: { documentId: document } }),
  'POST /api/v1/collections/{id}/documents documentId': ({ document }) => ({
    path: '/api/v1/collections/papers/documents',
    body: { documentId: document },
  }),
  'GET /api/v1/evaluations/compare ids': ({ evaluation }) => ({
    path: `/api/v1/evaluations/compare?ids=evl_${'a'.repeat(32)},${evaluation}`,
  }),
  'POST /api/v1/api-keys serviceAccountId': ({ program }) => ({
    path: '/api/v1/api-keys',
    body: { name: 'Import', serviceAccountId: program },
  }),
  'GET /api/v1/usage runId': ({ run }) => ({ path: `/api/v1/usage?groupBy=workflow&runId=${run}` }),
  'GET /api/v1/audit actor': ({ user }) => ({ path: `/api/v1/audit?actor=${user}` }),
  'GET /api/v1/audit resourceId': ({ report }) => ({ path: `/api/v1/audit?resourceId=${report}` }),
  'GET /api/v1/scim/v2/Users filter': ({ user }) => ({
    path: `/api/v1/scim/v2/Users?filter=${encodeURIComponent(`id eq "${user}"`)}`,
  }),
}
const ordered = (path: string, documentId: string) => ({
  path,
  body: { workflow: 'document-intake', input: { documentId: 'd' }, documentId },
})

/** What no schema names by itself: an id in the input of a run, and in the lists of SCIM. */
const UNNAMED: Record<string, (ids: Ids) => Request> = {
  'the document in the input of a run': ({ document }) => ({
    ...{ method: 'POST', path: '/api/v1/runs', body: { workflow: 'document-intake', input: { documentId: document } } },
  }),
  'a member of a group': ({ user }) => ({ ...GROUP, body: patch('members', [{ value: user }]) }),
  'an id that is written with escapes': ({ document }) => ({
    ...{ method: 'POST', path: '/api/v1/collections/papers/documents' },
    body: `{"documentId":"\\u0064\\u006fc${document.slice(3)}"}`,
  }),
  'an id in a path that is percent-encoded': ({ run }) => ({ method: 'GET', path: `/api/v1/runs/%72%75n${run.slice(3)}` }),
}
const GROUP = { method: 'PATCH', path: '/api/v1/scim/v2/Groups/client' }
const patch = (path: string, value: unknown) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'add', path, value }],
})

/** Members that look like ids and name nothing that another tenant could have. */
const NOT_OURS: Record<string, string> = {
  'POST /api/v1/auth/passkeys id': 'made by the authenticator',
  'POST /api/v1/auth/passkeys rawId': 'made by the authenticator',
  'POST /auth/passkeys id': 'made by the authenticator',
  'POST /auth/passkeys rawId': 'made by the authenticator',
  'POST /api/v1/account/passkeys id': 'made by the authenticator',
  'POST /api/v1/account/passkeys rawId': 'made by the authenticator',
  'PUT /api/v1/identity-providers/{name} clientId': 'of the identity provider',
  'POST /api/v1/scim/v2/Users externalId': 'of the directory',
  'PUT /api/v1/scim/v2/Users/{id} externalId': 'of the directory',
  'PUT /api/v1/budgets/plan tenantId': 'the operator asks, for whom every tenant is his own',
  'GET /api/v1/scim/v2/Groups filter': 'groups are roles, known by their names',
  'POST /api/v1/collections/{id}/ask filter': 'by facts of the documents of the own collection',
  'POST /api/v1/collections/{id}/search filter': 'by facts of the documents of the own collection',
  // They stand in the object of the run alone, and the run is named by the path.
  'PUT /api/v1/runs/{id}/continue approvalId': 'known to its run alone',
  'PUT /api/v1/runs/{id}/continue effectId': 'known to its run alone',
  'PUT /api/v1/ai/workflows/{id}/continue approvalId': 'known to its run alone',
  'PUT /api/v1/ai/workflows/{id}/continue effectId': 'known to its run alone',
}
const ID_LIKE = /^(?:id|ids|actor|filter)$|[a-z](?:Id|Ids)$/

let kit: Kit
let acme: Account
let evil: Account
let ids: Ids
const owners = new Map<string, string>()
const looked: string[] = []
const ownerOf = async (id: string) => {
  looked.push(id)
  return owners.get(id)
}
const later: Promise<unknown>[] = []

beforeAll(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  kit = createKit({ later: (work) => void later.push(work), ownerOf, money: () => createFakeTenantMoney() })
  ;[acme, evil] = [await createAccount(kit, 'acme'), await createAccount(kit, 'evil')]
  const document = await upload(acme)
  const start = async (account: Account, documentId: string) =>
    (await call(kit, account, 'POST', '/api/v1/runs', { workflow: 'document-intake', input: { documentId } })).body.id
  const program = (await call(kit, acme, 'POST', '/api/v1/service-accounts', { name: 'Import', role: 'client' })).body.id
  const [report, evaluation] = [`rep_${'c'.repeat(32)}`, `evl_${'b'.repeat(32)}`]
  ids = { document, run: await start(acme, document), report, evaluation, user: acme.adminId, program, ownRun: await start(evil, 'd') }
  for (const id of [document, ids.run, report, evaluation, ids.user, program]) owners.set(id, acme.tenantId)
  await call(kit, evil, 'POST', '/api/v1/collections', { name: 'papers' })
})

async function upload({ apiKey }: Account): Promise<string> {
  const headers = { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'text/plain' }
  const answer = await kit.app.request('/api/v1/documents', { method: 'POST', body: 'x', headers })
  return ((await answer.json()) as { document: { id: string } }).document.id
}

/** What the attempt left: the answer and the new entries of both. Each in an hour of its own, so that no cap is met. */
async function attempt({ method, path, body }: Request) {
  kit.clock.advance(3_600_000)
  const entriesOf = (account: Account) =>
    kit.tenant(account.tenantId).audit.open.entries.filter((entry) => entry.kind === 'cross_tenant_access')
  const [source, owner] = [entriesOf(evil).length, entriesOf(acme).length]
  const response = await kit.app.request(path, {
    method,
    headers: { Authorization: `Bearer ${evil.apiKey}`, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  while (later.length > 0) await Promise.all(later.splice(0))
  return { status: response.status, text, told: entriesOf(evil).slice(source), owners: entriesOf(acme).slice(owner) }
}

/** Names of members that look like ids, of all bodies and queries of the document. */
async function idLike(): Promise<string[]> {
  const { paths, components }: Described = (await call(kit, undefined, 'GET', '/api/v1/openapi.json')).body
  const namesIn = (schema: Schema | undefined, seen: readonly Schema[] = []): string[] => {
    const whole = schema?.$ref === undefined ? schema : components.schemas[schema.$ref.split('/').at(-1) ?? '']
    if (whole === undefined || seen.includes(whole)) return []
    const next = [...seen, whole]
    const parts = [whole.items, ...(whole.anyOf ?? []), ...(whole.oneOf ?? []), ...(whole.allOf ?? [])].flatMap((part) =>
      namesIn(part, next),
    )
    return [...parts, ...Object.entries(whole.properties ?? {}).flatMap(([name, member]) => [name, ...namesIn(member, next)])]
  }
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { parameters = [], requestBody }]) => {
      const bodies = Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => namesIn(schema))
      const queries = parameters.filter((each) => each.in === 'query').map(({ name }) => name)
      const names = new Set([...bodies, ...queries].filter((name) => ID_LIKE.test(name)))
      return [...names].map((name) => `${method.toUpperCase()} ${path} ${name}`)
    }),
  )
}

test('every member of a body or query that looks like an id is tried with another tenant’s, or stands aside for a reason', async () => {
  expect((await idLike()).sort()).toEqual([...Object.keys(REFERENCES), ...Object.keys(NOT_OURS)].sort())
})

test.each([
  ...Object.entries(REFERENCES).map(([name, make]) => [name, (all: Ids) => ({ method: name.split(' ')[0] ?? '', ...make(all) })] as const),
  ...Object.entries(UNNAMED),
])('%s: finds nothing, and both tenants have it in their audit', async (_, make) => {
  const request = make(ids)
  const { status, text, told, owners: toldOwner } = await attempt(request)
  if (status === 200) expect(text).toMatch(/"(?:items|Resources)":\[\]/)
  else expect(status).toBe(text.includes('serviceAccountId') ? 400 : 404)
  expect(told).toMatchObject([{ outcome: 'refused', status, actor: { kind: 'api_key' } }])
  expect(toldOwner).toMatchObject([{ outcome: 'refused', actor: { id: 'outside' } }])
  expect(Object.values(ids)).toContain(told[0]?.resource?.id)
  expect(toldOwner[0]?.resource).toEqual(told[0]?.resource)
})

// What the audit is asked for, the attempt itself has written there.
test.each(Object.entries(REFERENCES).filter(([name]) => name !== 'GET /api/v1/audit resourceId'))(
  '%s: an id of nobody is answered alike, and is no attempt',
  async (name, make) => {
    const method = name.split(' ')[0] ?? ''
    const nobody = Object.fromEntries(
      Object.entries(ids).map(([kind, id]) => [kind, `${id.slice(0, 4)}${'9'.repeat(32)}`]),
    ) as unknown as Ids
    const [foreign, unknown] = [await attempt({ method, ...make(ids) }), await attempt({ method, ...make(nobody) })]
    expect(unknown.told).toEqual([])
    const bare = (text: string) => text.replace(/[a-z]{3}_[0-9a-f]{32}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '')
    expect([unknown.status, bare(unknown.text)]).toEqual([foreign.status, bare(foreign.text)])
  },
)

test('what is the caller’s own is no attempt, found or not, and no other id that a good request carries is looked for', async () => {
  const own = await upload(evil)
  owners.set(own, evil.tenantId)
  looked.length = 0
  const good: Request[] = [
    { method: 'POST', path: '/api/v1/collections/papers/documents', body: { documentId: own } },
    { method: 'GET', path: `/api/v1/documents/${own}` },
    { method: 'GET', path: `/api/v1/audit?resourceId=${own}&limit=5` },
    { method: 'PUT', path: '/api/v1/roles/reader', body: { description: `about ${ids.document}`, permissions: ['runs:read'] } },
  ]
  for (const request of good) expect((await attempt(request)).told, request.path).toEqual([])
  expect(looked).toEqual([])
})

test('of one request no more than eight ids are looked for, those of its path first, and prose is not read', async () => {
  const many = Array.from({ length: 12 }, (_, at) => `doc_${String(at).padStart(32, '0')}`)
  looked.length = 0
  await attempt({ method: 'PUT', path: `/api/v1/runs/${ids.run}/continue`, body: { event: 'x', correlation: many[0], payload: many } })
  expect(looked).toEqual([ids.run, ...many.slice(0, 7)])
  const { told } = await attempt({
    method: 'PUT',
    path: '/api/v1/roles/reader',
    body: { description: `${'x '.repeat(200)}${ids.document}`, permissions: ['no'] },
  })
  expect(told).toEqual([])
})
