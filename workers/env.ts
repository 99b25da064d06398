import type { Knowledge as KnowledgeClass } from '../durable-objects/knowledge'
import { createD1AuditKeys } from './adapters/d1-audit-keys'
import { createD1Classifiers } from './adapters/d1-classifiers'
import { createD1CollectionMembers } from './adapters/d1-collection-members'
import { createD1Datasets } from './adapters/d1-datasets'
import { createD1Deletions } from './adapters/d1-deletions'
import { createD1DocumentClasses } from './adapters/d1-document-classes'
import { createD1Documents } from './adapters/d1-documents'
import { createD1Evaluations } from './adapters/d1-evaluations'
import { createD1Identity } from './adapters/d1-identity'
import { createD1ModelCache } from './adapters/d1-model-cache'
import { createD1Prompts } from './adapters/d1-prompts'
import { createD1Reports } from './adapters/d1-reports'
import { createD1RunIndex } from './adapters/d1-run-index'
import { createD1Secrets } from './adapters/d1-secrets'
import { createD1TenantStorage } from './adapters/d1-tenant-storage'
import { createD1Usage } from './adapters/d1-usage'
import { createD1WorkflowGates } from './adapters/d1-workflow-gates'
import { createD1Workflows } from './adapters/d1-workflows'
import { createEmbeddedEncoder, type EncoderService } from './adapters/embedded-encoder'
import { createEmbeddedOcr, type OcrService } from './adapters/embedded-ocr'
import { createObjectCollectionDocuments, createObjectCollections } from './adapters/object-collections'
import { createObjectKnowledge } from './adapters/object-knowledge'
import { createObjectRuns } from './adapters/object-runs'
import { createObjectPurse } from './adapters/object-tenant-purse'
import { createTenantRunIndex } from './adapters/object-tenant-run-index'
import { createPolledLists, createPolledRunIndex } from './adapters/polled-run-index'
import { createR2Files } from './adapters/r2-files'
import { createRecentQuestions } from './adapters/recent-questions'
import { createSealedFields } from './adapters/sealed-fields'
import { createSealedFiles } from './adapters/sealed-files'
import { createSealedRuns } from './adapters/sealed-runs'
import { createTenantVault, type TenantVault } from './adapters/tenant-vault'
import { newId } from './adapters/uuid-ids'
import { createMasterVault } from './adapters/vault'
import { createVectorizeIndex, type VectorizeBinding } from './adapters/vectorize-index'
import type { AiBinding } from './adapters/workers-ai-model'
import type { AuditSigner } from './domain/audit'
import type { Purse } from './domain/budgets'
import type { DumpedObject } from './domain/dumps'
import { AppError, unwrap } from './domain/error'
import { lazily } from './domain/lazily'
import type { Encoder } from './domain/models'
import type { Ports, RunIndex } from './domain/ports'
import type { AttemptObject, RunObject } from './domain/run-control'
import type { Dispatch } from './domain/runs'
import type { DoorPorts } from './domain/stores'
import type { TenantNamespace } from './domain/tenant-control'
import type { Usage } from './domain/usage'
import type { VectorIndex } from './domain/vectors'
import type { WorkflowVersion } from './domain/workflows'
import { mailerOf, outboundOf } from './outbound'
import { type Databases, databaseOf, filesOf, placed } from './placed'
import { createModels } from './tenant-models'

/** The namespace of the run objects. Typed by the interfaces that Run implements: RPC types turn `unknown` members into never. */
export interface RunNamespace {
  getByName(name: string): RunObject & AttemptObject & DumpedObject & { fetch(request: Request): Promise<Response> }
}

