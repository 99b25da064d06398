import { randomBytes } from 'node:crypto'
import type { Steward } from './launch.ts'

export interface DemoTenant {
  slug: string
  email: string
  password: string
  apiKey: string
}

/** Creates a tenant with an administrator and an API key, all random. */
export async function createDemoTenant(
  steward: Pick<Steward, 'url' | 'adminToken'>,
  tenant: { slug: string; name: string; settings?: Record<string, unknown> },
): Promise<DemoTenant> {
  const email = `admin@${tenant.slug}.example`
  const password = randomBytes(12).toString('base64url')
  const created = await createClient(steward.url, steward.adminToken).post<{ apiKey: { key: string } }>('/api/v1/tenants', {
    ...tenant,
    adminEmail: email,
    adminPassword: password,
  })
  return { slug: tenant.slug, email, password, apiKey: created.apiKey.key }
}

export type Client = ReturnType<typeof createClient>

/** The API with a bearer token: JSON in, JSON out; a problem answer is thrown with what it says. */
export function createClient(url: string, token: string) {
  async function call(method: string, path: string, body?: BodyInit, contentType?: string): Promise<Response> {
    const headers = { authorization: `Bearer ${token}`, ...(contentType !== undefined && { 'content-type': contentType }) }
    const response = await fetch(`${url}${path}`, { method, headers, ...(body !== undefined && { body }) })
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
    return response
  }
  const json = async <T>(response: Response): Promise<T> => (await response.json()) as T
  return {
    url,
    get: async <T>(path: string) => await json<T>(await call('GET', path)),
    bytes: async (path: string) => new Uint8Array(await (await call('GET', path)).arrayBuffer()),
    post: async <T>(path: string, body: unknown) => await json<T>(await call('POST', path, JSON.stringify(body), 'application/json')),
    put: async (path: string, body: string, contentType: string) => await call('PUT', path, body, contentType),
    upload: async <T>(path: string, name: string, bytes: Uint8Array<ArrayBuffer>, fields: Record<string, string> = {}) => {
      const form = new FormData()
      for (const [field, value] of Object.entries(fields)) form.set(field, value)
      form.set('file', new Blob([bytes]), name)
      return await json<T>(await call('POST', path, form))
    },
    /** The WebSocket address of a run's live events, with a ticket. */
    liveUrl: async (runId: string, after = 0) => {
      const { ticket } = await json<{ ticket: string }>(await call('POST', `/api/v1/runs/${runId}/events/ticket`))
      return `${url.replace(/^http/, 'ws')}/api/v1/runs/${runId}/events?after=${after}&ticket=${encodeURIComponent(ticket)}`
    },
  }
}
