import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { checkBackup, downloadBackup, uploadBackup } from '../../scripts/backup-client.ts'
import { bundleScripts } from '../../scripts/bundle.ts'
import { type Client, createClient, createDemoTenant, type DemoTenant } from '../../scripts/client.ts'
import { freePort, root } from '../../scripts/launch.ts'
import { type Served, serveSteward } from '../../scripts/serve.ts'

const WAITS = `
name: waits
title: Waits for a person
steps:
  - id: ask
    approval:
      title: May it go on?
  - id: say
    set:
      answer: \${{ 'done' }}
`
const folder = mkdtempSync(join(tmpdir(), 'steward-backup-'))
const file = join(folder, 'installation.steward')
const archive = join(folder, 'tenant.steward')
const archiveKey = randomBytes(32).toString('base64')
const silent = () => undefined

let from: Served
let whole: Served
let other: Served
let tenant: DemoTenant
let tenantId: string
let before: Record<string, unknown>
const ids = { document: '', run: '', waiting: '' }

beforeAll(async () => {
  const scripts = await bundleScripts(undefined, join(folder, 'scripts'))
  const serve = async (name: string, vars?: Record<string, string>) =>
    await serveSteward({ port: await freePort(), dataFolder: join(folder, name), scripts, ...(vars && { vars }) })
  from = await serve('from')
  whole = await serve('whole')
  other = await serve('other', { STEWARD_MASTER_KEY: randomBytes(32).toString('base64'), STEWARD_ADMIN_TOKEN: 'other-operator' })
  await fill()
  before = await seen(from)
  // Three installations, each with its migrations, and a document through the main job.
}, 400_000)
afterAll(async () => {
  for (const served of [from, whole, other]) await served?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const client = (served: Served): Client => createClient(served.url, tenant.apiKey)
const statusOf = async (api: Client, id: string) => (await api.get<{ status: string }>(`/api/v1/runs/${id}`)).status
async function untilStatus(api: Client, id: string, wanted: string): Promise<void> {
  await vi.waitUntil(async () => (await statusOf(api, id)) === wanted, { timeout: 60_000, interval: 200 })
}

/** A tenant that has worked: a document through the main job, a collection, a run that waits, a secret. */
async function fill(): Promise<void> {
  tenant = await createDemoTenant(from, { slug: 'acme', name: 'Acme' })
  const api = client(from)
  tenantId = (await api.get<{ tenantId: string }>('/api/v1/auth/verify')).tenantId
  const invoice = new Uint8Array(readFileSync(join(root, 'examples/invoice-qualityhosting.pdf')))
  const intake = await api.upload<{ document: { id: string }; run: { id: string } }>(
    '/api/v1/documents?workflow=document-intake',
    'invoice.pdf',
    invoice,
  )
  Object.assign(ids, { document: intake.document.id, run: intake.run.id })
  await untilStatus(api, ids.run, 'completed')
  await api.put('/api/v1/workflows/waits', WAITS, 'application/yaml')
  ids.waiting = (await api.post<{ id: string }>('/api/v1/workflows/execute', { workflow: 'waits', input: {} })).id
  const asked = async () => (await api.get<{ items: unknown[] }>('/api/v1/approvals')).items.length === 1
  await vi.waitUntil(asked, { timeout: 60_000, interval: 200 })
  await api.put('/api/v1/tenants/me/secrets/erp', JSON.stringify({ value: 'canary-of-the-secret' }), 'application/json')
}

/** What a dashboard shows of the tenant. */
async function seen(served: Served): Promise<Record<string, unknown>> {
  const api = client(served)
  const paths = [
    '/api/v1/runs',
    `/api/v1/runs/${ids.run}`,
    `/api/v1/runs/${ids.run}/steps`,
    `/api/v1/runs/${ids.run}/reports`,
    `/api/v1/runs/${ids.run}/logs?limit=200`,
    `/api/v1/runs/${ids.waiting}`,
    '/api/v1/documents',
    '/api/v1/collections',
    '/api/v1/approvals',
    '/api/v1/workflows',
    '/api/v1/users',
    '/api/v1/usage?groupBy=workflow',
    '/api/v1/tenants/me/settings',
  ]
  const answers = await Promise.all(paths.map(async (path) => [path, await api.get<unknown>(path)] as const))
  const [report] = (await api.get<{ items: { id: string }[] }>(`/api/v1/runs/${ids.run}/reports`)).items
  const files = [`/api/v1/documents/${ids.document}/content`, `/api/v1/reports/${report?.id}/pdf`]
  const bytes = await Promise.all(files.map(async (path) => Buffer.from(await api.bytes(path)).toString('base64')))
  // When it was asked, and when the script that has the built-in workflows started.
  const isOfNow = (name: string, value: unknown) => name === 'from' || name === 'to' || Object(value).builtIn === true
  return JSON.parse(JSON.stringify({ ...Object.fromEntries(answers), bytes }, (name, value) => (isOfNow(name, value) ? undefined : value)))
}

describe('a backup of the installation', () => {
  test('is whole, and holds no secret in plain', async () => {
    const made = await downloadBackup({ url: from.url, token: from.adminToken }, file)
    expect(made).toMatchObject({ counts: { objects: { Run: 2, Tenant: 2 } } })
    expect(await checkBackup(file)).toEqual(made)
    expect(readFileSync(file).includes('canary-of-the-secret')).toBe(false)
    expect(readFileSync(file).includes(from.adminToken)).toBe(false)
  })

  test('that was changed, cut or lacks a part is refused before anything is taken', async () => {
    const bytes = readFileSync(file)
    const wrong = join(folder, 'wrong.steward')
    const refuses = async (changed: Uint8Array, sentence: RegExp) => {
      writeFileSync(wrong, changed)
      await expect(checkBackup(wrong)).rejects.toThrow(sentence)
    }
    const flipped = Buffer.from(bytes)
    flipped[bytes.length >> 1] = (flipped[bytes.length >> 1] ?? 0) ^ 1
    await refuses(flipped, /Part \d+ of the file|no backup|cut off/)
    await refuses(bytes.subarray(0, bytes.length - 5_000), /cut off/)
    const starts = [...bytes.toString('latin1').matchAll(/^STW1 [0-9a-f]{64} /gm)].map(({ index }) => index)
    await refuses(Buffer.concat([bytes.subarray(0, starts[3]), bytes.subarray(starts[4])]), /Part 3 of the file is missing/)
    await refuses(bytes.subarray(0, starts.at(-1)), /its last part is missing/)
  })

  test('gives an empty installation the same dashboards, and runs go on there', async () => {
    const restored = await uploadBackup({ url: whole.url, token: whole.adminToken }, file, undefined, silent)
    expect(restored).toMatchObject({ isFinished: true, still: 0 })
    expect(await seen(whole)).toEqual(before)
    await goesOn(whole)
    const login = { tenant: 'acme', email: tenant.email, password: tenant.password }
    expect(await createClient(whole.url, '').post('/api/v1/auth/login', login)).toHaveProperty('accessToken')
  })

  test('is refused by an installation that is not empty', async () => {
    const again = await downloadBackup({ url: from.url, token: from.adminToken }, join(folder, 'again.steward'))
    expect(again.counts.rows.tenants).toBe(1)
    await expect(
      uploadBackup({ url: whole.url, token: whole.adminToken }, join(folder, 'again.steward'), undefined, silent),
    ).rejects.toThrow(/409.*not empty/)
  })
})

describe('the archive of a tenant', () => {
  test('gives an installation with another master key the same dashboards, and runs go on there', async () => {
    const to = { url: other.url, token: 'other-operator' }
    await downloadBackup({ url: from.url, token: from.adminToken }, archive, { tenantId, key: archiveKey })
    await expect(uploadBackup(to, archive, randomBytes(32).toString('base64'), silent)).rejects.toThrow(/not the archive key/)
    await uploadBackup(to, archive, archiveKey, silent)
    expect(await seen(other)).toEqual(before)
    await goesOn(other)
  })

  test('is refused where the tenant is already', async () => {
    const second = join(folder, 'second.steward')
    await downloadBackup({ url: from.url, token: from.adminToken }, second, { tenantId, key: archiveKey })
    await expect(uploadBackup({ url: other.url, token: 'other-operator' }, second, archiveKey, silent)).rejects.toThrow(
      /409.*id is here already/,
    )
  })
})

async function goesOn(served: Served): Promise<void> {
  const api = client(served)
  const { approvals } = await api.get<{ approvals: { id: string }[] }>(`/api/v1/runs/${ids.waiting}`)
  await api.put(
    `/api/v1/runs/${ids.waiting}/continue`,
    JSON.stringify({ approvalId: approvals[0]?.id, decision: 'approve' }),
    'application/json',
  )
  await untilStatus(api, ids.waiting, 'completed')
}
