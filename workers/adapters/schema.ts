import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { DocumentRecord } from '../domain/documents'
import type { ReportFormat } from '../domain/reports'
import type { RunStatus, RunTrigger } from '../domain/runs'
import type { Role, TenantSettings } from '../domain/tenants'
import type { WorkflowDefinition } from '../domain/workflows'

/** The tables of D1: what must be listed across runs. `migrations/` is generated from this file with `npm run db:generate`. */

export const tenants = sqliteTable('tenants', {
  id: text().primaryKey(),
  slug: text().notNull().unique(),
  name: text().notNull(),
  settings: text({ mode: 'json' }).$type<TenantSettings>().notNull(),
  revision: integer().notNull().default(1),
  createdAt: text('created_at').notNull(),
})

export const users = sqliteTable(
  'users',
  {
    id: text().primaryKey(),
    tenantId: text('tenant_id').notNull(),
    /** Lower case. */
    email: text().notNull(),
    name: text().notNull(),
    role: text().$type<Role>().notNull(),
    passwordHash: text('password_hash').notNull(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [uniqueIndex('users_by_email').on(table.tenantId, table.email)],
)

export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: text().primaryKey(),
    tenantId: text('tenant_id').notNull(),
    name: text().notNull(),
    prefix: text().notNull().unique(),
    secretHash: text('secret_hash').notNull(),
    role: text().$type<Role>().notNull(),
    createdAt: text('created_at').notNull(),
    revokedAt: text('revoked_at'),
  },
  (table) => [index('api_keys_by_tenant').on(table.tenantId, table.createdAt)],
)

export const sessions = sqliteTable(
  'sessions',
  {
    id: text().primaryKey(),
    tenantId: text('tenant_id').notNull(),
    userId: text('user_id').notNull(),
    family: text().notNull(),
    tokenHash: text('token_hash').notNull().unique(),
    createdAt: text('created_at').notNull(),
    expiresAt: text('expires_at').notNull(),
    usedAt: text('used_at'),
    revokedAt: text('revoked_at'),
  },
  (table) => [index('sessions_by_family').on(table.family), index('sessions_by_expiry').on(table.expiresAt)],
)

export const loginFailures = sqliteTable('login_failures', {
  account: text().primaryKey(),
  count: integer().notNull(),
  beganAt: text('began_at').notNull(),
})

export const signingKeys = sqliteTable('signing_keys', {
  name: text().primaryKey(),
  /** Private JWK, sealed with the master key. */
  sealed: text().notNull(),
  createdAt: text('created_at').notNull(),
})

export const tenantKeys = sqliteTable('tenant_keys', {
  tenantId: text('tenant_id').primaryKey(),
  /** Data key of the tenant, sealed with the master key. */
  sealed: text().notNull(),
})

export const secrets = sqliteTable(
  'secrets',
  { tenantId: text('tenant_id').notNull(), name: text().notNull(), sealed: text().notNull() },
  (table) => [primaryKey({ columns: [table.tenantId, table.name] })],
)

export const documents = sqliteTable(
  'documents',
  {
    id: text().primaryKey(),
    tenantId: text('tenant_id').notNull(),
    name: text().notNull(),
    mediaType: text('media_type').notNull(),
    size: integer().notNull(),
    sha256: text().notNull(),
    source: text().$type<DocumentRecord['source']>().notNull(),
    fileKey: text('file_key').notNull(),
    parentId: text('parent_id'),
    createdAt: text('created_at').notNull(),
  },
  (table) => [
    // The same bytes once for each tenant; an attachment may be in several mails.
    uniqueIndex('documents_by_content').on(table.tenantId, table.sha256).where(sql`${table.parentId} is null`),
    index('documents_by_hash').on(table.tenantId, table.sha256),
    index('documents_by_time').on(table.tenantId, table.createdAt, table.id),
    index('documents_by_parent').on(table.tenantId, table.parentId),
  ],
)

export const workflowVersions = sqliteTable(
  'workflow_versions',
  {
    tenantId: text('tenant_id').notNull(),
    name: text().notNull(),
    version: text().notNull(),
    source: text().notNull(),
    definition: text({ mode: 'json' }).$type<WorkflowDefinition>().notNull(),
    createdAt: text('created_at').notNull(),
    /** Grows with every save of the name: the highest is the newest, also when an old text is saved again. */
    position: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.name, table.version] }),
    index('workflow_versions_by_position').on(table.tenantId, table.name, table.position),
  ],
)

export const runs = sqliteTable(
  'runs',
  {
    tenantId: text('tenant_id').notNull(),
    id: text().notNull(),
    workflow: text().notNull(),
    workflowVersion: text('workflow_version').notNull(),
    status: text().$type<RunStatus>().notNull(),
    trigger: text().$type<RunTrigger>().notNull(),
    documentId: text('document_id'),
    title: text(),
    errorMessage: text('error_message'),
    costMicroUsd: integer('cost_micro_usd').notNull(),
    openApprovals: integer('open_approvals').notNull(),
    createdAt: text('created_at').notNull(),
    updatedAt: text('updated_at').notNull(),
    endedAt: text('ended_at'),
    revision: integer().notNull(),
    /** When the sweep last woke it. */
    sweptAt: text('swept_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    index('runs_by_time').on(table.tenantId, table.createdAt, table.id),
    index('runs_by_workflow').on(table.tenantId, table.workflow, table.createdAt),
    index('runs_by_status').on(table.tenantId, table.status, table.createdAt),
    index('runs_with_approvals').on(table.tenantId, table.createdAt).where(sql`${table.openApprovals} > 0`),
    index('runs_alive').on(table.updatedAt).where(sql`${table.status} in ('running', 'waiting')`),
  ],
)

export const reports = sqliteTable(
  'reports',
  {
    id: text().primaryKey(),
    tenantId: text('tenant_id').notNull(),
    runId: text('run_id').notNull(),
    title: text().notNull(),
    formats: text({ mode: 'json' }).$type<ReportFormat[]>().notNull(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [index('reports_by_run').on(table.tenantId, table.runId)],
)

export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    tenantId: text('tenant_id').notNull(),
    key: text().notNull(),
    fingerprint: text().notNull(),
    /** Null while the first request is under way. */
    status: integer(),
    mediaType: text('media_type'),
    body: text(),
    claimedAt: text('claimed_at').notNull(),
    expiresAt: text('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.key] }), index('idempotency_keys_by_expiry').on(table.expiresAt)],
)

export const receivedMails = sqliteTable(
  'received_mails',
  {
    tenantId: text('tenant_id').notNull(),
    workflow: text().notNull(),
    /** `message-id:…` or `content:…`; a mail has one row for each. */
    key: text().notNull(),
    documentId: text('document_id').notNull(),
    runId: text('run_id').notNull(),
    isStarted: integer('is_started', { mode: 'boolean' }).notNull().default(false),
    receivedAt: text('received_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.workflow, table.key] }),
    index('received_mails_by_run').on(table.tenantId, table.runId),
  ],
)
