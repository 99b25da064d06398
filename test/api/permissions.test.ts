import { beforeAll, describe, expect, test } from 'vitest'
import { isAllowed, PERMISSIONS, type Permission } from '../../workers/domain/auth'
import { ALL_PERMISSIONS } from '../../workers/domain/roles'
import { ROLES } from '../../workers/domain/tenants'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

/** Routes that ask for nothing, or for the token of the operator. A new one must be entered here on purpose. */
const WITHOUT_RULE = [
  'GET /.well-known/jwks.json',
  'GET /api/v1/audit/installation/export',
  'GET /api/v1/audit/keys',
  'GET /api/v1/auth/oidc/callback/{tenant}/{name}',
  'GET /api/v1/auth/oidc/{tenant}/{name}',
  'GET /api/v1/operations/backup',
  'GET /api/v1/tenants/{id}',
  'GET /api/v1/tenants/{id}/archive',
  'GET /api/v1/tenants/{id}/erasure',
  'GET /auth/oidc/callback/{tenant}/{name}',
  'GET /auth/oidc/{tenant}/{name}',
  'GET /health',
  'GET /ready',
  'POST /api/v1/account/email-verification/confirm',
  'POST /api/v1/account/password-reset',
  'POST /api/v1/account/password-reset/confirm',
  'POST /api/v1/auth/login',
  'POST /api/v1/auth/oidc/token',
  'POST /api/v1/auth/passkeys',
  'POST /api/v1/auth/passkeys/options',
  'POST /api/v1/auth/refresh',
  'POST /api/v1/invitations/accept',
  'POST /api/v1/operations/keys/rewrap',
  'POST /api/v1/operations/restore',
  'POST /api/v1/tenants',
  'POST /api/v1/tenants/import',
  'POST /api/v1/tenants/{id}/delete',
  'POST /api/v1/tenants/{id}/reactivate',
  'POST /api/v1/tenants/{id}/suspend',
  'POST /api/v1/tenants/{id}/take-back',
  'POST /api/v1/webhooks/signed/{tenant}/{workflow}',
  'POST /auth/login',
  'POST /auth/oidc/token',
  'POST /auth/passkeys',
  'POST /auth/passkeys/options',
  'POST /auth/refresh',
  'PUT /api/v1/budgets/plan',
]

interface Route {
  method: string
  path: string
  permission: Permission | undefined
}

let kit: Kit
let acme: Account
let routes: Route[]
beforeAll(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
  const { paths } = (await call(kit, undefined, 'GET', '/api/v1/openapi.json')).body
  routes = Object.entries(paths as Record<string, Record<string, { 'x-permission'?: Permission }>>).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      permission: operation['x-permission'],
    })),
  )
})

/** Asks for things that there are not, with an empty body: whoever may ask hears 400 or 404, or gets a list. */
const ask = (account: Account, { method, path }: Route) =>
  call(kit, account, method, path.replace(/\{[^}]+\}/g, 'x'), ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined)
const nameOf = ({ method, path }: Route) => `${method} ${path}`
const withKey = async (order: object, account = acme): Promise<Account> => ({
  ...account,
  apiKey: (await call(kit, account, 'POST', '/api/v1/api-keys', { name: 'k', ...order })).body.key,
})
const guarded = () => routes.filter((route) => route.permission !== undefined)

describe('the permission matrix', () => {
  test('every route states a permission of the table, or stands among those that ask for none', () => {
    expect(
      routes
        .filter((route) => route.permission === undefined)
        .map(nameOf)
        .sort(),
    ).toEqual(WITHOUT_RULE)
    for (const route of guarded()) expect(PERMISSIONS, nameOf(route)).toHaveProperty([route.permission ?? ''])
    expect(guarded().length).toBeGreaterThan(80)
  })

  test('every permission of the table is asked for by a route', () => {
    // Deciding is asked for within the routes that go on with a run, by what the body says; seeing personal data by what an answer holds.
    const asked = new Set(['approvals:decide', 'pii:read', ...routes.map((route) => route.permission)])
    expect(ALL_PERMISSIONS.filter((permission) => !asked.has(permission))).toEqual([])
  })

  test.each(ROLES)('on every route the role %s gets what the table says and nothing else', async (role) => {
    const holder = await withKey({ role })
    for (const route of guarded()) {
      const { status } = await ask(holder, route)
      expect(status, nameOf(route)).not.toBe(401)
      expect(status === 403 ? 'refused' : 'let through', nameOf(route)).toBe(
        isAllowed(role, route.permission ?? 'self:read') ? 'let through' : 'refused',
      )
    }
  })

  test('on every route a role of the tenant with just its permission is let through, and one with all others is not', async () => {
    for (const permission of ALL_PERMISSIONS) {
      if (permission.startsWith('self:')) continue
      const others = ALL_PERMISSIONS.filter((each) => each !== permission)
      const [name, rest] = [permission.replace(/\W/g, '_'), `no_${permission.replace(/\W/g, '_')}`]
      await call(kit, acme, 'PUT', `/api/v1/roles/${name}`, { permissions: [permission] })
      await call(kit, acme, 'PUT', `/api/v1/roles/${rest}`, { permissions: others })
      const [holder, stranger] = [await withKey({ role: name }), await withKey({ role: rest })]
      for (const route of guarded().filter((each) => each.permission === permission)) {
        expect((await ask(stranger, route)).status, nameOf(route)).toBe(403)
        expect((await ask(holder, route)).status, nameOf(route)).not.toBe(403)
      }
    }
  })
})
