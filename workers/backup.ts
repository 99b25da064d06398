import { archiveKeys } from './adapters/archive-keys'
import { LAST_TABLE, readMigrations, readRows, tablesOf } from './adapters/d1-backup-rows'
import { isOfDirectory } from './adapters/d1-shards'
import { listFiles, readFile } from './adapters/r2-backup-files'
import { BackupPlace } from './backup-place'
import { INSTALLATION } from './domain/audit'
import { encodePart, failedLine, moreLine, NO_CHAIN } from './domain/backup-parts'
import { BACKUP_FORMAT, type BackupCounts, noCounts, type ObjectClass, type PartHead } from './domain/backups'
import { AppError, toRefusal } from './domain/error'
import { dumpedObject } from './dumped-objects'
import { readObject } from './dumped-reading'
import { type Env, keyRoomOf } from './env'
import { DATABASES, databaseOf, filesOf } from './placed'

/** A response ends after so many steps, within the 1,000 subrequests of one invocation, or so many bytes. */
const STRETCH = { steps: 250, bytes: 64 * 1024 * 1024 }
const NAMES_PER_STEP = 100

export interface BackupScope {
  tenantId?: string
  archiveKey?: Uint8Array<ArrayBuffer>
}
type State = BackupPlace

/** One thing that was read. `after`: where to go on behind it; absent: nothing may be cut here. */
interface Piece {
  head?: PartHead
  body?: Uint8Array<ArrayBuffer>
  after?: string
}
type Stage = (after: string, state: State) => AsyncGenerator<Piece>

/**
 * A stretch of a backup. The order makes a restore of what a live installation gave whole: rows of D1 first, then the objects that they
 * name, then the files that both name, so everything that is named is there; tenants last, because they open what belongs to them.
 */
export async function* writeBackup(env: Env, scope: BackupScope, start: BackupPlace, most = STRETCH): AsyncGenerator<Uint8Array> {
  let state = start
  const stages = stagesOf(env, scope)
  let [steps, bytes] = [0, 0]
  try {
    for (; state.stage < stages.length; state = { ...state, stage: state.stage + 1, after: '' }) {
      for await (const { head, body = new Uint8Array(), after } of stages[state.stage]?.(state.after, state) ?? []) {
        steps += 1
        if (head !== undefined) {
          const part = await encodePart(state.parts, head, body, state.chain)
          state = { ...state, parts: state.parts + 1, chain: part.chain }
          bytes += part.bytes.length
          count(state.counts, head, body.length)
          yield part.bytes
        }
        if (after !== undefined) state = { ...state, after }
        if (after === undefined || (steps < most.steps && bytes < most.bytes)) continue
        yield moreLine(encode(state))
        return
      }
    }
  } catch (thrown) {
    const { code, message } = toRefusal(thrown)
    console.error(JSON.stringify({ message: 'a backup broke off', code, error: String(thrown) }))
    yield failedLine(message)
  }
}

/** Where a cursor says that the file goes on; `''` begins one. Refuses `invalid` what is no cursor. */
export function startOf(cursor: string): BackupPlace {
  const place = cursor === '' ? { success: true as const, data: newState() } : BackupPlace.safeParse(decode(cursor))
  if (place.success) return place.data
  throw new AppError('invalid', 'The cursor is none that a backup gave; begin without one.')
}

const newState = (): State => ({
  ...{ id: `bak_${crypto.randomUUID()}`, createdAt: new Date().toISOString() },
  ...{ stage: 0, after: '', parts: 0, chain: NO_CHAIN, counts: noCounts() },
})

function stagesOf(env: Env, scope: BackupScope): Stage[] {
  const { tenantId } = scope
  return [
    manifest(env, scope),
    ...(tenantId === undefined ? [] : [keys(env, scope)]),
    ...tablesOf(tenantId === undefined ? 'installation' : 'tenant').flatMap((table) =>
      shardsWith(env, scope, table).map((shard) => rowsOf(shard, scope, table)),
    ),
    ...(tenantId === undefined ? [only('Tenant', INSTALLATION)(env), ...objects(env, 'Tenant', scope)] : [only('Tenant', tenantId)(env)]),
    ...objects(env, 'Knowledge', scope),
    ...objects(env, 'Run', scope),
    ...buckets(env, scope).map(([name, bucket]) => files(name, bucket, tenantId === undefined ? '' : `tenants/${tenantId}/`)),
    rowsOf(env.DB, scope, LAST_TABLE),
    async function* end(_, { counts }) {
      yield { head: { kind: 'end', counts } }
    },
  ]
}

const manifest = (env: Env, { tenantId }: BackupScope): Stage =>
  async function* (_, { id, createdAt }) {
    const tables = [...tablesOf(tenantId === undefined ? 'installation' : 'tenant'), LAST_TABLE]
    const migrations = await readMigrations(env.DB)
    yield { head: { kind: 'manifest', format: BACKUP_FORMAT, id, ...(tenantId && { tenantId }), createdAt, migrations, tables } }
  }

