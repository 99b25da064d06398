import { takeArchivedKeys } from './adapters/archive-keys'
import { countRows, LAST_TABLE, readMigrations, tablesOf, writeRows } from './adapters/d1-backup-rows'
import { createD1Restores, type Restore, type Restores } from './adapters/d1-restores'
import { writePiece } from './adapters/r2-backup-files'
import { awakenSome, takeObject } from './awakening'
import { count } from './backup'
import { NO_CHAIN, type Part, readParts } from './domain/backup-parts'
import { BACKUP_FORMAT, type BackupCounts, type ImportTerms, type Manifest, noCounts, type RestoreProgress } from './domain/backups'
import { AppError } from './domain/error'
import { residencyOf } from './domain/placement'
import { type Env, keyRoomOf } from './env'
import { countStored, forgetStorage, openedTenant, requireOwnRoles, setPlan } from './import-terms'
import { canPlace, databaseOf, filesOf, shardsOf } from './placed'

/** Progress is stored this often; what was taken since then is taken again after a crash, which changes nothing. */
const PARTS_PER_SAVE = 20

export interface RestoreScope {
  /** Goes on with this one; absent: the body begins with the manifest. */
  restoreId?: string | undefined
  /** The key of an archive of one tenant; absent: a whole installation. */
  archiveKey?: Uint8Array<ArrayBuffer>
  plan?: ImportTerms['plan'] | undefined
  residency?: ImportTerms['residency'] | undefined
}
const clock = { now: () => new Date() }

/** Whether the upkeep has to wait: what is being restored must not be tended yet. */
export const isRestoring = (env: Pick<Env, 'DB'>): Promise<boolean> => createD1Restores(env.DB, clock).isOpen()

/**
 * Takes parts of a backup in their order, any number at a time.
 *
 * 1. Everything is checked before it is written, and the counts at the end against what is stored.
 * 2. A part that was taken is passed over, so a restore goes on after whatever broke it, by sending the file again.
 * 3. Restored objects lie still until all parts are there and right; then each request awakens some.
 */
export async function takeParts(env: Env, scope: RestoreScope, body: AsyncIterable<Uint8Array>): Promise<RestoreProgress> {
  const restores = createD1Restores(env.DB, clock)
  const { restoreId } = scope
  let restore = restoreId === undefined ? undefined : await begun(restores, scope, restoreId)
  let unsaved = 0
  for await (const part of readParts(body, (n) => (n === 0 ? NO_CHAIN : restore?.parts === n ? restore.chain : undefined))) {
    if ('more' in part) continue
    if (part.head.kind === 'manifest') restore = await open(env, scope, restores, part.head, part)
    if (restore === undefined) throw new AppError('invalid', 'Send the first part of the file, its manifest, before the others.')
    if (part.n === restore.parts - 1 && part.chain !== restore.chain)
      throw new AppError('conflict', 'This is not the file that this restore began with.', { reason: 'corrupt' })
    if (part.n < restore.parts || restore.verifiedAt !== null) continue
    if (part.n > restore.parts) throw new AppError('conflict', `Part ${restore.parts} of the file comes next; send it from there.`)
    const wasOpen = restore.upload !== null
    restore = await take(env, scope, restores, restore, part)
    unsaved += 1
    if (unsaved < PARTS_PER_SAVE && !wasOpen && restore.upload === null) continue
    await restores.save(restore)
    unsaved = 0
  }
  if (restore === undefined) throw new AppError('invalid', 'The body holds no part of a backup.')
  const { tenantId: imported } = restore
  if (scope.plan !== undefined && imported !== null && restore.verifiedAt !== null && restore.finishedAt === null)
    await setPlan(env, imported, scope.plan)
  if (restore.verifiedAt !== null && restore.finishedAt === null && (await awakenSome(env, restores, restore.id)) === 0)
    restore = { ...restore, finishedAt: clock.now().toISOString() }
  await restores.save(restore)
  const { id, parts, tenantId, finishedAt, counts } = restore
  const still = await restores.countStill(id)
  return { id, parts, still, isFinished: finishedAt !== null, counts, ...(tenantId !== null && { tenantId }) }
}

