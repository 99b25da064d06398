/**
 * `npm run fuzz -- [--requests 20000] [--seed 20261121]`: sends generated requests to every route of the OpenAPI document of a Worker that
 * is served for it, with data of its own, and judges each answer: no 5xx, no hang, every refusal a problem+json with a code. Prints what it
 * found with the seed and the number that repeat it. Exit code 1: something was found.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Document, Requests, type World } from '../test/fuzz/requests.ts'
import { Dice } from '../test/fuzz/values.ts'
import { type Walked, walk } from '../test/fuzz/walk.ts'
import { createClient, createDemoTenant } from './client.ts'
import { freePort } from './launch.ts'
import { serveSteward } from './serve.ts'

/** Long for one request, short for a hang: nothing that a route does may take this on an idle machine. */
const CAP_MS = 30_000
const CHUNK = 500
/** More of the same help nobody. */
const MAX_FINDINGS = 40

/** Share of requests that may be told to wait. */
const MAX_BRAKED = 0.1

const { values } = parseArgs({ options: { requests: { type: 'string', default: '20000' }, seed: { type: 'string', default: '20261121' } } })
const [count, seed] = [Number(values.requests), Number(values.seed)]
const dataFolder = mkdtempSync(join(tmpdir(), 'steward-fuzz-'))
console.log('bundling and serving')
const served = await serveSteward({ port: await freePort(), dataFolder })
try {
  const found = await fuzz()
  for (const { what, number, request, answer } of found.slice(0, MAX_FINDINGS))
    console.log(`\n${what} (seed ${seed}, request ${number})\n  ${request}\n  ${answer}`)
  console.log(`\n${count} requests, seed ${seed}: ${found.length === 0 ? 'nothing found' : `${found.length} findings`}`)
  process.exitCode = found.length === 0 ? 0 : 1
} finally {
  await served.stop()
  rmSync(dataFolder, { recursive: true, force: true })
}

async function fuzz(): Promise<Walked['findings']> {
  const world = await createWorld()
  const document = (await (await fetch(`${served.url}/api/v1/openapi.json`)).json()) as Document
  const requests = new Requests(new Dice(seed), document, world)
  const all: Walked = { findings: [], statuses: {}, opened: new Set() }
  for (let from = 0; from < count && all.findings.length < MAX_FINDINGS; from += CHUNK) {
    const part = await walk({ requests, world, seed, from, count: Math.min(CHUNK, count - from), capMs: CAP_MS, send })
    all.findings.push(...part.findings)
    for (const [status, times] of Object.entries(part.statuses)) all.statuses[Number(status)] = (all.statuses[Number(status)] ?? 0) + times
    for (const route of part.opened) all.opened.add(route)
    const answers = Object.entries(all.statuses).map(([status, times]) => `${status}: ${times}`)
    const sum = `${all.opened.size} of ${requests.routes} routes opened, ${all.findings.length} findings`
    console.log(`${Math.min(from + CHUNK, count)} requests, ${sum} (${answers.join(', ')})`)
  }
  const shut = requests.names.filter((name) => !all.opened.has(name))
  console.log(`\nnever opened: ${shut.length === 0 ? 'none' : shut.join(', ')}`)
  if ((all.statuses[429] ?? 0) > count * MAX_BRAKED)
    throw new Error(`${all.statuses[429]} of ${count} requests were braked (429): that proves nothing of the routes behind.`)
  const standing = await fetch(`${served.url}/api/v1/auth/verify`, { headers: { Authorization: `Bearer ${world.apiKey}` } })
  if (standing.status !== 200)
    throw new Error(`After the walk the key of the caller is answered ${standing.status}: the walk ended itself.`)
  return all.findings
}

/** Two tenants: one that asks, and one whose ids it asks for. */
async function createWorld(): Promise<World> {
  const [own, other] = [
    await createDemoTenant(served, { slug: 'fuzz-own', name: 'Own' }),
    await createDemoTenant(served, { slug: 'fuzz-other', name: 'Other' }),
  ]
  const client = createClient(served.url, other.apiKey)
  const { document } = await client.upload<{ document: { id: string } }>(
    '/api/v1/documents',
    'note.txt',
    new TextEncoder().encode('A note.'),
  )
  const { tenantId } = await client.get<{ tenantId: string }>('/api/v1/auth/verify')
  const ids = [document.id, tenantId, `doc_${'0'.repeat(32)}`, `run_${'f'.repeat(32)}`]
  return { apiKey: own.apiKey, adminToken: served.adminToken, ids, places: {} }
}

async function send(request: { path: string; method: string; headers: Record<string, string>; body?: BodyInit }, signal: AbortSignal) {
  const { path, method, headers, body } = request
  return await fetch(`${served.url}${path}`, { method, headers, signal, redirect: 'manual', ...(body !== undefined && { body }) })
}
