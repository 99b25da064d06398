import { plainSize, SEALED_MEDIA_TYPE } from './adapters/sealed-files'
import type { PartHead } from './domain/backups'
import { AppError, unwrap } from './domain/error'
import { PLANS, type PlanName } from './domain/plans'
import { isBuiltIn } from './domain/roles'
import { TenantSettings, TenantSlug } from './domain/tenants'
import type { Env } from './env'
import { placed } from './placed'

/** What the operator decides of tenants and an archive therefore does not say: whether one is open, its plan, and what it has used of it. */

/** Columns of a tenant's row that are the operator's: a tenant comes in open, and the operator closes it. */
const DECIDED_HERE = ['suspended_at', 'deletion_asked_at', 'erased_from']

/** The row of an imported tenant. Refuses `invalid` a slug or settings that no tenant can have. */
export function openedTenant(columns: readonly string[], lines: string): string {
  const rows = lines.split('\n').filter((line) => line !== '')
  return rows
    .map((line) => {
      const row = cellsOf(line)
      const cell = (name: string) => row[columns.indexOf(name)]
      if (!TenantSlug.safeParse(cell('slug')).success || !TenantSettings.safeParse(settingsIn(cell('settings'))).success)
        throw new AppError('invalid', 'The tenant in the file has a slug or settings that no tenant can have: the file was tampered with.')
      return `${JSON.stringify(row.map((value, at) => (DECIDED_HERE.includes(columns[at] ?? '') ? null : value)))}\n`
    })
    .join('')
}

/** Refuses `invalid` a role of the tenant by the name of a built-in one: what that may do is not the tenant's to say. */
export function requireOwnRoles(columns: readonly string[], lines: string): void {
  const at = columns.indexOf('name')
  for (const line of lines.split('\n'))
    if (line !== '' && isBuiltIn(String(cellsOf(line)[at])))
      throw new AppError('invalid', 'The file has a role by the name of a built-in one: it was tampered with.')
}

function cellsOf(line: string): unknown[] {
  const row: unknown = JSON.parse(line)
  if (!Array.isArray(row)) throw new AppError('invalid', 'A row of the file cannot be read.')
  return row
}

function settingsIn(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    // Refused as settings that are none.
    return undefined
  }
}

const STORED = /\/(documents|reports)\/([^/]+)\/(?:original|report\.[a-z]+)$/

/** Makes the size in the row of a document or report that of its file: the plan's storage is counted by rows. */
export async function countStored(
  binding: D1Database,
  tenantId: string,
  { key, mediaType }: Extract<PartHead, { kind: 'file' }>,
  bytes: number,
): Promise<void> {
  const [, kind, id] = STORED.exec(key) ?? []
  if (kind === undefined || id === undefined) return
  const size = mediaType?.startsWith(SEALED_MEDIA_TYPE) === true ? plainSize(bytes) : bytes
  const statement =
    kind === 'documents'
      ? 'UPDATE documents SET size = ? WHERE tenant_id = ? AND id = ?'
      : // Of all its formats together, each of which is a file.
        'UPDATE reports SET bytes = max(bytes, ?) WHERE tenant_id = ? AND id = ?'
  await binding.prepare(statement).bind(size, tenantId, id).run()
}

/** Forgets how much the tenant says that it stores: it is counted anew by its rows. */
export async function forgetStorage(binding: D1Database, tenantId: string): Promise<void> {
  await binding.batch([
    binding.prepare('DELETE FROM tenant_storage WHERE tenant_id = ?').bind(tenantId),
    binding.prepare('UPDATE documents SET size = 0 WHERE tenant_id = ? AND size < 0').bind(tenantId),
    binding.prepare('UPDATE reports SET bytes = 0 WHERE tenant_id = ? AND bytes < 0').bind(tenantId),
  ])
}

/** Gives a tenant that is whole here the plan that the operator names. */
export async function setPlan(env: Env, tenantId: string, plan: PlanName): Promise<void> {
  unwrap(await placed(env, env.TENANT, tenantId).getByName(tenantId).setPlan(PLANS[plan]))
}
