import { applyD1Migrations, env as bindings } from 'cloudflare:test'
import { vi } from 'vitest'
import { createD1Secrets } from '../../workers/adapters/d1-secrets'
import { FILE_PART_BYTES } from '../../workers/adapters/r2-backup-files'
import { createTenantVault } from '../../workers/adapters/tenant-vault'
import { startOf, writeBackup } from '../../workers/backup'
import { encodePart, joined, NO_CHAIN, type Part, readParts } from '../../workers/domain/backup-parts'
import { unwrap } from '../../workers/domain/error'
import type { Residency } from '../../workers/domain/placement'
import { openDoors } from '../../workers/doors'
import { type Env, keyRoomOf } from '../../workers/env'
import { takeParts } from '../../workers/restore'
import { otherInstallation } from './other-installation'

export const env = bindings as unknown as Env & { MIGRATIONS: Parameters<typeof applyD1Migrations>[1] }
export const other = otherInstallation(env)
export const OPERATOR = 'operator-token'
export const KEY = new Uint8Array(32).fill(7)
const WAITS = `
name: waits
title: Waits for a person
steps:
  - id: ask
    approval:
      title: May it go on?
`

export async function ask(at: Env, token: string, method: string, path: string, body?: unknown, type = 'application/json') {
  const { app } = await openDoors(at)
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const headers = { Authorization: `Bearer ${token}`, ...(body !== undefined && { 'Content-Type': type }) }
  const response = await app.request(path, { method, headers, ...(body !== undefined && { body: text }) }, at)
  const answer = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer}`)
  return answer === '' ? undefined : JSON.parse(answer)
}

export interface Member {
  id: string
  key: string
  document: string
  run: string
}

/** Both installations with their tables. */
export async function migrate(): Promise<void> {
  for (const shard of [env, other].flatMap(({ DB, DB_EU }) => [DB, ...(DB_EU ? [DB_EU] : [])]))
    await applyD1Migrations(shard, env.MIGRATIONS)
}

/** A tenant with a document, a collection, a run that waits for a person, a secret and a long file. */
export async function seed(slug: string, residency: Residency = 'none'): Promise<Member> {
  const order = { residency, slug, name: slug, adminEmail: `admin@${slug}.example`, adminPassword: 'long enough to be one' }
  const { tenant, apiKey } = await ask(env, OPERATOR, 'POST', '/api/v1/tenants', order)
  const { document } = await ask(env, apiKey.key, 'POST', '/api/v1/documents', `A note of ${slug}.`, 'text/plain')
  await ask(env, apiKey.key, 'PUT', '/api/v1/workflows/waits', WAITS, 'application/yaml')
  const { id: runId } = await ask(env, apiKey.key, 'POST', '/api/v1/workflows/execute', { workflow: 'waits', input: {} })
  const asked = async () => (await ask(env, apiKey.key, 'GET', '/api/v1/approvals')).items.length === 1
  await vi.waitUntil(asked, { timeout: 20_000, interval: 50 })
  await ask(env, apiKey.key, 'PUT', '/api/v1/tenants/me/secrets/erp', { value: `canary-${slug}`, hosts: [`${slug}.example`] })
  await ask(env, apiKey.key, 'POST', '/api/v1/collections', { name: 'notes' })
  await env.KNOWLEDGE.getByName(`${tenant.id}/notes`).index({
    tenantId: tenant.id,
    document: {
      documentId: document.id,
      name: 'note',
      metadata: {},
      chunks: [{ id: 'chk_1', text: `note of ${slug}`, context: '', span: { page: 1, start: 0, end: 4, quote: 'note' } }],
    },
    encoder: { model: 'test', dimensions: 2 },
    vectors: Float32Array.from([1, 0]),
  })
  await env.FILES.put(`tenants/${tenant.id}/änderung 日本`, slug)
  await env.FILES.put(`tenants/${tenant.id}/long`, new Uint8Array(FILE_PART_BYTES + 100).fill(5), {
    httpMetadata: { contentType: 'x/y' },
    customMetadata: { sealed: '1' },
  })
  return { id: tenant.id, key: apiKey.key, document: document.id, run: runId }
}

const SEEN = [
  'runs',
  'documents',
  'collections',
  'approvals',
  'workflows',
  'users',
  'usage?groupBy=workflow',
  'tenants/me/settings',
  'tenants/me/secrets',
  'budgets',
  'roles',
]
export async function seen(at: Env, { key, document, run }: Member) {
  const paths = [...SEEN, `runs/${run}`, `runs/${run}/steps`, `runs/${run}/logs`, `documents/${document}`]
  const answers = await Promise.all(paths.map(async (path) => [path, await ask(at, key, 'GET', `/api/v1/${path}`)]))
  // When it was asked, and when the script that has the built-in workflows started.
  return JSON.parse(
    JSON.stringify(Object.fromEntries(answers), (name, value) =>
      name === 'from' || name === 'to' || value?.builtIn === true ? undefined : value,
    ),
  )
}
export const secretOf = (at: Env, { id }: Member) =>
  createD1Secrets(at.DB, id, createTenantVault({ ...keyRoomOf(at), tenantId: id })).get('erp')
export const searched = async (at: Env, { id }: Member) =>
  unwrap(
    await at.KNOWLEDGE.getByName(`${id}/notes`).search({
      ...{
        tenantId: id,
        limit: 5,
        texts: ['note'],
        encoder: { model: 'test', dimensions: 2 },
        vectors: [Float32Array.from([1, 0])],
        deadlineMs: 5_000,
      },
      ranking: { vectorWeight: 1, leastProduct: 0.2, halfTrustLength: 0 },
    }),
  ).hits

/** The whole file, stretch by stretch. `meanwhile` sees the beginning of each part before the next is read. */
export async function backup(
  scope: Parameters<typeof writeBackup>[1] = {},
  meanwhile: (beginning: string) => Promise<void> = async () => undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = []
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    for await (const piece of writeBackup(env, scope, startOf(cursor), { steps: 4, bytes: 1e9 })) {
      pieces.push(piece)
      await meanwhile(new TextDecoder().decode(piece.subarray(0, 300)))
    }
    cursor = /^STW1 more (\S+)\n$/.exec(new TextDecoder().decode(pieces.at(-1)?.subarray(0, 9_000)))?.[1]
  }
  return joined(pieces)
}
export const streamOf = (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes]).stream()
export async function partsOf(file: Uint8Array<ArrayBuffer>): Promise<Part[]> {
  const parts: Part[] = []
  for await (const part of readParts(streamOf(file))) if (!('more' in part)) parts.push(part)
  return parts
}
export const bytesOf = (parts: readonly Part[]) =>
  joined(parts.flatMap(({ line, body }) => [new TextEncoder().encode(`${line}\n`), body, new TextEncoder().encode('\n')]))
/** Parts with what was done to them, as somebody would write them who knows the format. */
export async function rewritten(
  parts: readonly Part[],
  change: (part: Part) => Pick<Part, 'head' | 'body'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = []
  let chain = NO_CHAIN
  for (const part of parts) {
    const { head, body } = change(part)
    const encoded = await encodePart(part.n, head, body, chain)
    chain = encoded.chain
    pieces.push(encoded.bytes)
  }
  return joined(pieces)
}

export const restore = async (file: Uint8Array<ArrayBuffer>, archiveKey?: Uint8Array<ArrayBuffer>) => {
  let progress = await takeParts(other, { ...(archiveKey && { archiveKey }) }, streamOf(file))
  while (!progress.isFinished)
    progress = await takeParts(other, { restoreId: progress.id, ...(archiveKey && { archiveKey }) }, streamOf(new Uint8Array()))
  return progress
}