const keys = (env: Env, { tenantId, archiveKey }: BackupScope): Stage =>
  async function* (_, { id }) {
    if (tenantId === undefined || archiveKey === undefined) throw new AppError('internal', 'An archive needs its tenant and its key.')
    const { lines, rows } = await archiveKeys(keyRoomOf(env), { id, tenantId, key: archiveKey })
    yield { head: { kind: 'keys', rows }, body: bytesOf(lines) }
  }

/**
 * The shards with rows of a table. Of a whole installation one for each binding there is, undefined where it is not bound: so the stages of
 * a backup are the same whatever is bound.
 */
const shardsWith = (env: Env, { tenantId }: BackupScope, table: string): (D1Database | undefined)[] => {
  if (isOfDirectory(table)) return [env.DB]
  return tenantId === undefined ? DATABASES.map((name) => env[name]) : [databaseOf(env, tenantId)]
}

const rowsOf = (shard: D1Database | undefined, { tenantId }: BackupScope, table: string): Stage =>
  async function* (after, { createdAt }) {
    if (shard === undefined) return
    // A tenant that was made since has none of its rows in the file.
    const only = { ...(tenantId !== undefined && { tenantId }), ...(table === LAST_TABLE && { createdBy: createdAt }) }
    for (let from: number | undefined = Number(after); from !== undefined; ) {
      const page = await readRows(shard, table, from, only)
      if (page === undefined) return
      yield { head: page.head, body: bytesOf(page.lines), ...(page.after !== undefined && { after: String(page.after) }) }
      from = page.after
    }
  }

const only =
  (kind: ObjectClass, name: string) =>
  (env: Env): Stage =>
    async function* () {
      yield* readObject(() => dumpedObject(env, { class: kind, tenantId: name, name }), { class: kind, tenantId: name, name })
    }

/** What names the objects of a class, by its table: row number, tenant, name. Those that began since have no rows in the file. */
const NAMES = {
  Tenant: ['tenants', 'id AS tenant, id AS name', 'id'],
  Knowledge: ['collections', 'tenant_id AS tenant, name', 'tenant_id'],
  Run: ['runs', 'tenant_id AS tenant, id AS name', 'tenant_id'],
} as const satisfies Record<ObjectClass, [table: string, columns: string, tenant: string]>

const objects = (env: Env, kind: ObjectClass, scope: BackupScope): Stage[] =>
  shardsWith(env, scope, NAMES[kind][0]).map((shard) => objectsIn(env, shard, kind, scope))

const objectsIn = (env: Env, shard: D1Database | undefined, kind: ObjectClass, { tenantId }: BackupScope): Stage =>
  async function* (after, { createdAt }) {
    const [table, columns, owner] = NAMES[kind]
    const page = `SELECT rowid, ${columns} FROM ${table} WHERE rowid > ?1 AND created_at <= ?2 AND (?3 IS NULL OR ${owner} = ?3)
      ORDER BY rowid LIMIT ${NAMES_PER_STEP}`
    for (let from = Number(after); shard !== undefined; ) {
      const { results } = await shard
        .prepare(page)
        .bind(from, createdAt, tenantId ?? null)
        .all<{ rowid: number; tenant: string; name: string }>()
      for (const { rowid, tenant, name } of results) {
        const object = { class: kind, tenantId: tenant, name }
        yield* readObject(() => dumpedObject(env, object), object)
        yield { after: String(rowid) }
        from = rowid
      }
      if (results.length < NAMES_PER_STEP) return
    }
  }

const files = (name: string, bucket: R2Bucket, prefix: string): Stage =>
  async function* (after) {
    for (let from = after === '' ? undefined : after; ; ) {
      const { objects: listed, truncated } = await listFiles(bucket, prefix, from)
      for (const file of listed) {
        yield* readFile(bucket, name, file)
        yield { after: file.key }
        from = file.key
      }
      if (!truncated) return
    }
  }

const BUCKETS = ['FILES', 'FILES_EU', 'FILES_US', 'FILES_APAC', 'FILES_FEDRAMP'] as const

function buckets(env: Env, { tenantId }: BackupScope): [string, R2Bucket][] {
  if (tenantId !== undefined) return [['FILES', filesOf(env, tenantId)]]
  return BUCKETS.flatMap((name): [string, R2Bucket][] => {
    const bucket = env[name]
    return bucket === undefined ? [] : [[name, bucket]]
  })
}

/** Counts what is whole with this part: on both sides, so that both come to the same. */
export function count(counts: BackupCounts, head: PartHead, bytes: number): void {
  if (head.kind === 'rows') counts.rows[head.table] = (counts.rows[head.table] ?? 0) + head.rows
  if (head.kind === 'object' && head.isLast) counts.objects[head.class] = (counts.objects[head.class] ?? 0) + 1
  if (head.kind !== 'file' || head.offset + bytes < head.size) return
  counts.files += 1
  counts.fileBytes += head.size
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text))
/** `btoa` takes no letters beyond one byte, which a file may have in its key. */
const inAscii = (text: string): string => text.replace(/[^\0-~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
const encode = (state: State): string =>
  btoa(inAscii(JSON.stringify(state)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')

function decode(cursor: string): unknown {
  try {
    return JSON.parse(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')))
  } catch {
    return undefined
  }
}
