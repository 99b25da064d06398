import { ID_PREFIXES } from '../domain/ids'

/** Where ids of a kind are kept, with an index by the id alone. */
const PLACES: Record<string, { table: string; column: string }> = {
  [ID_PREFIXES.document]: { table: 'documents', column: 'id' },
  [ID_PREFIXES.run]: { table: 'runs', column: 'id' },
  [ID_PREFIXES.report]: { table: 'reports', column: 'id' },
  [ID_PREFIXES.evaluation]: { table: 'evaluations', column: 'id' },
  [ID_PREFIXES.dataSubjectRequest]: { table: 'data_subject_requests', column: 'id' },
  [ID_PREFIXES.user]: { table: 'users', column: 'id' },
  [ID_PREFIXES.apiKey]: { table: 'api_keys', column: 'id' },
  [ID_PREFIXES.session]: { table: 'sessions', column: 'family' },
  [ID_PREFIXES.serviceAccount]: { table: 'service_accounts', column: 'id' },
  [ID_PREFIXES.passkey]: { table: 'passkeys', column: 'id' },
  [ID_PREFIXES.oneTimeToken]: { table: 'one_time_tokens', column: 'id' },
}

/** The tenant that an id belongs to, by one look into an index; undefined for an id of nobody. The one place that looks across tenants. */
export const createD1IdOwners =
  (binding: D1Database) =>
  async (id: string): Promise<string | undefined> => {
    const place = PLACES[id.slice(0, id.indexOf('_'))]
    if (place === undefined) return undefined
    const { table, column } = place
    const row = await binding.prepare(`SELECT tenant_id FROM ${table} WHERE ${column} = ? LIMIT 1`).bind(id).first<{ tenant_id: string }>()
    return row?.tenant_id
  }