/** Bindings and settings that every script has. */
export interface AgentsEnv {
  RUN: RunNamespace
  TENANT: TenantNamespace
  KNOWLEDGE: DurableObjectNamespace<KnowledgeClass>
  /** The directory of the installation, and the content of tenants that no other shard has. */
  DB: D1Database
  /** Shards for the content of tenants of a residency; without its shard no tenant of it can be made, unless D1_RESIDENCY names it. */
  DB_EU?: D1Database
  DB_US?: D1Database
  DB_APAC?: D1Database
  DB_FEDRAMP?: D1Database
  FILES: R2Bucket
  /** Buckets for tenants of a residency; without its bucket no tenant of it can be made. */
  FILES_EU?: R2Bucket
  FILES_US?: R2Bucket
  FILES_APAC?: R2Bucket
  FILES_FEDRAMP?: R2Bucket
  /** Residencies, with commas between, that `DB` meets by how it was created; their rows lie there, whatever shard is bound. Absent: none. */
  D1_RESIDENCY?: string
  /** `simulated`, for simulators that cannot: every residency is taken, and nothing is placed but rows whose shard is bound. Development only. */
  PLACEMENT?: string
  MODELS: EncoderService & OcrService
  /** A Vectorize index; absent: vectors are kept and searched in the Knowledge objects. */
  VECTORS?: VectorizeBinding
  /** Numbers of a vector of that index; 512 when absent. */
  VECTOR_DIMENSIONS?: string
  OUTGOING_MAIL?: SendEmail
  STEWARD_ENVIRONMENT: string
  /** `true` lets actions call hosts on loopback: development only. */
  ALLOW_LOOPBACK?: string
  /** DNS-over-HTTPS server that is asked where a name leads before it is called; Cloudflare's when absent. `off`: names are trusted. */
  DNS_RESOLVER?: string
  /** Base64 of 32 bytes, or several with commas between: the first seals, all open. It wraps the data keys of tenants. */
  STEWARD_MASTER_KEY: string
  /** `true` seals files too, with the data key of their tenant; those that are sealed open in any case. */
  SEAL_FILES?: string
  /** Sender of mails that name none. */
  MAIL_FROM?: string
  /** `smtps://user:password@host:465` or `smtp://…:587` (STARTTLS); absent: the send_email binding. */
  SMTP_URL?: string
  /** Any OpenAI-compatible server, up to and without `/chat/completions`. Absent: skills take their embedded way. */
  CHAT_MODEL_URL?: string
  CHAT_MODEL_NAME?: string
  CHAT_MODEL_KEY?: string
  /** Keys of the installation for the providers of the shipped models.yaml. */
  OPENAI_API_KEY?: string
  ANTHROPIC_API_KEY?: string
  GOOGLE_API_KEY?: string
  /** Workers AI: only deployments have it. */
  AI?: AiBinding
}

export interface Env extends AgentsEnv {
  INGESTION_QUEUE: Queue<Dispatch>
  ANALYSIS_QUEUE: Queue<Dispatch>
  QUALITY_QUEUE: Queue<Dispatch>
  REPORT_QUEUE: Queue<Dispatch>
  ACTION_QUEUE: Queue<Dispatch>
  ASSETS?: Fetcher
  /** Counts requests without a valid token by address; absent: they are not slowed down. */
  STRANGERS?: RateLimit
  MAX_UPLOAD_BYTES?: string
  /** Origins with commas between, whose pages may call the API for any tenant: a dashboard that is served elsewhere. */
  ALLOWED_ORIGINS?: string
  /** Where people open the dashboard, `https://steward.example.com`: passkeys and identity providers need it. */
  PUBLIC_URL?: string
  /** Where the API answers, when the dashboard lies elsewhere. */
  PUBLIC_API_URL?: string
  /** A domain above that of the dashboard, for passkeys that several hosts share. */
  PASSKEY_DOMAIN?: string
  /** Creates tenants; a deployment without it creates none. */
  STEWARD_ADMIN_TOKEN?: string
  /** Private ES256 JWK; absent: one is made once and kept sealed in D1. */
  STEWARD_SIGNING_KEY?: string
}

/** The time of this machine. */
export const clock = { now: () => new Date() }

/** The one place where a binding becomes a port. Everything it gives is bound to the tenant. */
export function createPorts(env: AgentsEnv, tenantId: string): Ports {
  return createDoorPorts(env, tenantId, [])
}

