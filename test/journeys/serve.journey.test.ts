import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { bundleScripts } from '../../scripts/bundle.ts'
import { type Client, createClient, createDemoTenant } from '../../scripts/client.ts'
import { freePort } from '../../scripts/launch.ts'
import { type Served, serveSteward } from '../../scripts/serve.ts'

const folder = mkdtempSync(join(tmpdir(), 'steward-serve-'))
const asked: string[] = []
const server = createServer((request, response) => {
  asked.push(request.url ?? '')
  response.setHeader('content-type', 'application/json').end('{}')
})
let served: Served
let url: string

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/inside`
  const scripts = await bundleScripts(undefined, join(folder, 'scripts'))
  served = await serveSteward({ port: await freePort(), dataFolder: join(folder, 'data'), scripts })
}, 400_000)
afterAll(async () => {
  server.close()
  await served?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function endOf(api: Client, id: string): Promise<{ status: string; error?: { message: string } }> {
  const read = () => api.get<{ status: string; error?: { message: string } }>(`/api/v1/runs/${id}`)
  await vi.waitUntil(async () => ['completed', 'failed'].includes((await read()).status), { timeout: 60_000, interval: 200 })
  return await read()
}

test('what is served calls no server on this machine for a tenant', async () => {
  const { apiKey } = await createDemoTenant(served, { slug: 'acme', name: 'Acme' })
  const api = createClient(served.url, apiKey)
  const source = `name: inside\ntitle: Inside\nsteps:\n  - id: look\n    http: { method: GET, url: '${url}' }\n`
  await api.put('/api/v1/workflows/inside', source, 'application/yaml')
  const { id } = await api.post<{ id: string }>('/api/v1/workflows/execute', { workflow: 'inside', input: {} })
  expect(await endOf(api, id)).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('only public addresses') } })
  expect(asked).toEqual([])
})

test("the dashboard's files ask for no transport security on a machine that has none", async () => {
  for (const path of ['/', '/runs', '/health']) {
    const { headers } = await fetch(`${served.url}${path}`)
    expect(headers.get('X-Content-Type-Options'), path).toBe('nosniff')
    expect(headers.get('Strict-Transport-Security'), path).toBeNull()
  }
})
