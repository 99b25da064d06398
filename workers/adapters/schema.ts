import { sql } from 'drizzle-orm'
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { BackupCounts, ObjectClass, OpenUpload } from '../domain/backups'
import type { ClassifierStatus, TrainingReport } from '../domain/classifiers'
import type { Finding, SubjectRequest } from '../domain/data-subjects'
import type { DocumentRecord } from '../domain/documents'
import type { EvaluationSummary } from '../domain/evaluation-summary'
import type { EvaluationRecord } from '../domain/evaluations'
import type { IdentityProviderSettings } from '../domain/identity-providers'
import type { HeldKind } from '../domain/legal-holds'
import type { CachedAnswer } from '../domain/model-cache'
import type { TokenPurpose } from '../domain/one-time-tokens'
import type { PromptTest } from '../domain/prompts'
import type { ReportFormat } from '../domain/reports'
import type { RetentionRules } from '../domain/retention'
import type { RunStatus, RunTrigger } from '../domain/runs'
import type { SecurityEventKind } from '../domain/security-events'
import type { ChallengeKind } from '../domain/sign-in-challenges'
import type { SavedSignInPolicy } from '../domain/sign-in-policy'
import type { TenantSettings } from '../domain/tenants'
import type { GateRule } from '../domain/workflow-gates'
import type { WorkflowDefinition } from '../domain/workflows'

/** The tables of D1: what must be listed across runs. `migrations/` is generated from this file with `npm run db:generate`. */

export const tenants = sqliteTable('tenants', {
  id: text().primaryKey(),
  slug: text().notNull().unique(),
  name: text().notNull(),
  /** With what the tenant asks of sign-ins, where it has said so. */
  settings: text({ mode: 'json' }).$type<TenantSettings & { signIn?: SavedSignInPolicy }>().notNull(),
  revision: integer().notNull().default(1),
  createdAt: text('created_at').notNull(),
  suspendedAt: text('suspended_at'),
  /** When its deletion was asked for, and from when on nothing takes it back. */
  deletionAskedAt: text('deletion_asked_at'),
  erasedFrom: text('erased_from'),
})

/** Bytes that each tenant has stored. One without a row has not stored anything since they are counted. */
export const tenantStorage = sqliteTable('tenant_storage', {
  tenantId: text('tenant_id').primaryKey(),
  bytes: integer().notNull(),
})

/** What was erased of tenants that are no more, or is being erased: their certificates. */
export const tenantErasures = sqliteTable(
  'tenant_erasures',
  {
    tenantId: text('tenant_id').primaryKey(),
    slug: text().notNull(),
    askedAt: text('asked_at').notNull(),
    beganAt: text('began_at').notNull(),
    /** Null while something may be left. */
    finishedAt: text('finished_at'),
    /** Parts that are through. */
    done: integer().notNull(),
    counts: text({ mode: 'json' }).$type<Record<string, number>>().notNull(),
  },
  (table) => [index('tenant_erasures_open').on(table.beganAt).where(sql`${table.finishedAt} is null`)],
)

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
    /** Id of the person who made it, also by way of another key; null where nobody is known. */
    madeBy: text('made_by'),
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
    /** Sealed with the data key of the tenant. */
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

/** Public halves of passkeys. */
export const passkeys = sqliteTable(
  'passkeys',
  {
    id: text().primaryKey(),
    tenantId: text('tenant_id').notNull(),
    userId: text('user_id').notNull(),
    name: text().notNull(),
    credentialId: text('credential_id').notNull().unique(),
    publicKey: text('public_key').notNull(),
    counter: integer().notNull(),
    transports: text({ mode: 'json' }).$type<readonly string[]>().notNull(),
    isSynced: integer('is_synced', { mode: 'boolean' }).notNull(),
    createdAt: text('created_at').notNull(),
    lastUsedAt: text('last_used_at'),
  },
  (table) => [index('passkeys_by_user').on(table.tenantId, table.userId, table.createdAt)],
)

/** What must come back once while somebody signs in, by its hash. */
export const signInChallenges = sqliteTable(
  'sign_in_challenges',
  {
    hash: text().primaryKey(),
    kind: text().$type<ChallengeKind>().notNull(),
    tenantId: text('tenant_id'),
    userId: text('user_id'),
    context: text(),
    expiresAt: text('expires_at').notNull(),
  },
  (table) => [index('sign_in_challenges_by_expiry').on(table.expiresAt)],
)

