import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, createDemoTenant } from '../../scripts/client.ts'
import { startReceiver } from '../../scripts/receiver.ts'

interface Run {
  id: string
  status: string
  trigger: string
  error?: { code: string; message: string; reason?: string }
  effects: { status: string; attempts: number }[]
  approvals: { id: string; status: string }[]
  outputs?: unknown
}

const url = process.env.STEWARD_URL ?? ''
const secret = 'journey-secret-of-some-length'
let client: Client
let receiver: Awaited<ReturnType<typeof startReceiver>>

beforeAll(async () => {
  receiver = await startReceiver(secret)
  client = createClient(url, process.env.STEWARD_API_KEY ?? '')
  await client.put(
    '/api/v1/tenants/me/secrets/webhook:default',
    JSON.stringify({ value: JSON.stringify({ url: receiver.url, secret }) }),
    'application/json',
  )
})
afterAll(() => receiver.stop())

const example = (name: string) => new Uint8Array(readFileSync(`examples/${name}`))

async function upload(name: string, bytes = example(name)): Promise<string> {
  const { run } = await client.upload<{ run: { id: string } }>('/api/v1/documents?workflow=document-intake', name, bytes)
  return run.id
}

async function ended(id: string): Promise<Run> {
  for (let tries = 0; tries < 300; tries += 1) {
    const run = await client.get<Run>(`/api/v1/runs/${id}`)
    const open = run.approvals.find((approval) => approval.status === 'open')
    if (open !== undefined)
      await client.put(`/api/v1/runs/${id}/continue`, JSON.stringify({ approvalId: open.id, decision: 'approve' }), 'application/json')
    else if (['completed', 'failed', 'cancelled'].includes(run.status)) return run
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`run ${id} never ended`)
}

test('an uploaded invoice becomes a report with citations and exactly one signed webhook', async () => {
  const before = receiver.received.length
  const id = await upload('invoice-qualityhosting.pdf')
  const run = await ended(id)
  expect(run.error).toBeUndefined()
  expect(run.effects).toMatchObject([{ status: 'settled', attempts: 1 }])
  const { items } = await client.get<{
    items: { operation?: string; output?: { fields?: { name: string; normalized: unknown; span?: { page: number; quote: string } }[] } }[]
  }>(`/api/v1/runs/${id}/steps`)
  const fields = items.find((step) => step.operation === 'extract')?.output?.fields ?? []
  const field = (name: string) => fields.find((candidate) => candidate.name === name)
  expect(field('invoiceNumber')?.normalized).toBe('30064443')
  expect(field('totalGross')?.normalized).toBe(34.73)
  expect(field('totalGross')?.span?.page).toBeGreaterThanOrEqual(1)
  const reports = await client.get<{ items: { id: string; formats: string[] }[] }>(`/api/v1/runs/${id}/reports`)
  const report = reports.items[0]
  expect(report?.formats).toEqual(expect.arrayContaining(['pdf', 'xlsx']))
  expect(new TextDecoder('latin1').decode((await client.bytes(`/api/v1/reports/${report?.id}/pdf`)).subarray(0, 5))).toBe('%PDF-')
  const delivered = receiver.received.slice(before)
  expect(delivered).toHaveLength(1)
  expect(delivered[0]?.isSigned).toBe(true)
})

test('a corrupt file fails its own run with a clear reason, beside one that completes', async () => {
  const [corrupt, fine] = await Promise.all([upload('corrupt.pdf'), upload('maintenance-contract.docx')])
  const failed = await ended(corrupt)
  expect(failed).toMatchObject({ status: 'failed', error: { code: 'invalid' } })
  expect(['corrupt', 'truncated']).toContain(failed.error?.reason)
  expect((await ended(fine)).status).toBe('completed')
})

