import { sql } from 'drizzle-orm'
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { ClassifierStatus, TrainingReport } from '../domain/classifiers'
import type { DocumentRecord } from '../domain/documents'
import type { EvaluationSummary } from '../domain/evaluation-summary'
import type { EvaluationRecord } from '../domain/evaluations'
import type { CachedAnswer } from '../domain/model-cache'
import type { TokenPurpose } from '../domain/one-time-tokens'
import type { PromptTest } from '../domain/prompts'
import type { ReportFormat } from '../domain/reports'
import type { RunStatus, RunTrigger } from '../domain/runs'
import type { SecurityEventKind } from '../domain/security-events'
import type { TenantSettings } from '../domain/tenants'
import type { GateRule } from '../domain/workflow-gates'
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
    role: text().notNull(),
    passwordHash: text('password_hash').notNull(),
    createdAt: text('created_at').notNull(),
    disabledAt: text('disabled_at'),
    emailVerifiedAt: text('email_verified_at'),
  },
  (table) => [
    uniqueIndex('users_by_email').on(table.tenantId, table.email),
    index('users_by_time').on(table.tenantId, table.createdAt, table.id),
  ],
)

/** Roles that tenants made. */
export const customRoles = sqliteTable(
  'custom_roles',
  {
    tenantId: text('tenant_id').notNull(),
    name: text().notNull(),
    description: text().notNull(),
    permissions: text({ mode: 'json' }).$type<readonly string[]>().notNull(),
    createdAt: text('created_at').notNull(),
    updatedAt: text('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.name] })],
)

/** Programs that act in their own name. */
export const serviceAccounts = sqliteTable(
  'service_accounts',
  {
    id: text().primaryKey(),
    tenantId: text('tenant_id').notNull(),
    name: text().notNull(),
    role: text().notNull(),
    createdAt: text('created_at').notNull(),
    disabledAt: text('disabled_at'),
  },
  (table) => [index('service_accounts_by_tenant').on(table.tenantId, table.createdAt)],
)

/** Tokens that went out by mail, by their hashes. */
export const oneTimeTokens = sqliteTable(
  'one_time_tokens',
  {
    id: text().primaryKey(),
    tenantId: text('tenant_id').notNull(),
    purpose: text().$type<TokenPurpose>().notNull(),
    tokenHash: text('token_hash').notNull().unique(),
    email: text().notNull(),
    userId: text('user_id'),
    role: text(),
    createdBy: text('created_by'),
    createdAt: text('created_at').notNull(),
    expiresAt: text('expires_at').notNull(),
    /** Taken, revoked, or followed by a newer one. */
    usedAt: text('used_at'),
  },
  (table) => [
    index('one_time_tokens_by_address').on(table.tenantId, table.purpose, table.email),
    index('one_time_tokens_by_expiry').on(table.expiresAt),
  ],
)

export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: text().primaryKey(),
    tenantId: text('tenant_id').notNull(),
    name: text().notNull(),
    prefix: text().notNull().unique(),
    secretHash: text('secret_hash').notNull(),
    role: text().notNull(),
    createdAt: text('created_at').notNull(),
    revokedAt: text('revoked_at'),
    scopes: text({ mode: 'json' }).$type<readonly string[]>(),
    serviceAccountId: text('service_account_id'),
    expiresAt: text('expires_at'),
    lastUsedAt: text('last_used_at'),
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
    /** Null in rows from before devices were listed: then it is when the token was made. */
    startedAt: text('started_at'),
    userAgent: text('user_agent').notNull().default(''),
    address: text().notNull().default(''),
  },
  (table) => [
    index('sessions_by_family').on(table.family),
    index('sessions_by_user').on(table.tenantId, table.userId, table.createdAt),
    index('sessions_by_expiry').on(table.expiresAt),
  ],
)

/** Secrets of authenticator apps. */
export const secondFactors = sqliteTable(
  'second_factors',
  {
    tenantId: text('tenant_id').notNull(),
    userId: text('user_id').notNull(),
    /** Sealed with the master key. */
    sealed: text().notNull(),
    createdAt: text('created_at').notNull(),
    confirmedAt: text('confirmed_at'),
    /** The last time step whose code was taken. */
    lastStep: integer('last_step'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.userId] })],
)

