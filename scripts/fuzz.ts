/**
 * `npm run fuzz -- [--requests 20000] [--seed 20261121]`: sends generated requests to every route of the OpenAPI document of a Worker that
 * is served for it, with data of its own, and judges each answer: no 5xx, no hang, every refusal a problem+json with a code. Prints what it
 * found with the seed and the number that repeat it. Exit code 1: something was found.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Document, Requests, standing, type World } from '../test/fuzz/requests.ts'
import { Dice } from '../test/fuzz/values.ts'
import { type Walked, walk } from '../test/fuzz/walk.ts'
import { type Client, createClient, createDemoTenant } from './client.ts'
import { freePort } from './launch.ts'
import { serveSteward } from './serve.ts'

/** Long for one request, short for a hang: nothing that a route does may take this on an idle machine. */
const CAP_MS = 30_000
const CHUNK = 500
/** More of the same help nobody. */
const MAX_FINDINGS = 40

const MAIN_JOB_MS = 60_000
const INVOICE = 'Invoice 4711 of 2026-11-20. Pumps: 12.50 EUR. Total 12.50 EUR.'
/** Share of the routes that a long walk gets behind the door of, at the least; the rest takes mailed codes, another server or a month. */
const LEAST_OPENED = 0.95
const LONG_WALK = 5_000
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
  if (count >= LONG_WALK && all.opened.size < requests.routes * LEAST_OPENED)
    throw new Error(`Only ${all.opened.size} of ${requests.routes} routes were opened: that proves too little of the others.`)
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
  const person = { tenant: own.slug, email: own.email, password: own.password }
  const mine = createClient(served.url, own.apiKey)
  return {
    apiKey: own.apiKey,
    adminToken: served.adminToken,
    ids,
    places: await worked(mine),
    person,
    spared: await standing(mine.get),
    memory: {},
    origin: served.url,
  }
}

/** A document that went through the main job, with its run and its reports: what a walk by itself would not wait for. */
async function worked(client: Client): Promise<Record<string, string[]>> {
  const { document, run } = await client.upload<{ document: { id: string }; run: { id: string } }>(
    '/api/v1/documents?workflow=document-intake',
    'invoice.txt',
    new TextEncoder().encode(INVOICE),
  )
  const deadline = Date.now() + MAIN_JOB_MS
  for (let status = ''; status !== 'completed'; ) {
    const now = await client.get<{ status: string; approvals: { id: string; status: string }[] }>(`/api/v1/runs/${run.id}`)
    status = now.status
    if (Date.now() > deadline || status === 'failed') throw new Error(`The main job did not end before the walk; it is ${status}.`)
    // What the workflow doubts in the note is not what the walk is about.
    for (const { id } of now.approvals.filter((each) => each.status === 'open'))
      await client.put(`/api/v1/runs/${run.id}/continue`, JSON.stringify({ approvalId: id, decision: 'approve' }), 'application/json')
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  const { items } = await client.get<{ items: { id: string }[] }>(`/api/v1/runs/${run.id}/reports`)
  return { documents: [document.id], runs: [run.id], reports: items.map(({ id }) => id) }
}

async function send(request: { path: string; method: string; headers: Record<string, string>; body?: BodyInit }, signal: AbortSignal) {
  const { path, method, headers, body } = request
  if (headers.Upgrade !== undefined && (await opens(path, signal)))
    return new Response('{}', { headers: { 'Content-Type': 'application/json' } })
  const { Upgrade: _, ...rest } = headers
  return await fetch(`${served.url}${path}`, { method, headers: rest, signal, redirect: 'manual', ...(body !== undefined && { body }) })
}

/** Whether a WebSocket opens there, which `fetch` cannot ask. */
function opens(path: string, signal: AbortSignal): Promise<boolean> {
  const socket = new WebSocket(`${served.url.replace(/^http/, 'ws')}${path}`)
  return new Promise((resolve) => {
    const end = (isOpen: boolean) => {
      socket.close()
      resolve(isOpen)
    }
    socket.addEventListener('open', () => end(true), { once: true })
    socket.addEventListener('error', () => end(false), { once: true })
    signal.addEventListener('abort', () => end(false), { once: true })
  })
}
