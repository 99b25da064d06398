import { expect } from 'vitest'

/** Asks the API as an administrator. */
export type Ask = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
  // biome-ignore lint/suspicious/noExplicitAny: answers are read as they come
) => Promise<{ status: number; body: any; text: string }>

/** Puts a text where the route takes one, and reads it back over another request. Undefined: it was refused. */
type Field = (ask: Ask, text: string) => Promise<unknown>
interface TextField {
  /** Places of the OpenAPI document's bodies that this stands for: `POST /api/v1/api-keys.name`. */
  takes: string[]
  /** Longest text that the route takes. */
  most: number
  keep: Field
  /** What the route makes of a text on purpose. */
  shows?: (text: string) => string
}

const itemOf = (body: { items: { id?: string; name?: string }[] }, by: { id?: string; name?: string }) =>
  body.items.find((item) => (by.id === undefined ? item.name === by.name : item.id === by.id)) as Record<string, unknown> | undefined
const stored = async (ask: Ask, method: string, path: string, body: unknown, headers?: Record<string, string>) => {
  const answer = await ask(method, path, body, headers)
  expect([200, 201, 202, 400], `${method} ${path} ${JSON.stringify(body).slice(0, 300)}: ${answer.text}`).toContain(answer.status)
  return answer.status === 400 ? undefined : answer.body
}
let uploads = 0
/** Stands for the operator's token; who asks a Worker that has another one puts that in its place. */
export const OPERATOR = 'Bearer operator-token'