test('a mail starts one run for its attachment, however often it is delivered; unknown recipients are refused', async () => {
  const raw = example('invoice-by-mail.eml')
  const deliver = (to: string, body: Uint8Array<ArrayBuffer> = raw) =>
    fetch(`${url}/cdn-cgi/handler/email?from=facturation@free.example&to=${encodeURIComponent(to)}`, { method: 'POST', body })
  for (let time = 0; time < 2; time += 1) expect((await deliver('document-intake+acme@steward.example')).ok).toBe(true)
  expect((await deliver('document-intake+nobody@steward.example')).ok).toBe(false)
  const automatic = new TextEncoder().encode(
    new TextDecoder('latin1')
      .decode(raw.subarray(0, 2_000))
      .replace('Subject:', 'Auto-Submitted: auto-replied\r\nSubject:')
      .replace('4711@', '4712@'),
  )
  expect((await deliver('document-intake+acme@steward.example', automatic)).ok).toBe(true)
  const mails = async () => (await client.get<{ items: Run[] }>('/api/v1/runs?limit=100')).items.filter((run) => run.trigger === 'email')
  for (let tries = 0; tries < 200 && (await mails()).length === 0; tries += 1) await new Promise((resolve) => setTimeout(resolve, 100))
  const runs = await mails()
  expect(runs).toHaveLength(1)
  expect((await ended(runs[0]?.id ?? '')).status).toBe('completed')
})

test('the log is one chain, and a viewer who comes back gets only what it has not seen', async () => {
  const id = await upload('orders.csv')
  await ended(id)
  const { items } = await client.get<{ items: { seq: number; prevHash: string; hash: string }[] }>(`/api/v1/runs/${id}/logs?limit=500`)
  for (const [index, event] of items.entries()) expect([event.seq, event.prevHash]).toEqual([index + 1, items[index - 1]?.hash ?? ''])
  const socket = new WebSocket(await client.liveUrl(id, items.length - 2))
  const seen: number[] = []
  await new Promise<void>((resolve) => {
    socket.addEventListener('message', (message) => {
      seen.push((JSON.parse(String(message.data)) as { seq: number }).seq)
      if (seen.length === 2) resolve()
    })
  })
  socket.close()
  expect(seen).toEqual([items.length - 1, items.length])
})

test("another tenant sees nothing: every route answers 404 for this tenant's ids", async () => {
  const id = await upload('production-q3.xlsx')
  await ended(id)
  const stranger = await createDemoTenant(
    { url, adminToken: process.env.STEWARD_ADMIN_TOKEN ?? '' },
    { slug: `stranger-${Date.now()}`, name: 'Stranger' },
  )
  const [document] = (await client.get<{ items: { id: string }[] }>('/api/v1/documents')).items
  const [report] = (await client.get<{ items: { id: string }[] }>(`/api/v1/runs/${id}/reports`)).items
  const ids: Record<string, string> = {
    documents: document?.id ?? '',
    runs: id,
    'ai/workflows': id,
    reports: report?.id ?? '',
    workflows: 'nothing-of-theirs',
  }
  const spec = await client.get<{ paths: Record<string, Record<string, unknown>> }>('/api/v1/openapi.json')
  const tried: string[] = []
  for (const [path, methods] of Object.entries(spec.paths)) {
    const noun = Object.keys(ids).find((candidate) => path.startsWith(`/api/v1/${candidate}/{`))
    if (noun === undefined || !('get' in methods)) continue
    const target = path
      .replace(/\{(id|runId|name)\}/, ids[noun] ?? '')
      .replace('{format}', 'pdf')
      .replace('{key}', 'ingest')
    const response = await fetch(`${url}${target}`, { headers: { authorization: `Bearer ${stranger.apiKey}` } })
    tried.push(`${target} ${response.status}`)
  }
  expect(tried.length).toBeGreaterThan(8)
  expect(tried.filter((line) => !line.endsWith(' 404'))).toEqual([])
})

test('an unsupported file is answered with what is supported', async () => {
  const id = await upload(
    'program.exe',
    new Uint8Array([
      0x4d,
      0x5a,
      0x90,
      0,
      3,
      0,
      0,
      0,
      4,
      0,
      0,
      0,
      255,
      255,
      0,
      0,
      ...Array.from({ length: 200 }, (_, index) => index % 251),
    ]),
  )
  const run = await ended(id)
  expect(run.error?.reason).toBe('unsupported_type')
  expect(run.error?.message).toContain('pdf')
})