/** Hashes of the codes that stand in for a lost authenticator app. */
export const recoveryCodes = sqliteTable(
  'recovery_codes',
  { tenantId: text('tenant_id').notNull(), userId: text('user_id').notNull(), hash: text().notNull() },
  (table) => [primaryKey({ columns: [table.tenantId, table.userId, table.hash] })],
)

/** What administrators are told about: appended, never changed. */
export const securityEvents = sqliteTable(
  'security_events',
  {
    id: text().primaryKey(),
    tenantId: text('tenant_id').notNull(),
    kind: text().$type<SecurityEventKind>().notNull(),
    actor: text().notNull(),
    address: text().notNull(),
    at: text().notNull(),
    detail: text(),
  },
  (table) => [index('security_events_by_time').on(table.tenantId, table.at, table.id)],
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

/** Marks that one document of a tenant bears: its bytes, its issuer and number. Hashes, so that nothing stands in clear. */
export const documentFingerprints = sqliteTable(
  'document_fingerprints',
  {
    tenantId: text('tenant_id').notNull(),
    fingerprint: text().notNull(),
    documentId: text('document_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.fingerprint] })],
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
    /** Grows with every save of the name: the highest is the newest, also when an old text is saved again. 0: a draft. */
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
    /** Id of the run that the request starts, fixed before it does. */
    runId: text('run_id').notNull(),
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

/** Settled calls to models and paid products, projected from the tenant's object. */
export const usage = sqliteTable(
  'usage',
  {
    tenantId: text('tenant_id').notNull(),
    callId: text('call_id').notNull(),
    at: text().notNull(),
    runId: text('run_id'),
    stepKey: text('step_key'),
    workflow: text(),
    agent: text(),
    feature: text().notNull(),
    provider: text().notNull(),
    model: text().notNull(),
    inputTokens: integer('input_tokens').notNull(),
    outputTokens: integer('output_tokens').notNull(),
    costMicroUsd: integer('cost_micro_usd').notNull(),
    latencyMs: integer('latency_ms').notNull(),
    cached: integer({ mode: 'boolean' }).notNull(),
    degraded: integer({ mode: 'boolean' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.callId] }),
    index('usage_by_time').on(table.tenantId, table.at),
    index('usage_by_run').on(table.tenantId, table.runId),
  ],
)

/** models.yaml of each tenant that has its own. */
export const modelSettings = sqliteTable('model_settings', {
  tenantId: text('tenant_id').primaryKey(),
  source: text().notNull(),
  revision: integer().notNull(),
  updatedAt: text('updated_at').notNull(),
})

/** Earlier answers of models, by the hash of everything that they depend on. */
export const modelAnswers = sqliteTable(
  'model_answers',
  {
    tenantId: text('tenant_id').notNull(),
    key: text().notNull(),
    purpose: text().notNull(),
    answer: text({ mode: 'json' }).$type<CachedAnswer>().notNull(),
    /** Hash of all but the question, for questions of the same meaning. */
    scope: text(),
    question: text(),
    vector: blob({ mode: 'buffer' }),
    createdAt: text('created_at').notNull(),
    expiresAt: text('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.key] }),
    index('model_answers_by_scope').on(table.tenantId, table.scope, table.createdAt),
    index('model_answers_by_expiry').on(table.expiresAt),
  ],
)

/** Documents whose text went into an answer: deleting one deletes the answer. */
export const modelAnswerDocuments = sqliteTable(
  'model_answer_documents',
  { tenantId: text('tenant_id').notNull(), documentId: text('document_id').notNull(), key: text().notNull() },
  (table) => [primaryKey({ columns: [table.tenantId, table.documentId, table.key] })],
)

export const modelAnswerCounts = sqliteTable(
  'model_answer_counts',
  {
    tenantId: text('tenant_id').notNull(),
    purpose: text().notNull(),
    exactHits: integer('exact_hits').notNull(),
    semanticHits: integer('semantic_hits').notNull(),
    misses: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.purpose] })],
)

/** Vectors by the hash of their text. */
export const embeddings = sqliteTable(
  'embeddings',
  {
    tenantId: text('tenant_id').notNull(),
    model: text().notNull(),
    hash: text().notNull(),
    vector: blob({ mode: 'buffer' }).notNull(),
    documentId: text('document_id'),
    createdAt: text('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.model, table.hash] }),
    index('embeddings_by_document').on(table.tenantId, table.documentId),
  ],
)

/** Versions of prompts; a null text is the built-in one. */
export const promptVersions = sqliteTable(
  'prompt_versions',
  {
    tenantId: text('tenant_id').notNull(),
    name: text().notNull(),
    version: integer().notNull(),
    text: text(),
    weight: integer().notNull(),
    note: text(),
    tests: text({ mode: 'json' }).$type<PromptTest[]>().notNull(),
    createdAt: text('created_at').notNull(),
    createdBy: text('created_by'),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.name, table.version] })],
)