/** Where people of a tenant sign in with an account that is kept elsewhere. */
export const identityProviders = sqliteTable(
  'identity_providers',
  {
    tenantId: text('tenant_id').notNull(),
    name: text().notNull(),
    settings: text({ mode: 'json' }).$type<IdentityProviderSettings>().notNull(),
    /** Client secret, sealed with the master key; null: a public client. */
    sealedSecret: text('sealed_secret'),
    createdAt: text('created_at').notNull(),
    updatedAt: text('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.name] })],
)

/** Which person an account of a provider opens. */
export const identityLinks = sqliteTable(
  'identity_links',
  {
    tenantId: text('tenant_id').notNull(),
    issuer: text().notNull(),
    subject: text().notNull(),
    userId: text('user_id').notNull(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.issuer, table.subject] }),
    index('identity_links_by_user').on(table.tenantId, table.userId),
  ],
)

/** What a directory knows of people whom it looks after, beside their accounts. */
export const provisionedUsers = sqliteTable(
  'provisioned_users',
  {
    tenantId: text('tenant_id').notNull(),
    userId: text('user_id').notNull(),
    /** Lower case: it is compared without regard to case. */
    userName: text('user_name').notNull(),
    /** As the directory wrote it. */
    shownUserName: text('shown_user_name').notNull(),
    externalId: text('external_id'),
    givenName: text('given_name'),
    familyName: text('family_name'),
    updatedAt: text('updated_at').notNull(),
    /** Set when the directory removed the person: the account is disabled and out of the directory's sight. */
    removedAt: text('removed_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.userId] }),
    uniqueIndex('provisioned_users_by_name').on(table.tenantId, table.userName),
    index('provisioned_users_by_external_id').on(table.tenantId, table.externalId),
  ],
)

/** Security events from before the audit, which has them now: nothing writes here any more. */
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

/** Data keys from before they had versions; one that is found becomes version 1 in `data_keys`. */
export const tenantKeys = sqliteTable('tenant_keys', {
  tenantId: text('tenant_id').primaryKey(),
  /** Data key of the tenant, sealed with the master key. */
  sealed: text().notNull(),
})

/** Data keys of tenants. The highest version that is not retired seals; the others open. */
export const dataKeys = sqliteTable(
  'data_keys',
  {
    tenantId: text('tenant_id').notNull(),
    version: integer().notNull(),
    /** Sealed with a master key; null: destroyed. */
    wrapped: text(),
    masterKeyId: text('master_key_id').notNull(),
    createdAt: text('created_at').notNull(),
    retiredAt: text('retired_at'),
    /** When it first sealed fields or files: these are not sealed anew, so the key stays. */
    contentAt: text('content_at'),
    /** When the last row of a table that it had sealed was sealed anew. */
    resealedAt: text('resealed_at'),
    destroyedAt: text('destroyed_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.version] }),
    index('data_keys_by_master').on(table.masterKeyId),
    index('data_keys_retiring').on(table.retiredAt).where(sql`${table.retiredAt} is not null and ${table.resealedAt} is null`),
  ],
)

export const secrets = sqliteTable(
  'secrets',
  {
    tenantId: text('tenant_id').notNull(),
    name: text().notNull(),
    sealed: text().notNull(),
    /** Where it may be sent; null: anywhere. */
    hosts: text({ mode: 'json' }).$type<readonly string[]>(),
  },
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
  (table) => [
    primaryKey({ columns: [table.tenantId, table.fingerprint] }),
    index('document_fingerprints_by_document').on(table.tenantId, table.documentId),
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
    // Whose an id is, asked when somebody wants what is not theirs.
    index('runs_by_id').on(table.id),
    index('runs_by_workflow').on(table.tenantId, table.workflow, table.createdAt),
    index('runs_by_status').on(table.tenantId, table.status, table.createdAt),
    index('runs_by_document').on(table.tenantId, table.documentId).where(sql`${table.status} in ('running', 'waiting')`),
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
    /** Of all formats together; 0 in rows from before they were counted. */
    bytes: integer().notNull().default(0),
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
  {
    tenantId: text('tenant_id').notNull(),
    name: text().notNull(),
    createdAt: text('created_at').notNull(),
    /** False in rows from before `collection_documents`: what such a collection holds must be asked of its object. */
    isListed: integer('is_listed', { mode: 'boolean' }).notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.name] })],
)

/** Which collections may hold a document, so that deleting it need not ask all. */
export const collectionDocuments = sqliteTable(
  'collection_documents',
  {
    tenantId: text('tenant_id').notNull(),
    documentId: text('document_id').notNull(),
    collection: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.documentId, table.collection] }),
    index('collection_documents_by_collection').on(table.tenantId, table.collection),
  ],
)