/** Free text of the routes that create or change something. Names that are keys of a tenant have a pattern, so they are not among them. */
export const TEXT_FIELDS: Record<string, TextField> = {
  'the description of a role': {
    takes: ['PUT /api/v1/roles/{name}.description'],
    most: 500,
    keep: async (ask, description) => {
      if ((await stored(ask, 'PUT', '/api/v1/roles/naughty', { description, permissions: ['runs:read'] })) === undefined) return undefined
      return itemOf((await ask('GET', '/api/v1/roles')).body, { name: 'naughty' })?.description
    },
  },
  'the name of an API key': {
    takes: ['POST /api/v1/api-keys.name'],
    most: 100,
    keep: async (ask, name) => {
      const made = await stored(ask, 'POST', '/api/v1/api-keys', { name, role: 'client' })
      if (made === undefined) return undefined
      const kept = itemOf((await ask('GET', '/api/v1/api-keys')).body, { id: made.id })?.name
      await ask('DELETE', `/api/v1/api-keys/${made.id}`)
      return kept
    },
  },
  'the name of a service account': {
    takes: ['POST /api/v1/service-accounts.name'],
    most: 100,
    keep: async (ask, name) => {
      const made = await stored(ask, 'POST', '/api/v1/service-accounts', { name, role: 'client' })
      if (made === undefined) return undefined
      const kept = itemOf((await ask('GET', '/api/v1/service-accounts')).body, { id: made.id })?.name
      await ask('DELETE', `/api/v1/service-accounts/${made.id}`)
      return kept
    },
  },
  'the footer of the branding': {
    takes: ['PUT /api/v1/tenants/me/settings.branding.footer', 'POST /api/v1/tenants.settings.branding.footer'],
    most: 200,
    keep: async (ask, footer) => {
      const settings = (await ask('GET', '/api/v1/tenants/me/settings')).body
      const branding = { ...settings.branding, footer }
      if ((await stored(ask, 'PUT', '/api/v1/tenants/me/settings', { ...settings, branding })) === undefined) return undefined
      return (await ask('GET', '/api/v1/tenants/me/settings')).body.branding.footer
    },
  },
  'the title of a run': {
    takes: [
      'POST /api/v1/runs.title',
      'POST /api/v1/ai/workflows.title',
      'POST /api/v1/workflows/execute.title',
      'POST /workflows/execute.title',
    ],
    most: 200,
    keep: async (ask, title) => {
      const run = await stored(ask, 'POST', '/api/v1/runs', { workflow: 'naughty', title })
      return run === undefined ? undefined : itemOf((await ask('GET', '/api/v1/runs')).body, { id: run.id })?.title
    },
  },
  'the text of a case of a dataset': {
    takes: ['PUT /api/v1/datasets/{name}'],
    most: 5_000,
    keep: async (ask, text) => {
      const cases = [{ id: 'c1', input: { text }, expected: text }]
      if ((await stored(ask, 'PUT', '/api/v1/datasets/naughty', { kind: 'skill', cases })) === undefined) return undefined
      const [kept] = (await ask('GET', '/api/v1/datasets/naughty/cases')).body.items
      return kept.expected === text ? kept.input.text : kept.expected
    },
  },
  'the note of a prompt': {
    takes: ['PUT /api/v1/prompts/{name}.note'],
    most: 500,
    keep: async (ask, note) => {
      const text = `Classify the text as told. ${uploads++}`
      if ((await stored(ask, 'PUT', '/api/v1/prompts/classification', { text, note })) === undefined) return undefined
      const { versions } = (await ask('GET', '/api/v1/prompts/classification')).body
      return versions.find((version: { text: string }) => version.text === text)?.note
    },
  },
  'the title of a workflow': {
    takes: [],
    most: 120,
    keep: async (ask, title) => {
      const yaml = `name: naughty-title\ntitle: ${JSON.stringify(title)}\nsteps:\n  - id: greet\n    set: 1\n`
      if ((await stored(ask, 'PUT', '/api/v1/workflows/naughty-title', yaml, { 'Content-Type': 'application/yaml' })) === undefined)
        return undefined
      return (await ask('GET', '/api/v1/workflows/naughty-title')).body.definition.title
    },
  },
  'the name in the branding': {
    takes: ['PUT /api/v1/tenants/me/settings.branding.name', 'POST /api/v1/tenants.settings.branding.name'],
    most: 120,
    keep: async (ask, name) => {
      const settings = (await ask('GET', '/api/v1/tenants/me/settings')).body
      const next = { ...settings, branding: { ...settings.branding, name } }
      if ((await stored(ask, 'PUT', '/api/v1/tenants/me/settings', next)) === undefined) return undefined
      return (await ask('GET', '/api/v1/tenants/me/settings')).body.branding.name
    },
  },
  'the description of a workflow': {
    takes: [],
    most: 1_000,
    keep: async (ask, description) => {
      const yaml = `name: naughty-title\ndescription: ${JSON.stringify(description)}\nsteps:\n  - id: greet\n    set: 1\n`
      if ((await stored(ask, 'PUT', '/api/v1/workflows/naughty-title', yaml, { 'Content-Type': 'application/yaml' })) === undefined)
        return undefined
      return (await ask('GET', '/api/v1/workflows/naughty-title')).body.definition.description
    },
  },
  'the input of a run': {
    takes: [],
    most: 5_000,
    keep: async (ask, text) => {
      const run = await stored(ask, 'POST', '/api/v1/runs', { workflow: 'naughty', input: { text } })
      return run === undefined ? undefined : (await ask('GET', `/api/v1/runs/${run.id}`)).body.input.text
    },
  },
  'the body of a webhook': {
    takes: [],
    most: 5_000,
    keep: async (ask, text) => {
      const run = await stored(ask, 'POST', '/api/v1/webhooks/naughty', { text })
      return run === undefined ? undefined : (await ask('GET', `/api/v1/runs/${run.id}`)).body.input.text
    },
  },
  'the reason of a legal hold': {
    takes: ['PUT /api/v1/documents/{id}/hold.reason', 'PUT /api/v1/runs/{id}/hold.reason'],
    most: 490,
    shows: (text) => `for ${text}`.trim(),
    keep: async (ask, text) => {
      const run = await stored(ask, 'POST', '/api/v1/runs', { workflow: 'naughty' })
      if ((await stored(ask, 'PUT', `/api/v1/runs/${run.id}/hold`, { reason: `for ${text}` })) === undefined) return undefined
      return itemOf((await ask('GET', '/api/v1/legal-holds')).body, { id: run.id })?.reason
    },
  },
  'a test of a prompt': {
    takes: ['name', 'lacks[]'].map((member) => `PUT /api/v1/prompts/{name}.tests[].${member}`),
    most: 120,
    keep: async (ask, text) => {
      const prompt = `Classify the text. ${uploads++}`
      const tests = [{ name: text, variables: {}, contains: [], lacks: [`not ${text}`] }]
      if ((await stored(ask, 'PUT', '/api/v1/prompts/classification', { text: prompt, tests })) === undefined) return undefined
      const { versions } = (await ask('GET', '/api/v1/prompts/classification')).body
      const [kept] = versions.find((version: { text: string }) => version.text === prompt)?.tests ?? []
      return kept.lacks[0] === `not ${text}` ? kept.name : JSON.stringify(kept)
    },
  },
  'the names of a person in a directory': {
    takes: ['POST', 'PUT']
      .map((method) => `${method} /api/v1/scim/v2/Users${method === 'PUT' ? '/{id}' : ''}`)
      .flatMap((route) =>
        ['displayName', 'externalId', 'name.familyName', 'name.formatted', 'name.givenName'].map((at) => `${route}.${at}`),
      ),
    most: 200,
    shows: (text) => text.trim(),
    keep: async (ask, text) => {
      const order = {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName: `naughty${uploads++}@acme.example`,
        externalId: `${uploads} ${text}`,
        name: { givenName: text, familyName: text, formatted: text },
      }
      const made = await stored(ask, 'POST', '/api/v1/scim/v2/Users', order, { 'Content-Type': 'application/scim+json' })
      if (made === undefined) return undefined
      const { body } = await ask('GET', `/api/v1/scim/v2/Users/${made.id}`)
      await ask('DELETE', `/api/v1/scim/v2/Users/${made.id}`)
      const { formatted, givenName, familyName } = body.name
      const isWhole = givenName === text.trim() && familyName === text.trim() && body.externalId === order.externalId.trim()
      return isWhole ? formatted : JSON.stringify(body)
    },
  },
  'the settings of an identity provider': {
    takes: ['clientId', 'roleClaim', 'roleMapping[].value'].map((member) => `PUT /api/v1/identity-providers/{name}.${member}`),
    most: 200,
    keep: async (ask, text) => {
      const order = {
        ...{ issuer: 'https://login.acme.example', clientId: text, clientSecret: 'secret', allowedDomains: ['acme.example'] },
        ...{ roleClaim: text, roleMapping: [{ value: text, role: 'client' }] },
      }
      if ((await stored(ask, 'PUT', '/api/v1/identity-providers/naughty', order)) === undefined) return undefined
      const { body } = await ask('GET', '/api/v1/identity-providers/naughty')
      return body.clientId === text && body.roleClaim === text ? body.roleMapping[0].value : JSON.stringify(body)
    },
  },
  'the name of a tenant and of its administrator': {
    takes: ['POST /api/v1/tenants.name', 'POST /api/v1/tenants.adminName'],
    most: 200,
    keep: async (ask, text) => {
      const order = {
        slug: `naughty-${uploads++}`,
        name: text,
        adminName: text,
        adminEmail: 'a@acme.example',
        adminPassword: 'a long password',
      }
      const made = await stored(ask, 'POST', '/api/v1/tenants', order, { Authorization: OPERATOR })
      if (made === undefined) return undefined
      const headers = { Authorization: `Bearer ${made.apiKey.key}` }
      const [{ body: tenant }, { body: users }] = [
        await ask('GET', '/api/v1/tenants/me', undefined, headers),
        await ask('GET', '/api/v1/users', undefined, headers),
      ]
      return tenant.name === text ? users.items[0].name : tenant.name
    },
  },
}

