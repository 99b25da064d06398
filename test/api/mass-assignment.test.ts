import { beforeAll, expect, test } from 'vitest'
import { Dice, type Schema, type Schemas, Values } from '../fuzz/values'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

interface Described {
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema?: Schema; example?: unknown }> } }>>
  components: { schemas: Schemas }
}
interface Route {
  method: string
  path: string
  properties: string[]
  make(): Record<string, unknown>
}

const MARK = 'assigned-from-outside'
/** Members that a store has and no caller may give: whose it is, who made it, what it may do. */
const smuggled = (globex: Account): Record<string, unknown> => ({
  tenantId: globex.tenantId,
  tenant_id: globex.tenantId,
  ownerId: globex.adminId,
  userId: globex.adminId,
  id: MARK,
  role: MARK,
  roles: [MARK],
  permissions: [MARK],
  scopes: [MARK],
  isAdmin: MARK,
  isOperator: MARK,
  createdBy: MARK,
  madeBy: MARK,
  createdAt: '1999-12-31T23:59:59.000Z',
  revision: 991_991_991,
  plan: MARK,
  status: MARK,
  keyHash: MARK,
  passwordHash: MARK,
  builtIn: true,
})

let kit: Kit
let acme: Account
let globex: Account
let described: Described
beforeAll(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
  globex = await createAccount(kit, 'globex')
  described = (await call(kit, undefined, 'GET', '/api/v1/openapi.json')).body
})

const resolved = ({ $ref, ...schema }: Schema): Schema =>
  $ref === undefined ? schema : resolved(described.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {})

/** POST and PUT routes whose JSON body has members of its own. */
function routesWithMembers(dice: Dice): Route[] {
  const values = new Values(dice, described.components.schemas, [])
  return Object.entries(described.paths).flatMap(([path, operations]) =>
    ['post', 'put', 'patch'].flatMap((method): Route[] => {
      const { schema: stated = {}, example } = operations[method]?.requestBody?.content['application/json'] ?? {}
      const schema = resolved(stated)
      if (schema.properties === undefined) return []
      const made = example ?? schema.example
      const make = () => (dice.hits(0.5) && typeof made === 'object' ? { ...made } : (values.fitting(schema) as Record<string, unknown>))
      return [{ method: method.toUpperCase(), path, properties: Object.keys(schema.properties), make }]
    }),
  )
}

/** All lists and settings that the tenant can read of itself. */
async function readable(account: Account): Promise<Record<string, string>> {
  const paths = Object.keys(described.paths).filter((path) => 'get' in (described.paths[path] ?? {}) && !path.includes('{'))
  const seen: Record<string, string> = {}
  for (const path of paths) {
    const { status, text } = await call(kit, account, 'GET', path)
    if (status === 200 && !path.endsWith('/openapi.json')) seen[path] = text
  }
  return seen
}

test('members that no schema has change nothing and come back nowhere, on every route that takes a body', async () => {
  const routes = routesWithMembers(new Dice(20_261_121))
  expect(routes.length).toBeGreaterThan(50)
  const foreign = smuggled(globex)
  const before = await readable(globex)
  const statuses: number[] = []
  for (const { method, path, properties, make } of [...routes, ...routes, ...routes]) {
    const extra = Object.fromEntries(Object.entries(foreign).filter(([name]) => !properties.includes(name)))
    const target = path.replace('/users/{id}', `/users/${acme.adminId}`).replace(/\{[^}]+\}/g, 'own')
    const { status, text } = await call(kit, acme, method, target, { ...make(), ...extra })
    statuses.push(status)
    expect(text, `${method} ${path}`).not.toContain(MARK)
    expect(text, `${method} ${path}`).not.toContain(globex.tenantId)
    expect(text, `${method} ${path}`).not.toMatch(/1999-12-31|991991991/)
  }
  // It would prove little if all were refused for something else.
  expect(statuses.filter((status) => status < 300).length).toBeGreaterThan(30)
  for (const [path, text] of Object.entries(await readable(acme))) {
    expect(text, path).not.toContain(MARK)
    expect(text, path).not.toMatch(/1999-12-31|991991991/)
    expect(text, path).not.toContain(globex.tenantId)
  }
  const unchanged = (seen: Record<string, string>) =>
    Object.fromEntries(Object.entries(seen).filter(([path]) => !/audit|security-events|usage|api-keys|ready|health/.test(path)))
  expect(unchanged(await readable(globex))).toEqual(unchanged(before))
  const { body } = await call(kit, acme, 'GET', '/api/v1/users')
  expect(body.items.find(({ id }: { id: string }) => id === acme.adminId)).toMatchObject({ role: 'admin' })
})
