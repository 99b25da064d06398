import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { type HttpStepDeps, performHttp } from '../../../durable-objects/run/http-step'
import { createOutbound } from '../../../workers/adapters/guarded-outbound'

const SECRET = 'sk_live_0123456789'
const seen: { host: string; url: string; headers: IncomingMessage['headers'] }[] = []
let ours: Server
let theirs: Server

async function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    seen.push({ host: request.headers.host ?? '', url: request.url ?? '', headers: request.headers })
    if (request.url === '/away') response.writeHead(302, { location: `http://${hostOf(theirs)}/taken` }).end()
    else response.setHeader('content-type', 'application/json').end('{"ok":true}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
const hostOf = (server: Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`

beforeAll(async () => {
  ours = await serve()
  theirs = await serve()
})
afterAll(() => {
  for (const server of [ours, theirs]) {
    server.closeAllConnections()
    server.close()
  }
})
beforeEach(() => void seen.splice(0))

function perform(method: string, url: string, hosts?: string[]) {
  const ledger = {
    begin: vi.fn<HttpStepDeps['begin']>(() => ({ decision: 'act', idempotencyKey: 'k' })),
    settle: vi.fn(),
    fail: vi.fn(),
    unknown: vi.fn(),
  }
  const deps: HttpStepDeps = {
    outbound: createOutbound({ allowLoopback: true, fetch: (address, init) => fetch(address, init) }),
    secret: { name: 'crm', value: SECRET, ...(hosts && { hosts }) },
    timeoutMs: 5_000,
    ...ledger,
  }
  return { ledger, outcome: performHttp('run_1', 'call', { method, url, headers: {} }, deps) }
}

it.each(['GET', 'POST'])('sends its secret with %s to a host of the secret', async (method) => {
  const { outcome } = perform(method, `http://${hostOf(ours)}/orders`, ['api.example.com', hostOf(ours)])
  expect(await outcome).toEqual({ status: 200, body: { ok: true } })
  expect(seen).toMatchObject([{ headers: { authorization: `Bearer ${SECRET}` } }])
})

it('sends a secret without hosts anywhere', async () => {
  await perform('GET', `http://${hostOf(ours)}/orders`).outcome
  expect(seen).toMatchObject([{ headers: { authorization: `Bearer ${SECRET}` } }])
})

it.each(['GET', 'POST'])('fails with %s to another host before anything is sent or begun', async (method) => {
  const { ledger, outcome } = perform(method, `http://${hostOf(theirs)}/orders`, [hostOf(ours), '*.example.com'])
  await expect(outcome).rejects.toMatchObject({ code: 'forbidden', reason: 'secret_host' })
  expect(seen).toEqual([])
  expect(ledger.begin).not.toHaveBeenCalled()
})

it('is redirected to another host without the secret', async () => {
  expect(await perform('GET', `http://${hostOf(ours)}/away`, [hostOf(ours)]).outcome).toMatchObject({ status: 200 })
  expect(seen.map(({ host, url, headers }) => [host, url, headers.authorization])).toEqual([
    [hostOf(ours), '/away', `Bearer ${SECRET}`],
    [hostOf(theirs), '/taken', undefined],
  ])
  expect(JSON.stringify(seen.at(-1))).not.toContain(SECRET)
})