/** What keys are made, wrapped and rotated with. */
export const keyRoomOf = (env: Pick<AgentsEnv, 'DB' | 'STEWARD_MASTER_KEY'>) => ({
  binding: env.DB,
  master: createMasterVault(env.STEWARD_MASTER_KEY),
  clock,
})

/** Seals and opens with the data key of a tenant. */
export const vaultOf = (env: AgentsEnv, tenantId: string): TenantVault => createTenantVault({ ...keyRoomOf(env), tenantId })

/** The ports with what only doors use: workflow history, and lists of runs that wait for a person. */
export function createDoorPorts(env: AgentsEnv, tenantId: string, builtIns: readonly WorkflowVersion[]): Ports & DoorPorts {
  const encoder = createEmbeddedEncoder(env.MODELS)
  const content = () => databaseOf(env, tenantId)
  const knowledge = once(() => knowledgeOf(env, tenantId, encoder))
  // A request needs two or three of them, and some are costly to make.
  return lazily<Ports & DoorPorts>({
    tenantId: () => tenantId,
    settings: () => () => settingsOf(env, tenantId),
    documents: () => createD1Documents(content(), tenantId),
    files: () =>
      createSealedFiles({
        files: createR2Files(filesOf(env, tenantId), tenantId),
        vault: vaultOf(env, tenantId),
        seals: env.SEAL_FILES === 'true',
      }),
    workflows: () => createD1Workflows(content(), tenantId, builtIns),
    runIndex: () =>
      createTenantRunIndex(
        () => placed(env, env.TENANT, tenantId).getByName(tenantId),
        createPolledRunIndex(createD1RunIndex(content(), tenantId), tenantId, runLists),
      ),
    reports: () => createD1Reports(content(), tenantId),
    knowledge: () => knowledge().knowledge,
    collections: () => knowledge().collections,
    collectionDocuments: () => knowledge().collectionDocuments,
    storage: () =>
      createD1TenantStorage(
        content(),
        tenantId,
        async () => unwrap(await placed(env, env.TENANT, tenantId).getByName(tenantId).budgets()).plan,
      ),
    deletions: () => createD1Deletions(content(), tenantId),
    modelCache: () => createD1ModelCache(content(), tenantId),
    secrets: () => createD1Secrets(env.DB, tenantId, vaultOf(env, tenantId)),
    sealedFields: () => createSealedFields(vaultOf(env, tenantId)),
    outbound: () => outboundOf(env),
    mailer: () => mailerOf(env),
    encoder: () => encoder,
    ocr: () => createEmbeddedOcr(env.MODELS),
    chatModel: () => createModels(env, tenantId).chatModel,
    prompts: () => createD1Prompts(content(), tenantId, clock),
    datasets: () => createD1Datasets(content(), tenantId),
    evaluations: () => createD1Evaluations(content(), tenantId),
    gates: () => createD1WorkflowGates(content(), tenantId),
    // Without admission: the run of the step has its room, and waiting for more behind itself would never end.
    runs: () =>
      createSealedRuns({
        runs: createObjectRuns(placed(env, env.RUN, tenantId), tenantId),
        fields: () => createSealedFields(vaultOf(env, tenantId)),
        findWorkflow: (name, version) => createD1Workflows(content(), tenantId, builtIns).find(name, version),
      }),
    documentClasses: () => createD1DocumentClasses(content(), tenantId),
    classifiers: () => createD1Classifiers(content(), tenantId),
    purse: () => purseOf(env, tenantId),
    clock: () => clock,
    newId: () => newId,
  })
}

const recentQuestions = createRecentQuestions(Date.now)
const runLists = createPolledLists(Date.now)

/** Money of the tenant, for one step, request or turn in the background. */
export const purseOf = (env: Pick<AgentsEnv, 'TENANT' | 'PLACEMENT'>, tenantId: string): Purse =>
  createObjectPurse({ tenant: () => placed(env, env.TENANT, tenantId).getByName(tenantId), newId, clock })

/** Makes it when it is first asked for. */
function once<T extends object>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