/** Texts of bodies that are no free text, or are not read back, with the reason. */
export const NOT_FREE: { places: RegExp; reason: string }[] = [
  { places: /(?:[pP]assword|[sS]ecret|\.value|\.code|\.verifier|refreshToken)$/, reason: 'Secrets and codes: nobody reads them back.' },
  {
    places: /\.(?:\w*[iI]d|role|version|datasetVersion|tenant|slug|email|workflow|workflow\.name|operation|skill|collection)$/,
    reason: 'It names what there is; anything else is refused.',
  },
  {
    places:
      /emails\[\]\.value|roles\[\]|schemas\[\]|userName$|defaultRole$|Groups\.displayName$|allowedDomains\[\]$|allowedOrigins\[\]$|secrets\/\{name\}\.hosts\[\]$/,
    reason: 'Addresses, hosts, roles and names of schemas, checked as such.',
  },
  { places: /scim\/v2\/\w+\/\{id\}\.Operations/, reason: 'Words of the protocol; what they set is set by PUT too.' },
  { places: /settings\.(?:currency|locale|timeZone|branding\.logo)$/, reason: 'Checked as what they are.' },
  {
    places: /\/continue\.|fromStep$/,
    reason: 'Of runs: the fakes keep none; test/screens/naughty.e2e.test.ts reads a comment back from the running Worker.',
  },
  {
    places: /\/(?:search|ask|classify|test|plan|estimate|export|erasure)\.|collections\/\{id\}\/(?:import|documents)/,
    reason: 'Questions, which are answered and not kept; what is indexed is compared by meaning.',
  },
  { places: /metrics?\[?\]?\.|rules\[\]/, reason: 'Paths into results, parsed.' },
  { places: /classifiers\/\{name\}\.examples/, reason: 'Learnt from; not shown again.' },
  {
    places: /prompts\/\{name\}\.tests\[\]\.(?:variables\{\}|contains\[\])$/,
    reason: 'What the prompt must say with them is checked when it is saved.',
  },
  { places: /prompts\/\{name\}\.text$/, reason: 'A template: braces mean something in it.' },
  { places: /account\/passkeys/, reason: 'Only with an authenticator; test/screens/passkeys.e2e.test.ts names one.' },
  { places: /invitations\/accept\.name$/, reason: 'Kept as the name of a person is that a directory makes.' },
  { places: /budgets\/plan\.plan\.name$/, reason: "The operator's." },
]
