/**
 * `npm run demo`: the main job, live. Starts the Worker, makes a demo tenant, works through examples/, writes the reports into out/, shows
 * that one signed webhook came exactly once for each finished document, and stays up. With `--once` it stops with status 0.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { buildEverything } from './build.ts'
import { type Client, createClient, createDemoTenant } from './client.ts'
import { printTable, type RunResult, resultOf, saveReports } from './demo-results.ts'
import { watchRun } from './demo-watch.ts'
import { launchSteward, root } from './launch.ts'
import { startReceiver } from './receiver.ts'

const isOnce = process.argv.includes('--once')
const startedAt = Date.now()
const say = (line: string) => console.log(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${line}`)

await buildEverything(say)
say('starting the Worker (wrangler dev, no account, no network)')
const workerStartedAt = Date.now()
const steward = await launchSteward({
  persistTo: join(root, '.steward', `demo-${startedAt}`),
  ...(process.env.PORT && { port: Number(process.env.PORT) }),
})
say(`the Worker is ready on ${steward.url}`)

const webhookSecret = randomBytes(24).toString('base64url')
const receiver = await startReceiver(webhookSecret)
const tenant = await createDemoTenant(steward, {
  slug: 'demo',
  name: 'Nordlicht Energie GmbH',
  settings: {
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    branding: { name: 'Nordlicht Energie GmbH', footer: 'Nordlicht Energie GmbH · Hafenstraße 12 · 20457 Hamburg' },
  },
})
const client = createClient(steward.url, tenant.apiKey)
await client.put(
  '/api/v1/tenants/me/secrets/webhook:default',
  JSON.stringify({ value: JSON.stringify({ url: receiver.url, secret: webhookSecret }) }),
  'application/json',
)
say(`tenant 'demo' with administrator ${tenant.email}; webhook receiver on ${receiver.url}`)

let firstFinishedMs: number | undefined
const results = await Promise.all((await startRuns(client)).map((result) => result()))

console.log()
printTable(results)
const out = join(root, 'out')
mkdirSync(out, { recursive: true })
const reports = await saveReports(client, results, out)
console.log(`\nReports in out/:\n${reports.map((path) => `  ${path}`).join('\n')}`)
const isFine = showWebhooks() && showOutcome()

console.log(`
Dashboard   ${steward.url}/
  tenant    ${tenant.slug}
  e-mail    ${tenant.email}
  password  ${tenant.password}
API docs    ${steward.url}/api/v1/docs
API key     ${tenant.apiKey}
`)
if (isOnce || !isFine) {
  receiver.stop()
  await steward.stop()
  process.exit(isFine ? 0 : 1)
}
console.log('Steward stays up; end it with Ctrl+C.')
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void steward.stop().then(() => process.exit(0)))

/** Uploads every example, the mail through the email door, and watches each run from its start. */
async function startRuns(api: Client): Promise<(() => Promise<RunResult>)[]> {
  const folder = join(root, 'examples')
  const runs: (() => Promise<RunResult>)[] = []
  for (const file of readdirSync(folder)
    .filter((name) => extname(name) !== '.md')
    .sort()) {
    const bytes = new Uint8Array(readFileSync(join(folder, file)))
    const runId = extname(file) === '.eml' ? await deliverMail(api, bytes) : await upload(api, file, bytes)
    const result = follow(api, file, runId)
    // Awaited later, all together; until then a failure is not lost, only late.
    result.catch(() => undefined)
    runs.push(() => result)
  }
  return runs
}

async function follow(api: Client, file: string, runId: string): Promise<RunResult> {
  const run = await watchRun(api, runId, file, say)
  if (run.status === 'completed') firstFinishedMs ??= Date.now() - workerStartedAt
  return await resultOf(api, file, run)
}

async function upload(api: Client, file: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const { document, run } = await api.upload<{ document: { mediaType: string; size: number }; run: { id: string } }>(
    '/api/v1/documents?workflow=document-intake',
    file,
    bytes,
  )
  say(`uploaded ${file} (${document.mediaType}, ${Math.ceil(document.size / 1024)} KB)`)
  return run.id
}

async function deliverMail(api: Client, raw: Uint8Array<ArrayBuffer>): Promise<string> {
  const before = new Set((await api.get<{ items: { id: string }[] }>('/api/v1/runs?limit=100')).items.map((run) => run.id))
  const address = 'document-intake+demo@steward.example'
  const response = await fetch(`${steward.url}/cdn-cgi/handler/email?from=facturation@free.example&to=${encodeURIComponent(address)}`, {
    method: 'POST',
    body: raw,
  })
  if (!response.ok) throw new Error(`the email door answered ${response.status}: ${await response.text()}`)
  say(`mail delivered to ${address}`)
  for (let tries = 0; tries < 100; tries += 1) {
    const found = (await api.get<{ items: { id: string; trigger: string }[] }>('/api/v1/runs?limit=100')).items.find(
      (run) => run.trigger === 'email' && !before.has(run.id),
    )
    if (found !== undefined) return found.id
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the mail started no run')
}

function showWebhooks(): boolean {
  const finished = results.filter((result) => result.run.status === 'completed').length
  const keys = new Set(receiver.received.map((received) => received.idempotencyKey))
  const isSigned = receiver.received.every((received) => received.isSigned)
  const isExact = receiver.received.length === keys.size && keys.size === finished
  console.log(
    `\nWebhooks: ${receiver.received.length} received for ${finished} finished runs, ${keys.size} different idempotency keys, ${isSigned ? 'all signatures valid' : 'A SIGNATURE IS WRONG'}: ${isExact ? 'each came exactly once' : 'NOT exactly once'}`,
  )
  return isExact && isSigned
}

function showOutcome(): boolean {
  const failed = results.filter((result) => result.run.status === 'failed')
  const expected = failed.length === 1 && failed[0]?.file === 'corrupt.pdf'
  for (const { file, run } of failed) console.log(`Failed as a run of its own: ${file}: ${run.error?.message ?? ''}`)
  if (!expected) console.log(`EXPECTED only corrupt.pdf to fail.`)
  console.log(
    `First finished run ${((firstFinishedMs ?? 0) / 1000).toFixed(1)} s after the start of the Worker; all ${results.length} after ${((Date.now() - workerStartedAt) / 1000).toFixed(1)} s.`,
  )
  return expected
}
