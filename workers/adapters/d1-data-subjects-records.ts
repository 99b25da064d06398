import type { SubjectRecord } from '../domain/subject-search'
import type { SubjectPorts } from '../domain/subject-work'
import { holderOf, type Shards } from './d1-shards'

interface Place {
  table: string
  kind: SubjectRecord['kind']
  /** What it is found by again: the id of an account or code, a name of a setting. */
  ref: string
  columns: string[]
  /** What an erasure does to the row; a row without it stays, because its text is a version that runs are pinned to, or a name. */
  onErase?: 'redact' | 'delete'
}

/** Rows that may name a person and are neither documents nor runs. */
const PLACES: Place[] = [
  { table: 'users', kind: 'user', ref: 'id', columns: ['email', 'name'] },
  {
    table: 'provisioned_users',
    kind: 'user',
    ref: 'user_id',
    columns: ['given_name', 'family_name', 'user_name', 'shown_user_name', 'external_id'],
  },
  { table: 'passkeys', kind: 'user', ref: 'user_id', columns: ['name'] },
  { table: 'one_time_tokens', kind: 'mailed_code', ref: 'id', columns: ['email'] },
  { table: 'workflow_versions', kind: 'record', ref: "name || '/' || version", columns: ['source'] },
  { table: 'prompt_versions', kind: 'record', ref: "name || '/' || version", columns: ['text', 'note', 'tests'] },
  { table: 'collections', kind: 'record', ref: 'name', columns: ['name'] },
  { table: 'custom_roles', kind: 'record', ref: 'name', columns: ['name'] },
  { table: 'custom_roles', kind: 'record', ref: 'name', columns: ['description'], onErase: 'redact' },
  { table: 'api_keys', kind: 'record', ref: 'id', columns: ['name'], onErase: 'redact' },
  { table: 'service_accounts', kind: 'record', ref: 'id', columns: ['name'], onErase: 'redact' },
  { table: 'legal_holds', kind: 'record', ref: "kind || '/' || id", columns: ['reason'], onErase: 'redact' },
  { table: 'security_events', kind: 'record', ref: 'id', columns: ['detail'], onErase: 'redact' },
  { table: 'received_mails', kind: 'record', ref: 'key', columns: ['key'], onErase: 'delete' },
  { table: 'model_settings', kind: 'record', ref: 'tenant_id', columns: ['source'] },
  { table: 'identity_providers', kind: 'record', ref: 'name', columns: ['name', 'settings'] },
]
const PAGE = 200

/** Rows of accounts and settings of one tenant in D1, each in the shard that has its table, to be searched, shown and erased for data subjects. */
export function createD1SubjectRecords(
  shards: Shards,
  tenantId: string,
): Pick<SubjectPorts, 'listRecords' | 'readRecord' | 'eraseRecord' | 'eraseUser' | 'deleteMailedCode' | 'clearCaches'> {
  const remove = async (table: string, where = '', ...values: string[]) =>
    (
      await holderOf(shards, table)
        .prepare(`delete from ${table} where tenant_id = ? ${where}`)
        .bind(tenantId, ...values)
        .run()
    ).meta.changes
  return {
    listRecords: async (cursor) => {
      const [at = '0', after = '0'] = (cursor ?? '').split(':')
      const place = PLACES[Number(at)]
      if (place === undefined) return { records: [] }
      const { table, kind, ref, columns } = place
      const texts = columns.map((column) => `coalesce(${column}, '')`).join(` || char(10) || `)
      const { results } = await holderOf(shards, table)
        .prepare(
          `select rowid as position, ${ref} as ref, ${texts} as texts from ${table} where tenant_id = ? and rowid > ? order by rowid limit ?`,
        )
        .bind(tenantId, Number(after), PAGE)
        .all<{ position: number; ref: string; texts: string }>()
      const records = results.map((row) => ({ kind, ref: kind === 'record' ? `${table}/${row.ref}` : row.ref, texts: [row.texts] }))
      const last = results.at(-1)
      if (last !== undefined && results.length === PAGE) return { records, cursor: `${at}:${last.position}` }
      return Number(at) + 1 < PLACES.length ? { records, cursor: `${Number(at) + 1}:0` } : { records }
    },
    readRecord: async (kind, ref) => {
      const rows: Record<string, unknown[]> = {}
      const [named, ...rest] = ref.split('/')
      for (const { table, columns, ref: column } of PLACES.filter(
        (place) => place.kind === kind && (kind !== 'record' || place.table === named),
      )) {
        const { results } = await holderOf(shards, table)
          .prepare(`select ${columns.join(', ')} from ${table} where tenant_id = ? and ${column} = ?`)
          .bind(tenantId, kind === 'record' ? rest.join('/') : ref)
          .all()
        if (results.length > 0) rows[table] = [...(rows[table] ?? []), ...results]
      }
      return Object.keys(rows).length === 0 ? undefined : rows
    },
    eraseRecord: async (ref, redact) => {
      const [named, ...rest] = ref.split('/')
      for (const place of PLACES.filter(({ kind, table }) => kind === 'record' && table === named))
        await eraseRow(holderOf(shards, place.table), place, { tenantId, ref: rest.join('/'), redact })
    },
    eraseUser: async (userId) => {
      // Decides and changes in one statement, so that no tenant is left without an administrator.
      const { meta } = await shards.directory
        .prepare(
          `update users set email = 'erased-' || id || '@erased.invalid', name = 'erased', password_hash = 'erased', disabled_at = coalesce(disabled_at, ?3)
           where tenant_id = ?1 and id = ?2 and (role <> 'admin' or disabled_at is not null or exists (
             select 1 from users other where other.tenant_id = ?1 and other.id <> ?2 and other.role = 'admin' and other.disabled_at is null))`,
        )
        .bind(tenantId, userId, new Date().toISOString())
        .run()
      const known = await shards.directory.prepare('select 1 from users where tenant_id = ? and id = ?').bind(tenantId, userId).first()
      if (meta.changes === 0 && known !== null) return { outcome: 'kept', reason: 'last_admin' }
      const counts: Record<string, number> = { users: meta.changes }
      for (const table of [
        'sessions',
        'second_factors',
        'recovery_codes',
        'passkeys',
        'identity_links',
        'provisioned_users',
        'one_time_tokens',
      ])
        counts[table] = await remove(table, 'and user_id = ?', userId)
      return { outcome: 'redacted', counts }
    },
    deleteMailedCode: async (id) => void (await remove('one_time_tokens', 'and id = ?', id)),
    clearCaches: async () => ({
      cachedAnswers: await remove('model_answers'),
      answerDocuments: await remove('model_answer_documents'),
      cachedVectors: await remove('embeddings'),
    }),
  }
}

/** Redacts the texts of a row, or takes the row away, as its place says. */
async function eraseRow(
  binding: D1Database,
  { table, ref: column, columns, onErase }: Place,
  { tenantId, ref, redact }: { tenantId: string; ref: string; redact(text: string): string },
): Promise<void> {
  const bound = (statement: string, ...values: string[]) => binding.prepare(statement).bind(...values, tenantId, ref)
  const where = `where tenant_id = ? and ${column} = ?`
  if (onErase === 'delete') await bound(`delete from ${table} ${where}`).run()
  if (onErase !== 'redact') return
  const row = await bound(`select ${columns.join(', ')} from ${table} ${where}`).first<Record<string, string | null>>()
  for (const [name, text] of Object.entries(row ?? {}))
    if (text !== null && redact(text) !== text) await bound(`update ${table} set ${name} = ? ${where}`, redact(text)).run()
}
