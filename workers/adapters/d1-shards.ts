/**
 * Tables that an installation has once, in `DB`: what is asked before the tenant is known, people's sign-in, keys, and what stands with
 * them in one statement. All others are content and lie in the shard of their tenant, so a new table is placed unless it is named here.
 */
export const DIRECTORY_TABLES: readonly string[] = [
  // Which tenants there are, and were.
  ...['tenants', 'tenant_erasures'],
  // Who may come in, found by an address, a key or a token.
  ...['users', 'custom_roles', 'service_accounts', 'api_keys', 'sessions', 'one_time_tokens'],
  ...['second_factors', 'recovery_codes', 'passkeys', 'sign_in_challenges', 'login_failures'],
  ...['identity_providers', 'identity_links', 'provisioned_users'],
  // Keys; and secrets, which are sealed, because the statement that deletes a key asks whether it still seals one.
  ...['signing_keys', 'data_keys', 'tenant_keys', 'secrets'],
  // From before the audit; nothing writes there any more.
  'security_events',
  // How far restores are.
  ...['restores', 'still_objects'],
]

export const isOfDirectory = (table: string): boolean => DIRECTORY_TABLES.includes(table)

/** The D1 with the directory, and that with the content of a tenant; they are the same where the tenant is not placed elsewhere. */
export interface Shards {
  directory: D1Database
  content: D1Database
}

/** The one of the two that has the table. */
export const holderOf = ({ directory, content }: Shards, table: string): D1Database => (isOfDirectory(table) ? directory : content)
