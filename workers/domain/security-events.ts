/** What an administrator is told about: entries of the audit that carry one of these kinds are the security events. */
export const SECURITY_EVENT_KINDS = [
  'cross_tenant_access',
  'refresh_token_reused',
  'login_throttled',
  'sessions_revoked',
  'password_changed',
  'password_reset',
  'second_factor_enabled',
  'second_factor_disabled',
  'recovery_code_used',
  'passkey_added',
  'passkey_removed',
  'passkey_counter_reversed',
  'identity_provider_saved',
  'identity_provider_deleted',
  'identity_linked',
  'identity_refused',
  'user_provisioned',
  'user_profile_changed',
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
  'webhook_secret_rotated',
  'tenant_key_rotated',
  'retention_applied',
  'data_subject_exported',
  'data_subject_erased',
  'operator_token_refused',
  'tenant_suspended',
  'tenant_reactivated',
  'tenant_deletion_asked',
  'tenant_deletion_taken_back',
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