async function begun(restores: Restores, { archiveKey }: RestoreScope, id: string): Promise<Restore> {
  const restore = await restores.find(id)
  if (restore === undefined || (restore.tenantId === null) !== (archiveKey === undefined))
    throw new AppError('not_found', 'There is no such restore here; send the file from its beginning.')
  return restore
}

async function take(env: Env, scope: RestoreScope, restores: Restores, restore: Restore, { head, body, n, chain }: Part): Promise<Restore> {
  const tenantId = restore.tenantId ?? undefined
  const next: Restore = { ...restore, parts: n + 1, chain }
  const text = () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(body)
  if (head.kind === 'keys') {
    if (scope.archiveKey === undefined || tenantId === undefined) throw new AppError('invalid', 'Only an archive of a tenant has keys.')
    await takeArchivedKeys(keyRoomOf(env), { id: restore.id, tenantId, key: scope.archiveKey }, text())
  }
  if (head.kind === 'rows') {
    const isTenant = head.table === LAST_TABLE
    if (tenantId !== undefined && head.table === 'custom_roles') requireOwnRoles(head.columns, text())
    const places = { directory: env.DB, contentOf: (id: string) => databaseOf(env, id) }
    await writeRows(places, head, isTenant && tenantId !== undefined ? openedTenant(head.columns, text()) : text(), tenantId)
    if (isTenant) await requireOpened(env, text())
  }
  if (head.kind === 'object') await takeObject({ env, restores, restore }, head, text())
  if (head.kind === 'file') {
    if (tenantId !== undefined && !head.key.startsWith(`tenants/${tenantId}/`))
      throw new AppError('invalid', 'A file is of another tenant.')
    const { open: upload, isWhole } = await writePiece(bucketOf(env, head.bucket, tenantId), { head, body }, restore.upload)
    if (tenantId !== undefined && isWhole) await countStored(databaseOf(env, tenantId), tenantId, head, head.offset + body.length)
    next.upload = upload
  }
  if (head.kind === 'end') return await verified(env, next, head.counts)
  count(next.counts, head, body.length)
  return next
}

function bucketOf(env: Env, name: string, tenantId: string | undefined): R2Bucket {
  if (tenantId !== undefined) return filesOf(env, tenantId)
  const buckets: Record<string, R2Bucket | undefined> = {
    ...{ FILES: env.FILES, FILES_EU: env.FILES_EU, FILES_US: env.FILES_US, FILES_APAC: env.FILES_APAC, FILES_FEDRAMP: env.FILES_FEDRAMP },
  }
  const bucket = buckets[name]
  if (bucket === undefined) throw new AppError('unavailable', `The backup has files of the bucket ${name}; add the binding and go on.`)
  return bucket
}

/** The restore of this file, begun now or before. Refuses another format, missing migrations, and what is not empty. */
async function open(env: Env, scope: RestoreScope, restores: Restores, manifest: Manifest, part: Part): Promise<Restore> {
  const known = await restores.find(manifest.id)
  if (known !== undefined) return await begun(restores, scope, manifest.id)
  if (manifest.format !== BACKUP_FORMAT)
    throw new AppError('invalid', `The file has format ${manifest.format}; this version reads format ${BACKUP_FORMAT}.`, {
      reason: 'format',
    })
  const applied = await Promise.all(shardsOf(env).map(readMigrations))
  const missing = manifest.migrations.filter((name) => !applied.every((names) => names.includes(name)))
  if (missing.length > 0)
    throw new AppError('conflict', `The file needs the migrations ${missing.join(', ')}; apply them and try again.`, {
      reason: 'migrations',
    })
  await (scope.archiveKey === undefined ? requireEmpty(env, manifest) : requireFree(env, manifest, scope))
  const { id, createdAt, tenantId = null } = manifest
  return await restores.begin({ id, tenantId, createdAt, parts: part.n + 1, chain: part.chain, counts: noCounts() })
}

/** Made by every installation for itself: the restored ones take their place. */
const OWN_TABLES = ['signing_keys']

