/**
 * What `npm run backup` and `npm run restore` share: a file is read from an installation stretch by stretch, checked as it comes, and sent
 * into another in bodies of bounded size.
 */

import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { registerHooks } from 'node:module'
import type { Part } from '../workers/domain/backup-parts.ts'
import type { BackupCounts, Manifest, RestoreProgress } from '../workers/domain/backups.ts'

// The Worker's sources name no file extensions; Node wants them.
registerHooks({
  resolve: (specifier, context, next) => {
    const isSource = context.parentURL?.includes('/workers/domain/') === true && specifier.startsWith('.')
    return next(isSource && !/\.[a-z]+$/.test(specifier) ? `${specifier}.ts` : specifier, context)
  },
})
const { readParts, joined, NO_CHAIN } = await import('../workers/domain/backup-parts.ts')

/** A request is far below the 100 MB that the platform takes, and its parts below the calls that one invocation may make. */
const BODY_BYTES = 24 * 1024 * 1024
const BODY_PARTS = 60
const MEDIA_TYPE = 'application/vnd.steward.backup'

export interface Installation {
  url: string
  /** `STEWARD_ADMIN_TOKEN`, or for an archive of the own tenant an API key. */
  token: string
}
export interface Archive {
  tenantId: string
  key: string
}

/** What a file holds, as its parts say. */
export interface BackupSummary {
  id: string
  tenantId?: string
  createdAt: string
  parts: number
  bytes: number
  counts: BackupCounts
}

/** Writes the whole file; throws for anything that is wrong with it, and the file is not to be used then. */
export async function downloadBackup(from: Installation, file: string, archive?: Archive): Promise<BackupSummary> {
  const output = createWriteStream(file, { mode: 0o600 })
  try {
    return await summarise(
      stretches(from, archive, async (piece) => {
        if (!output.write(piece)) await once(output, 'drain')
      }),
    )
  } finally {
    output.end()
    await once(output, 'close')
  }
}

/** All stretches as one; each is handed to `keep` as it comes, without the lines between them. */
async function* stretches(
  from: Installation,
  archive: Archive | undefined,
  keep: (piece: Uint8Array) => Promise<void>,
): AsyncGenerator<Part> {
  const path = archive === undefined ? '/api/v1/operations/backup' : `/api/v1/tenants/${archive.tenantId}/archive`
  let before = { n: 0, chain: NO_CHAIN }
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const url = new URL(path, from.url)
    if (cursor !== '') url.searchParams.set('cursor', cursor)
    const response = await fetch(url, { headers: headersOf(from, archive) })
    if (!response.ok || response.body === null) throw new Error(`The installation answered ${response.status}: ${await response.text()}`)
    cursor = undefined
    const { n, chain } = before
    for await (const part of readParts(response.body, (first) => (first === n ? chain : undefined))) {
      if ('more' in part) cursor = part.more
      else {
        before = { n: part.n + 1, chain: part.chain }
        await keep(encoded(part))
        yield part
      }
    }
  }
}

/** Reads a whole file and checks every part of it, before anything is sent anywhere. */
export const checkBackup = (file: string): Promise<BackupSummary> => summarise(partsIn(file))

async function summarise(parts: AsyncIterable<Part>): Promise<BackupSummary> {
  let manifest: Manifest | undefined
  let counts: BackupCounts | undefined
  let [number, bytes] = [0, 0]
  for await (const part of parts) {
    if (part.n !== number || (number === 0) !== (part.head.kind === 'manifest')) throw new Error(`Part ${number} of the file is missing.`)
    if (counts !== undefined) throw new Error('The file goes on after its end.')
    if (part.head.kind === 'manifest') manifest = part.head
    if (part.head.kind === 'end') counts = part.head.counts
    number += 1
    bytes += encoded(part).length
  }
  if (manifest === undefined || counts === undefined) throw new Error('The file is cut off: its last part is missing.')
  const { id, tenantId, createdAt } = manifest
  return { id, ...(tenantId !== undefined && { tenantId }), createdAt, parts: number, bytes, counts }
}

async function* partsIn(file: string): AsyncGenerator<Part> {
  for await (const part of readParts(createReadStream(file))) if (!('more' in part)) yield part
}

/** Where an archive goes, and what the operator decides of the tenant there. */
export interface Destination extends Installation {
  plan?: string | undefined
  residency?: string | undefined
}

/** Sends a checked file, from where the installation has it. */
export async function uploadBackup(
  to: Destination,
  file: string,
  archiveKey: string | undefined,
  say: (line: string) => void,
): Promise<RestoreProgress> {
  const send = async (body: Uint8Array<ArrayBuffer>, restore?: string): Promise<RestoreProgress> => {
    const url = new URL(archiveKey === undefined ? '/api/v1/operations/restore' : '/api/v1/tenants/import', to.url)
    if (restore !== undefined) url.searchParams.set('restore', restore)
    for (const name of ['plan', 'residency'] as const)
      if (archiveKey !== undefined && to[name] !== undefined) url.searchParams.set(name, to[name])
    const headers = { ...headersOf(to, archiveKey === undefined ? undefined : { key: archiveKey }), 'content-type': MEDIA_TYPE }
    const response = await fetch(url, { method: 'POST', headers, body })
    if (!response.ok) throw new Error(`The installation answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as RestoreProgress
  }
  let progress: RestoreProgress | undefined
  let held: Uint8Array[] = []
  const flush = async () => {
    if (held.length === 0) return
    progress = await send(joined(held), progress?.id)
    held = []
    say(`${progress.parts} parts taken`)
  }
  for await (const part of partsIn(file)) {
    if (progress !== undefined && part.n < progress.parts) continue
    held.push(encoded(part))
    if (part.n === 0 || held.length >= BODY_PARTS || held.reduce((sum, { length }) => sum + length, 0) >= BODY_BYTES) await flush()
  }
  await flush()
  if (progress === undefined) throw new Error('The file is empty.')
  while (!progress.isFinished) {
    progress = await send(new Uint8Array(), progress.id)
    if (!progress.isFinished) say(`${progress.still} objects to awaken`)
  }
  return progress
}

const encoded = ({ line, body }: Part): Uint8Array<ArrayBuffer> =>
  joined([new TextEncoder().encode(`${line}\n`), body, new TextEncoder().encode('\n')])

const headersOf = ({ token }: Installation, archive: Pick<Archive, 'key'> | undefined): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  ...(archive && { 'x-archive-key': archive.key }),
})

/** The operator's token from the environment: never an argument, which other users of the machine could read. */
export function operatorToken(): string {
  const token = process.env.STEWARD_ADMIN_TOKEN
  if (token === undefined || token === '') throw new Error("Set STEWARD_ADMIN_TOKEN to the operator's token of that installation.")
  return token
}

export const shownCounts = ({ rows, objects, files, fileBytes }: BackupCounts): string => {
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, each) => total + each, 0)
  const kinds = Object.entries(objects).map(([kind, count]) => `${count} ${kind}`)
  return `${sum(rows)} rows of ${Object.keys(rows).length} tables, ${sum(objects)} objects (${kinds.join(', ')}), ${files} files of ${(fileBytes / 1e6).toFixed(1)} MB`
}
