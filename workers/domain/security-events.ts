import type { PageOf, PageRequest } from './ports'

/** What an administrator is told about. */
export const SECURITY_EVENT_KINDS = [
  'refresh_token_reused',
  'login_throttled',
  'sessions_revoked',
  'password_changed',
  'password_reset',
  'second_factor_enabled',
  'second_factor_disabled',
  'recovery_code_used',
  'user_invited',
  'user_joined',
  'user_role_changed',
  'user_disabled',
  'user_enabled',
  'role_saved',
  'role_deleted',
  'api_key_created',
  'api_key_rotated',
  'api_key_revoked',
  'service_account_created',
  'service_account_disabled',
] as const
export type SecurityEventKind = (typeof SECURITY_EVENT_KINDS)[number]

export interface SecurityEvent {
  id: string
  tenantId: string
  kind: SecurityEventKind
  /** Id of the user or key that did it, or whose token it was; `unknown` when nobody was signed in. */
  actor: string
  /** Where the request came from; empty when the platform did not say. */
  address: string
  at: string
  /** What it was about, for a person: never a secret. */
  detail?: string
}

export type SecurityEventQuery = PageRequest & { kind?: SecurityEventKind; createdFrom?: string; createdTo?: string }

/** What happened to the safety of a tenant: appended, never changed. */
export interface SecurityEvents {
  record(event: SecurityEvent): Promise<void>
  /** The newest first. */
  list(tenantId: string, query: SecurityEventQuery): Promise<PageOf<SecurityEvent>>
}
