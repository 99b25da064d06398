import type { Env, Hono } from 'hono'
import { generateSpecs } from 'hono-openapi'
import { PermissionName } from '../domain/roles'
import { IDEMPOTENCY_HEADER, parametersOf } from './documented'
import { takesKey } from './idempotent'

/** Paths that answer what a canonical one below /api/v1 answers, because the documents that the product is built from name them so. */
const MOUNTS = /^\/(?:auth|agents|workflows|ws)\/|^\/api\/v1\/ai\//

const TAGS = [
  { name: 'Auth', description: 'Sign-in of people: access tokens of an hour, refresh tokens of seven days, each good once.' },
  { name: 'Documents', description: 'Files that came in, and what was read in them.' },
  { name: 'Workflows', description: 'Definitions in YAML with versions, and runs started by name.' },
  { name: 'Runs', description: 'One execution of one version: status, log, steps, answers, time travel.' },
  { name: 'Approvals', description: 'Decisions that wait for a person.' },
  { name: 'Reports', description: 'Files that runs wrote.' },
  { name: 'Collections', description: 'Searchable sets of documents, and questions answered from them with proof.' },
  { name: 'Agents', description: 'What does the steps.' },
  { name: 'Models', description: 'Which models answer what, by models.yaml, and what the cache of answers spared.' },
  { name: 'Prompts', description: 'What skills ask of models: versions, tests, A/B split.' },
  { name: 'Webhooks', description: 'Other systems start runs.' },
  { name: 'Tenants', description: 'The tenant, its settings, branding and secrets.' },
  { name: 'API keys', description: 'Keys of programs, `stw_<prefix>_<secret>`.' },
  { name: 'Users', description: 'People of the tenant, invitations, and roles.' },
  { name: 'Identity providers', description: 'Sign-in with accounts that a company keeps elsewhere (OpenID Connect).' },
  { name: 'Provisioning', description: 'SCIM 2.0: a directory looks after the people of the tenant.' },
  { name: 'Security', description: 'What happened to the safety of the tenant.' },
  { name: 'Budgets', description: 'Ceilings for money, the plan, and what was used.' },
  { name: 'Operations', description: 'For those who run it.' },
  { name: 'Mounts', description: 'The same routes under the paths of the product documents; use the canonical ones in new programs.' },
]

const DESCRIPTION = `Every call but the public ones carries \`Authorization: Bearer <access token or API key>\` and acts within the tenant of that token: ids of other tenants answer 404.

Refusals are problem+json (RFC 9457) with \`code\`, a sentence that says what to do, and \`problems\` by field. Lists go on with \`cursor\`. POSTs that do something take an \`Idempotency-Key\`, as each of them shows. Edits take \`If-Match\`. Each answer carries \`X-Request-Id\`.`

/** The OpenAPI 3.1 document of a router. */
export async function describeApi<E extends Env>(app: Hono<E>) {
  const document = await generateSpecs(app, {
    documentation: {
      openapi: '3.1.0',
      info: { title: 'Steward API', version: '1', description: DESCRIPTION },
      tags: TAGS,
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'An access token of `POST /auth/login`, or an API key.' },
        },
      },
    },
    excludeStaticFile: false,
    defaultValidationErrorResponse: false,
  })
  for (const [path, { post }] of Object.entries(document.paths)) if (post !== undefined) showKey(path, post)
  for (const [path, operations] of Object.entries(document.paths)) {
    if (!MOUNTS.test(path)) continue
    for (const method of ['get', 'put', 'post', 'delete'] as const) {
      const operation = operations[method]
      if (operation !== undefined) operation.tags = ['Mounts']
    }
  }
  return document
}

type Operation = NonNullable<NonNullable<Awaited<ReturnType<typeof generateSpecs>>['paths'][string]>['post']>

/** The guard takes `Idempotency-Key` on every route of `takesKey`, so it is described for all of them here. */
function showKey(path: string, operation: Operation): void {
  const permission = PermissionName.safeParse(Reflect.get(operation, 'x-permission')).data
  if (permission === undefined || !takesKey({ method: 'POST', path }, permission)) return
  operation.parameters = [...(operation.parameters ?? []), ...parametersOf('header', IDEMPOTENCY_HEADER)]
  operation.responses = {
    409: keyRefusal('A request with the same Idempotency-Key is under way.'),
    ...operation.responses,
    422: keyRefusal('The Idempotency-Key was used for another request (reason `key_reused`).'),
  }
}

const keyRefusal = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})
