import { Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import { type IdentityProvider, IdentityProviderSettings, ProviderName } from '../domain/identity-providers'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { permissionsOfRole, requireMayGrant } from './grants'
import { guard } from './guard'
import { listSchema } from './lists'
import { oidcCallbackUrl } from './oidc'
import { recordAct } from './security-events'

const Order = IdentityProviderSettings.and(
  z.object({
    clientSecret: z
      .string()
      .min(1)
      .max(1_000)
      .nullish()
      .describe('Kept sealed and never shown. Left out: the one that is kept stays. `null`: a public client, which has none.'),
  }),
).meta({
  example: {
    issuer: 'https://login.acme.example',
    clientId: 'steward',
    clientSecret: '…',
    allowedDomains: ['acme.example'],
    createsAccounts: true,
    roleClaim: 'groups',
    roleMapping: [{ value: 'steward-admins', role: 'admin' }],
  },
})
const ProviderSchema = z
  .object({
    name: z.string(),
    issuer: z.string(),
    clientId: z.string(),
    hasSecret: z.boolean(),
    scopes: z.array(z.string()),
    allowedDomains: z.array(z.string()),
    createsAccounts: z.boolean(),
    defaultRole: z.string(),
    roleClaim: z.string().optional(),
    roleMapping: z.array(z.object({ value: z.string(), role: z.string() })),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    redirectUri: z.string().describe('To be entered at the provider.'),
    startPath: z.string().describe('Where a sign-in begins; see GET /api/v1/auth/oidc/{tenant}/{name}.'),
  })
  .meta({ id: 'IdentityProvider' })

const LIST = documented({
  tag: 'Identity providers',
  summary: 'List identity providers',
  answers: { 200: { description: 'By name.', body: { schema: listSchema(ProviderSchema) } } },
  refuses: ['unavailable'],
})
const READ = documented({
  tag: 'Identity providers',
  summary: 'Read an identity provider',
  answers: { 200: { description: 'Without its secret.', body: { schema: ProviderSchema } } },
  refuses: ['not_found', 'unavailable'],
})
const SAVE = documented({
  tag: 'Identity providers',
  summary: 'Enter or change an identity provider',
  description:
    'Whoever enters a provider decides who everybody is, so it takes all that an administrator may do. Counts for the next sign-in.',
  answers: { 200: { description: 'As it is kept.', body: { schema: ProviderSchema } } },
  refuses: ['invalid', 'too_large', 'unavailable'],
})
const DELETE = documented({
  tag: 'Identity providers',
  summary: 'Remove an identity provider',
  description: 'Nobody signs in by it any more; who is signed in stays so.',
  answers: { 204: { description: 'Removed.' } },
  refuses: ['not_found'],
})

/** Where people of the tenant sign in with an account that is kept elsewhere. */
export function identityProviderRoutes(deps: ApiDeps) {
  const { identityProviders } = deps
  const find = async (tenantId: string, name: string) => {
    const found = await identityProviders.find(tenantId, name)
    if (found === undefined) throw unknownProvider()
    const { clientSecret, ...provider } = found
    return { ...provider, hasSecret: clientSecret !== undefined }
  }
  const shown = async (provider: IdentityProvider & { hasSecret: boolean }, requestUrl: string) => {
    const { tenantId, ...rest } = provider
    const tenant = await deps.identity.findTenant(tenantId)
    const named = { tenant: tenant?.slug ?? '', name: provider.name }
    const startPath = `/api/v1/auth/oidc/${named.tenant}/${named.name}`
    return { ...rest, redirectUri: oidcCallbackUrl(deps.site(requestUrl), named), startPath }
  }
  return new Hono<ApiEnv>()
    .get('/', LIST, guard(deps, 'identity_providers:read'), async (c) => {
      const all = await identityProviders.list(c.get('principal').tenantId)
      return c.json({ items: await Promise.all(all.map((provider) => shown(provider, c.req.url))) })
    })
    .get('/:name', READ, guard(deps, 'identity_providers:read'), async (c) =>
      c.json(await shown(await find(c.get('principal').tenantId, c.req.param('name')), c.req.url)),
    )
    .put(
      '/:name',
      SAVE,
      guard(deps, 'identity_providers:write'),
      check('param', z.object({ name: ProviderName })),
      check('json', Order),
      async (c) => {
        const principal = c.get('principal')
        const { name } = c.req.valid('param')
        const { clientSecret, ...settings } = c.req.valid('json')
        await requireMayGrant(deps, principal, 'admin')
        for (const role of [settings.defaultRole, ...settings.roleMapping.map((row) => row.role)])
          await permissionsOfRole(deps, principal.tenantId, role)
        const at = deps.clock.now().toISOString()
        const before = await identityProviders.find(principal.tenantId, name)
        requireSecretAnew(before, settings, clientSecret)
        const provider = { ...settings, tenantId: principal.tenantId, name, createdAt: before?.createdAt ?? at, updatedAt: at }
        await identityProviders.put(provider, clientSecret)
        await recordAct(deps, c, 'identity_provider_saved', `${name}: ${settings.issuer}`)
        return c.json(await shown(await find(principal.tenantId, name), c.req.url))
      },
    )
    .delete('/:name', DELETE, guard(deps, 'identity_providers:write'), async (c) => {
      const { tenantId } = c.get('principal')
      const name = c.req.param('name')
      if ((await identityProviders.find(tenantId, name)) === undefined) throw unknownProvider()
      await requireMayGrant(deps, c.get('principal'), 'admin')
      if (!(await identityProviders.delete(tenantId, name))) throw unknownProvider()
      await recordAct(deps, c, 'identity_provider_deleted', name)
      return c.body(null, 204)
    })
}

/** A kept secret goes only to the issuer and client that it was entered for. */
function requireSecretAnew(
  before: { issuer: string; clientId: string; clientSecret?: string } | undefined,
  { issuer, clientId }: IdentityProviderSettings,
  clientSecret: string | null | undefined,
): void {
  if (before?.clientSecret === undefined || clientSecret !== undefined) return
  if (before.issuer === issuer && before.clientId === clientId) return
  const message = 'Issuer or client changed: send its secret too, or null for a client without one.'
  throw new AppError('invalid', message, { problems: [{ path: 'clientSecret', message }] })
}

const unknownProvider = () => new AppError('not_found', 'There is no identity provider of that name.')