function knowledgeOf(
  env: AgentsEnv,
  tenantId: string,
  embedded: Encoder,
): Pick<DoorPorts, 'knowledge' | 'collections' | 'collectionDocuments'> {
  const models = createModels(env, tenantId)
  const encoder = () => models.encoder()
  const binding = databaseOf(env, tenantId)
  const options = { binding, tenantId, namespace: placed(env, env.KNOWLEDGE, tenantId), encoder }
  const collections = createObjectCollections(options)
  const members = createD1CollectionMembers(binding, tenantId)
  const known = new Set<string>()
  const knowledge = createObjectKnowledge({
    tenantId,
    namespace: placed(env, env.KNOWLEDGE, tenantId),
    encoder,
    encoderOf: (model) => (model === embedded.model ? embedded : undefined),
    reranker: (payer) => models.reranker(payer),
    register: async (collection, documentId) => {
      if (!known.has(collection)) await collections.create(collection)
      known.add(collection)
      await members.add(collection, [documentId])
    },
    remembering: (by) => recentQuestions(tenantId, by),
    isDeleted: (documentId) => createD1Deletions(binding, tenantId).isDeleted(documentId),
  })
  return { knowledge, collections, collectionDocuments: createObjectCollectionDocuments(options) }
}

/** The separate vector store of a deployment that has one; without it vectors stay in the Knowledge objects. */
export function vectorIndexOf({ VECTORS, VECTOR_DIMENSIONS }: Pick<AgentsEnv, 'VECTORS' | 'VECTOR_DIMENSIONS'>): VectorIndex | undefined {
  return VECTORS && createVectorizeIndex({ binding: VECTORS, dimensions: Number(VECTOR_DIMENSIONS ?? DEFAULT_VECTOR_DIMENSIONS) })
}
/** Of the embedded encoder. */
const DEFAULT_VECTOR_DIMENSIONS = 512

/** Where the tenant's object writes what is listed: beside it, these stores are only read. */
export const createTenantStores = (env: Databases, tenantId: string): { runIndex: RunIndex; usage: Usage } => ({
  runIndex: createD1RunIndex(databaseOf(env, tenantId), tenantId),
  usage: createD1Usage(databaseOf(env, tenantId), tenantId),
})

/** Signs checkpoints of audits, the same for all tenants of an installation. One an isolate, so that keys are read once. */
export function createAuditSigner(env: Pick<AgentsEnv, 'DB' | 'STEWARD_MASTER_KEY'>): AuditSigner {
  const known = auditSigners.get(env.DB)
  if (known !== undefined) return known
  const made = createD1AuditKeys(env.DB, createMasterVault(env.STEWARD_MASTER_KEY), clock)
  auditSigners.set(env.DB, made)
  return made
}
const auditSigners = new WeakMap<D1Database, AuditSigner>()

/** The run object of a tenant, for agents that report to it. */
export const attemptObject = (env: AgentsEnv, tenantId: string, runId: string): AttemptObject =>
  placed(env, env.RUN, tenantId).getByName(`${tenantId}/${runId}`)

/** The queue of an agent, by the agent's type. */
export function queueOf(env: Env, agent: string): Queue<Dispatch> | undefined {
  const queues: Record<string, Queue<Dispatch>> = {
    ingestion: env.INGESTION_QUEUE,
    analysis: env.ANALYSIS_QUEUE,
    quality: env.QUALITY_QUEUE,
    report: env.REPORT_QUEUE,
    action: env.ACTION_QUEUE,
  }
  return queues[agent]
}

/** Queues a dispatch for its agent. An unknown agent is refused: the workflow checks make it impossible. */
export async function sendDispatch(env: Env, dispatch: Dispatch): Promise<void> {
  const queue = queueOf(env, dispatch.agent)
  if (queue === undefined) throw new AppError('invalid', `There is no queue for agent '${dispatch.agent}'.`)
  await queue.send(dispatch, { contentType: 'json' })
}

async function settingsOf(env: AgentsEnv, tenantId: string) {
  const tenant = await createD1Identity(env.DB).findTenant(tenantId)
  if (tenant === undefined) throw new AppError('not_found', 'This tenant does not exist any more.')
  return tenant.settings
}