/** Documents that are being deleted, and for a while those that were: work that began before must not bring their text back. */
export const documentDeletions = sqliteTable(
  'document_deletions',
  {
    tenantId: text('tenant_id').notNull(),
    documentId: text('document_id').notNull(),
    /** The document that was asked to be deleted; its attachments go with it. */
    rootId: text('root_id').notNull(),
    begunAt: text('begun_at').notNull(),
    /** Null while something of it may be left. */
    finishedAt: text('finished_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.documentId] }),
    index('document_deletions_by_root').on(table.tenantId, table.rootId),
    index('document_deletions_by_end').on(table.finishedAt, table.begunAt),
  ],
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
    index('evaluations_by_id').on(table.id),
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

/** For how long each tenant keeps what; a tenant without a row keeps what is shipped. */
export const retentionRules = sqliteTable('retention_rules', {
  tenantId: text('tenant_id').primaryKey(),
  rules: text({ mode: 'json' }).$type<RetentionRules>().notNull(),
  updatedAt: text('updated_at').notNull(),
})

/** What must not be deleted while somebody may need it as evidence. */
export const legalHolds = sqliteTable(
  'legal_holds',
  {
    tenantId: text('tenant_id').notNull(),
    kind: text().$type<HeldKind>().notNull(),
    id: text().notNull(),
    reason: text().notNull(),
    placedBy: text('placed_by').notNull(),
    placedAt: text('placed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.kind, table.id] })],
)

/** The class that each document was last found to be of, for retention. */
export const documentClasses = sqliteTable(
  'document_classes',
  { tenantId: text('tenant_id').notNull(), documentId: text('document_id').notNull(), class: text().notNull() },
  (table) => [primaryKey({ columns: [table.tenantId, table.documentId] })],
)

/** What people asked for about their data. */
export const dataSubjectRequests = sqliteTable(
  'data_subject_requests',
  {
    tenantId: text('tenant_id').notNull(),
    id: text().notNull(),
    kind: text().$type<SubjectRequest['kind']>().notNull(),
    status: text().$type<SubjectRequest['status']>().notNull(),
    subjectKind: text('subject_kind').$type<SubjectRequest['subject']['kind']>().notNull(),
    salt: text().notNull(),
    subjectHash: text('subject_hash').notNull(),
    /** The identifier, sealed; null once the work is over. */
    sealed: text(),
    phase: text().$type<SubjectRequest['phase']>().notNull(),
    cursor: text(),
    scanned: text({ mode: 'json' }).$type<Record<string, number>>().notNull(),
    failures: integer().notNull().default(0),
    revision: integer().notNull().default(1),
    createdAt: text('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    updatedAt: text('updated_at').notNull(),
    endedAt: text('ended_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    index('data_subject_requests_by_id').on(table.id),
    index('data_subject_requests_open').on(table.updatedAt).where(sql`${table.status} = 'working'`),
  ],
)

/** Where something of a data subject was found, and what became of it. */
export const dataSubjectFindings = sqliteTable(
  'data_subject_findings',
  {
    tenantId: text('tenant_id').notNull(),
    requestId: text('request_id').notNull(),
    kind: text().$type<Finding['kind']>().notNull(),
    ref: text().notNull(),
    outcome: text().$type<NonNullable<Finding['outcome']>>(),
    reason: text(),
    counts: text({ mode: 'json' }).$type<Record<string, number>>(),
    at: text(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.requestId, table.kind, table.ref] })],
)

/** Restores of backups and imports of archives, and how far each is. */
export const restores = sqliteTable('restores', {
  id: text().primaryKey(),
  /** Null: a whole installation. */
  tenantId: text('tenant_id'),
  createdAt: text('created_at').notNull(),
  /** Parts of the file that were taken, and the chain up to there. */
  parts: integer().notNull(),
  chain: text().notNull(),
  counts: text({ mode: 'json' }).$type<BackupCounts>().notNull(),
  /** A file of many parts that is on its way. */
  upload: text({ mode: 'json' }).$type<OpenUpload>(),
  beganAt: text('began_at').notNull(),
  touchedAt: text('touched_at').notNull(),
  /** When all parts were there and right. */
  verifiedAt: text('verified_at'),
  finishedAt: text('finished_at'),
})

/** Objects that lie still until the whole restore is there. */
export const stillObjects = sqliteTable(
  'still_objects',
  {
    restoreId: text('restore_id').notNull(),
    class: text().$type<ObjectClass>().notNull(),
    tenantId: text('tenant_id').notNull(),
    name: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.restoreId, table.class, table.tenantId, table.name] })],
)