/** The version of each prompt that a run is pinned to, and what became of its questions. */
export const promptUses = sqliteTable(
  'prompt_uses',
  {
    tenantId: text('tenant_id').notNull(),
    runId: text('run_id').notNull(),
    name: text().notNull(),
    version: integer().notNull(),
    answered: integer().notNull(),
    repaired: integer().notNull(),
    failed: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.runId, table.name] }),
    index('prompt_uses_by_name').on(table.tenantId, table.name),
  ],
)

/** Names of collections; what they hold is in their Durable Objects. */
export const collections = sqliteTable(
  'collections',
  { tenantId: text('tenant_id').notNull(), name: text().notNull(), createdAt: text('created_at').notNull() },
  (table) => [primaryKey({ columns: [table.tenantId, table.name] })],
)

/** Versions of classifiers; examples and models are files. */
export const classifiers = sqliteTable(
  'classifiers',
  {
    tenantId: text('tenant_id').notNull(),
    name: text().notNull(),
    version: text().notNull(),
    status: text().$type<ClassifierStatus>().notNull(),
    examples: integer().notNull(),
    labels: integer().notNull(),
    runId: text('run_id').notNull(),
    createdAt: text('created_at').notNull(),
    endedAt: text('ended_at'),
    report: text({ mode: 'json' }).$type<TrainingReport>(),
    failure: text(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.name, table.version] }),
    index('classifiers_by_time').on(table.tenantId, table.name, table.createdAt),
  ],
)

/** Versions of datasets; their cases are files. */
export const datasets = sqliteTable(
  'datasets',
  {
    tenantId: text('tenant_id').notNull(),
    name: text().notNull(),
    version: text().notNull(),
    cases: integer().notNull(),
    bytes: integer().notNull(),
    createdAt: text('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    /** Grows with every save of the name: the highest is the newest. */
    position: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.name, table.version] }),
    index('datasets_by_time').on(table.tenantId, table.createdAt, table.name),
  ],
)

/** Evaluations; results of cases are files. */
export const evaluations = sqliteTable(
  'evaluations',
  {
    tenantId: text('tenant_id').notNull(),
    id: text().notNull(),
    runId: text('run_id').notNull(),
    dataset: text().notNull(),
    datasetVersion: text('dataset_version').notNull(),
    cases: integer().notNull(),
    target: text({ mode: 'json' }).$type<EvaluationRecord['target']>().notNull(),
    /** Of a target that is one, for lists and gates. */
    workflow: text(),
    workflowVersion: text('workflow_version'),
    metrics: text({ mode: 'json' }).$type<EvaluationRecord['metrics']>().notNull(),
    batchSize: integer('batch_size').notNull(),
    simulated: text({ mode: 'json' }).$type<string[]>().notNull(),
    createdAt: text('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    endedAt: text('ended_at'),
    summary: text({ mode: 'json' }).$type<EvaluationSummary>(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    index('evaluations_by_time').on(table.tenantId, table.createdAt, table.id),
    index('evaluations_by_workflow').on(table.tenantId, table.workflow, table.workflowVersion, table.createdAt),
  ],
)

/** What versions of a workflow must pass before they are published. */
export const workflowGates = sqliteTable(
  'workflow_gates',
  {
    tenantId: text('tenant_id').notNull(),
    workflow: text().notNull(),
    dataset: text().notNull(),
    rules: text({ mode: 'json' }).$type<GateRule[]>().notNull(),
    createdAt: text('created_at').notNull(),
    createdBy: text('created_by').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.workflow] }),
    index('workflow_gates_by_dataset').on(table.tenantId, table.dataset),
  ],
)
