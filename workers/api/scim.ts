import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { SCIM_MAX_RESULTS } from '../domain/scim'
import { parseScimFilter } from '../domain/scim-filter'
import { patchScimUser, ScimPatch } from '../domain/scim-patch'
import { bodyOf, ScimUserBody, wishOf } from '../domain/scim-wish'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { guard } from './guard'
import { changeAccount, closeAccount, createAccount, scimUserOf } from './scim-accounts'
import { answerScimThrown, SCIM_LIST_QUERY, scimAnswer, scimDocumented } from './scim-answers'
import { scimGroupRoutes } from './scim-groups'
import { listResponse, resourceTypes, SCIM_PATH, schemas, serviceProviderConfig, userResource } from './scim-resources'

/** A page as directories ask for it: what is too small or too large is brought within bounds (RFC 7644, 3.4.2.4). */
export const ScimQuery = z.object({
  filter: z.string().max(1_000).optional(),
  startIndex: z.coerce
    .number()
    .int()
    .catch(1)
    .transform((index) => Math.max(1, index)),
  count: z.coerce
    .number()
    .int()
    .catch(100)
    .transform((count) => Math.min(SCIM_MAX_RESULTS, Math.max(0, count))),
  excludedAttributes: z.string().max(500).optional(),
})

const LIST = scimDocumented({
  summary: 'Find users',
  description: 'All people of the tenant, also those that no directory made: for them the user name is the e-mail address.',
  refuses: ['invalid'],
  query: SCIM_LIST_QUERY,
})
const READ = scimDocumented({ summary: 'Read a user', refuses: ['not_found'] })
const CREATE = scimDocumented({
  summary: 'Make a user',
  description: 'Somebody who was removed gets the account back. Nobody gets a role above that of the key.',
  status: 201,
  refuses: ['invalid', 'conflict', 'too_large', 'over_budget'],
})
const REPLACE = scimDocumented({
  summary: 'Replace a user',
  description: 'Without `roles` the role stays. `active: false` ends all sign-ins at once; the last administrator stays (409).',
  refuses: ['invalid', 'not_found', 'conflict', 'too_large', 'over_budget'],
})
const CHANGE = scimDocumented({
  summary: 'Change a user',
  description: 'PATCH as Okta and Entra send it.',
  refuses: ['invalid', 'not_found', 'conflict', 'too_large', 'over_budget'],
})
const DELETE = scimDocumented({
  summary: 'Remove a user',
  description: 'The account is disabled, its sign-ins end, and the directory sees it no more. What the person did stays on record.',
  status: 204,
  refuses: ['not_found', 'conflict'],
})
const stated = (summary: string) => scimDocumented({ summary, refuses: ['not_found'] })

/** SCIM 2.0: a company's directory looks after the people of its tenant. */
export function scimRoutes(deps: ApiDeps) {
  const originOf = (c: Context<ApiEnv>) => new URL(c.req.url).origin
  const app = new Hono<ApiEnv>()
    .get('/ServiceProviderConfig', stated('What is spoken of SCIM'), guard(deps, 'scim:read'), (c) =>
      scimAnswer(c, serviceProviderConfig(originOf(c))),
    )
    .get('/ResourceTypes', stated('Kinds of resources'), guard(deps, 'scim:read'), (c) => {
      const all = resourceTypes(originOf(c))
      return scimAnswer(c, listResponse(all, all.length))
    })
    .get('/Schemas', stated('Schemas of the resources'), guard(deps, 'scim:read'), (c) => {
      const all = schemas(originOf(c))
      return scimAnswer(c, listResponse(all, all.length))
    })
    .get('/Users', LIST, guard(deps, 'scim:read'), check('query', ScimQuery), async (c) => {
      const { filter, startIndex, count } = c.req.valid('query')
      const page = { startIndex, count, ...(filter !== undefined && { filter: parseScimFilter(filter) }) }
      const { total, items } = await deps.scimUsers.list(c.get('principal').tenantId, page)
      const resources = items.map((user) => userResource(user, originOf(c)))
      return scimAnswer(c, listResponse(resources, total, startIndex))
    })
    .post('/Users', CREATE, guard(deps, 'scim:write'), check('json', ScimUserBody), async (c) => {
      const user = await createAccount(deps, c, wishOf(c.req.valid('json')))
      return scimAnswer(c, userResource(user, originOf(c)), 201, { Location: `${originOf(c)}${SCIM_PATH}/Users/${user.id}` })
    })
    .get('/Users/:id', READ, guard(deps, 'scim:read'), async (c) =>
      scimAnswer(c, userResource(await scimUserOf(deps, c.get('principal').tenantId, c.req.param('id')), originOf(c))),
    )
    .put('/Users/:id', REPLACE, guard(deps, 'scim:write'), check('json', ScimUserBody), async (c) => {
      const user = await scimUserOf(deps, c.get('principal').tenantId, c.req.param('id'))
      return scimAnswer(c, userResource(await changeAccount(deps, c, user, wishOf(c.req.valid('json'))), originOf(c)))
    })
    .patch('/Users/:id', CHANGE, guard(deps, 'scim:write'), check('json', ScimPatch), async (c) => {
      const user = await scimUserOf(deps, c.get('principal').tenantId, c.req.param('id'))
      const wish = wishOf(patchScimUser(bodyOf(user), c.req.valid('json')))
      return scimAnswer(c, userResource(await changeAccount(deps, c, user, wish), originOf(c)))
    })
    .delete('/Users/:id', DELETE, guard(deps, 'scim:write'), async (c) => {
      const user = await scimUserOf(deps, c.get('principal').tenantId, c.req.param('id'))
      await closeAccount(deps, c, user)
      await deps.scimUsers.remove(user.tenantId, user.id, deps.clock.now().toISOString())
      return c.body(null, 204)
    })
    .route('/Groups', scimGroupRoutes(deps))
  app.onError(answerScimThrown)
  return app
}