async function requireEmpty(env: Env, manifest: Manifest): Promise<void> {
  if (manifest.tenantId !== undefined)
    throw new AppError('invalid', 'This is the archive of one tenant; send it to POST /api/v1/tenants/import.', { reason: 'scope' })
  const tables = [...tablesOf('installation'), LAST_TABLE].filter((name) => !OWN_TABLES.includes(name))
  const full = Object.entries(await countRows(shardsOf(env), tables)).find(([, rows]) => rows > 0)
  const { objects } = await env.FILES.list({ limit: 1 })
  if (full !== undefined || objects.length > 0)
    throw new AppError('conflict', `This installation is not empty (${full?.[0] ?? 'files'}); restore into a new one.`, {
      reason: 'not_empty',
    })
  await env.DB.batch(OWN_TABLES.map((table) => env.DB.prepare(`DELETE FROM ${table}`)))
}

async function requireFree(env: Env, { tenantId }: Manifest, { residency: wanted = 'none' }: RestoreScope): Promise<void> {
  if (tenantId === undefined)
    throw new AppError('invalid', 'This is the backup of a whole installation; send it to POST /api/v1/operations/restore.', {
      reason: 'scope',
    })
  const residency = residencyOf(tenantId)
  if (residency !== wanted)
    throw new AppError(
      'invalid',
      `The id of the tenant places it in '${residency}' and the import in '${wanted}'; name \`residency=${residency}\` to take it so.`,
      { reason: 'residency' },
    )
  if (!canPlace(env, residency))
    throw new AppError('unavailable', `This installation keeps no data in '${residency}'; its operator can add the bucket and D1 for it.`, {
      reason: 'residency',
    })
  const tables = [...tablesOf('tenant'), LAST_TABLE, 'data_keys', 'tenant_erasures']
  const full = Object.entries(await countRows(shardsOf(env), tables, tenantId)).find(([, rows]) => rows > 0)
  const { objects } = await filesOf(env, tenantId).list({ prefix: `tenants/${tenantId}/`, limit: 1 })
  if (full !== undefined || objects.length > 0)
    throw new AppError('conflict', `A tenant with this id is here already, or was deleted here (${full?.[0] ?? 'files'}).`, {
      reason: 'taken',
    })
}

/** Compares what was taken with what the file says, and with what is stored. */
async function verified(env: Env, restore: Restore, said: BackupCounts): Promise<Restore> {
  const tenantId = restore.tenantId ?? undefined
  const stored = await countRows(shardsOf(env), Object.keys(said.rows), tenantId)
  const wrong = Object.entries(said.rows).find(([table, rows]) => restore.counts.rows[table] !== rows || stored[table] !== rows)
  if (wrong !== undefined) {
    if (tenantId !== undefined) await env.DB.prepare('DELETE FROM tenants WHERE id = ?').bind(tenantId).run()
    throw new AppError('conflict', sentenceOf(wrong, stored[wrong[0]]), { reason: 'counts' })
  }
  for (const name of ['files', 'fileBytes'] as const)
    if (restore.counts[name] !== said[name])
      throw new AppError('invalid', `The file says ${said[name]} ${name}, and holds ${restore.counts[name]}.`)
  for (const [kind, objects] of Object.entries(said.objects))
    if (restore.counts.objects[kind] !== objects) throw new AppError('invalid', `Objects of the class ${kind} are missing in the file.`)
  if (tenantId !== undefined) await forgetStorage(databaseOf(env, tenantId), tenantId)
  return { ...restore, verifiedAt: clock.now().toISOString() }
}

/** Refuses before the part counts as taken, so that it is taken again once the slug is free. */
async function requireOpened(env: Env, lines: string): Promise<void> {
  const tenants = lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown[])
  const { results } = await env.DB.prepare("SELECT id FROM tenants WHERE id IN (SELECT json_extract(value, '$[0]') FROM json_each(?))")
    .bind(`[${lines.trim().split('\n').join(',')}]`)
    .all()
  if (results.length < tenants.length)
    throw new AppError('conflict', 'The slug of a tenant is taken here; rename the tenant that has it and send the file again.', {
      reason: 'slug',
    })
}

const sentenceOf = ([table, rows]: [string, number], stored = 0): string =>
  `The table ${table} has ${stored} rows where the file has ${rows}: something here has the same ids.`
