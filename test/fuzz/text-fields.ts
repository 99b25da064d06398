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
  /** Longest text that the route takes. */
  most: number
  keep: Field
}

const itemOf = (body: { items: { id?: string; name?: string }[] }, by: { id?: string; name?: string }) =>
  body.items.find((item) => (by.id === undefined ? item.name === by.name : item.id === by.id)) as Record<string, unknown> | undefined
const stored = async (ask: Ask, method: string, path: string, body: unknown, headers?: Record<string, string>) => {
  const answer = await ask(method, path, body, headers)
  expect([200, 201, 202, 400], `${method} ${path} ${JSON.stringify(body).slice(0, 300)}: ${answer.text}`).toContain(answer.status)
  return answer.status === 400 ? undefined : answer.body
}
let uploads = 0

/** Free text of the routes that create or change something. Names that are keys of a tenant have a pattern, so they are not among them. */
export const TEXT_FIELDS: Record<string, TextField> = {
  'the description of a role': {
    most: 500,
    keep: async (ask, description) => {
      if ((await stored(ask, 'PUT', '/api/v1/roles/naughty', { description, permissions: ['runs:read'] })) === undefined) return undefined
      return itemOf((await ask('GET', '/api/v1/roles')).body, { name: 'naughty' })?.description
    },
  },
  'the name of an API key': {
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
    most: 200,
    keep: async (ask, footer) => {
      const settings = (await ask('GET', '/api/v1/tenants/me/settings')).body
      const branding = { ...settings.branding, footer }
      if ((await stored(ask, 'PUT', '/api/v1/tenants/me/settings', { ...settings, branding })) === undefined) return undefined
      return (await ask('GET', '/api/v1/tenants/me/settings')).body.branding.footer
    },
  },
  'the title of a run': {
    most: 200,
    keep: async (ask, title) => {
      const run = await stored(ask, 'POST', '/api/v1/runs', { workflow: 'naughty', title })
      return run === undefined ? undefined : itemOf((await ask('GET', '/api/v1/runs')).body, { id: run.id })?.title
    },
  },
  'the text of a case of a dataset': {
    most: 5_000,
    keep: async (ask, text) => {
      const cases = [{ id: 'c1', input: { text }, expected: text }]
      if ((await stored(ask, 'PUT', '/api/v1/datasets/naughty', { kind: 'skill', cases })) === undefined) return undefined
      const [kept] = (await ask('GET', '/api/v1/datasets/naughty/cases')).body.items
      return kept.expected === text ? kept.input.text : kept.expected
    },
  },
  'the note of a prompt': {
    most: 500,
    keep: async (ask, note) => {
      const text = `Classify as one of: {{ labels }}. ${uploads++}`
      if ((await stored(ask, 'PUT', '/api/v1/prompts/classification', { text, note })) === undefined) return undefined
      const { versions } = (await ask('GET', '/api/v1/prompts/classification')).body
      return versions.find((version: { text: string }) => version.text === text)?.note
    },
  },
  'the title of a workflow': {
    most: 200,
    keep: async (ask, title) => {
      const yaml = `name: naughty-title\ntitle: ${JSON.stringify(title)}\nsteps:\n  - id: greet\n    set: 1\n`
      if ((await stored(ask, 'PUT', '/api/v1/workflows/naughty-title', yaml, { 'Content-Type': 'application/yaml' })) === undefined)
        return undefined
      return (await ask('GET', '/api/v1/workflows/naughty-title')).body.definition.title
    },
  },
}
