import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

// The one description of D1; `npm run db:generate` writes migrations/ from it. Every tenant-owned table leads its keys with tenant_id.

export const tenants = sqliteTable('tenants', {
  id: text('id').primaryKey(),
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
  settings: text('settings').notNull(),
  createdAt: text('created_at').notNull(),
})

export const users = sqliteTable(
  'users',
  {
    id: text('id').primaryKey(),
    tenantId: text('tenant_id').notNull(),
    email: text('email').notNull(),
    name: text('name').notNull(),
    role: text('role').notNull(),
    passwordHash: text('password_hash').notNull(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [uniqueIndex('users_by_email').on(table.tenantId, table.email)],
)

export const apiKeys = sqliteTable('api_keys', {
  id: text('id').primaryKey(),
  tenantId: text('tenant_id').notNull(),
  name: text('name').notNull(),
  role: text('role').notNull(),
  /** SHA-256 of the whole key, hex: the key itself is shown once and never stored. */
  hash: text('hash').notNull().unique(),
  createdAt: text('created_at').notNull(),
})

export const sessions = sqliteTable(
  'sessions',
  {
    /** SHA-256 of the refresh token. */
    hash: text('hash').primaryKey(),
    /** All tokens that descend from one sign-in. */
    family: text('family').notNull(),
    userId: text('user_id').notNull(),
    tenantId: text('tenant_id').notNull(),
    expiresAt: text('expires_at').notNull(),
    usedAt: text('used_at'),
    revokedAt: text('revoked_at'),
  },
  (table) => [index('sessions_by_family').on(table.family)],
)

export const signingKeys = sqliteTable('signing_keys', {
  kid: text('kid').primaryKey(),
  publicJwk: text('public_jwk').notNull(),
  /** Encrypted with the master key. */
  privateJwk: text('private_jwk').notNull(),
  createdAt: text('created_at').notNull(),
})

export const documents = sqliteTable(
  'documents',
  {
    tenantId: text('tenant_id').notNull(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    mediaType: text('media_type').notNull(),
    size: integer('size').notNull(),
    sha256: text('sha256').notNull(),
    source: text('source').notNull(),
    fileKey: text('file_key').notNull(),
    parentId: text('parent_id'),
    createdAt: text('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('documents_by_hash').on(table.tenantId, table.sha256),
    index('documents_by_source').on(table.tenantId, table.source, table.createdAt),
  ],
)

export const workflows = sqliteTable(
  'workflows',
  {
    tenantId: text('tenant_id').notNull(),
    name: text('name').notNull(),
    version: text('version').notNull(),
    source: text('source').notNull(),
    definition: text('definition').notNull(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.name, table.version] })],
)

export const runs = sqliteTable(
  'runs',
  {
    tenantId: text('tenant_id').notNull(),
    id: text('id').notNull(),
    workflow: text('workflow').notNull(),
    workflowVersion: text('workflow_version').notNull(),
    status: text('status').notNull(),
    trigger: text('trigger').notNull(),
    documentId: text('document_id'),
    title: text('title'),
    errorMessage: text('error_message'),
    costMicroUsd: integer('cost_micro_usd').notNull(),
    openApprovals: integer('open_approvals').notNull(),
    createdAt: text('created_at').notNull(),
    updatedAt: text('updated_at').notNull(),
    endedAt: text('ended_at'),
    revision: integer('revision').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] }), index('runs_by_status').on(table.status, table.updatedAt)],
)

export const reports = sqliteTable(
  'reports',
  {
    tenantId: text('tenant_id').notNull(),
    id: text('id').notNull(),
    runId: text('run_id').notNull(),
    title: text('title').notNull(),
    formats: text('formats').notNull(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.id] }), index('reports_by_run').on(table.tenantId, table.runId)],
)

export const secrets = sqliteTable(
  'secrets',
  {
    tenantId: text('tenant_id').notNull(),
    name: text('name').notNull(),
    ciphertext: text('ciphertext').notNull(),
    updatedAt: text('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.name] })],
)

export const receivedMails = sqliteTable(
  'received_mails',
  {
    tenantId: text('tenant_id').notNull(),
    workflow: text('workflow').notNull(),
    /** Message-ID, or `sha256:` and the content hash where there is none. */
    messageKey: text('message_key').notNull(),
    sha256: text('sha256').notNull(),
    runId: text('run_id').notNull(),
    receivedAt: text('received_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.workflow, table.messageKey] }), uniqueIndex('received_mails_by_hash').on(table.tenantId, table.workflow, table.sha256)],
)

export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    tenantId: text('tenant_id').notNull(),
    key: text('key').notNull(),
    /** SHA-256 of method, path and body: the same key with another request is refused. */
    requestHash: text('request_hash').notNull(),
    status: integer('status'),
    body: text('body'),
    createdAt: text('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.key] }), index('idempotency_keys_by_time').on(table.createdAt)],
)
