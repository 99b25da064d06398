import { waitUntil } from 'cloudflare:workers'
import type { Knowledge as KnowledgeClass } from '../durable-objects/knowledge'
import { createBindingMailer } from './adapters/binding-mailer'
import { createD1Classifiers } from './adapters/d1-classifiers'
import { createD1Datasets } from './adapters/d1-datasets'
import { createD1Documents } from './adapters/d1-documents'
import { createD1Evaluations } from './adapters/d1-evaluations'
import { createD1Identity } from './adapters/d1-identity'
import { createD1ModelCache } from './adapters/d1-model-cache'
import { createD1ModelSettings } from './adapters/d1-model-settings'
import { createD1Prompts } from './adapters/d1-prompts'
import { createD1Reports } from './adapters/d1-reports'
import { createD1RunIndex } from './adapters/d1-run-index'
import { createD1Secrets } from './adapters/d1-secrets'
import { createD1Usage } from './adapters/d1-usage'
import { createD1Vectors } from './adapters/d1-vectors'
import { createD1WorkflowGates } from './adapters/d1-workflow-gates'
import { createD1Workflows } from './adapters/d1-workflows'
import { createEmbeddedEncoder, type EncoderService } from './adapters/embedded-encoder'
import { createEmbeddedOcr, type OcrService } from './adapters/embedded-ocr'
import { createOutbound } from './adapters/guarded-outbound'
import { createObjectCollections } from './adapters/object-collections'
import { createObjectKnowledge } from './adapters/object-knowledge'
import { createObjectRuns } from './adapters/object-runs'
import { createObjectPurse } from './adapters/object-tenant-purse'
import { createTenantRunIndex } from './adapters/object-tenant-run-index'
import { createR2Files } from './adapters/r2-files'
import { createTenantModels, type TenantModels } from './adapters/routed-models'
import { createSmtpMailer } from './adapters/smtp-mailer'
import { couldConnect } from './adapters/socket-probe'
import { newId } from './adapters/uuid-ids'
import { createMasterVault } from './adapters/vault'
import { createVectorizeIndex, type VectorizeBinding } from './adapters/vectorize-index'
import type { AiBinding } from './adapters/workers-ai-model'
import { AppError } from './domain/error'
import { lazily } from './domain/lazily'
import type { Encoder } from './domain/models'
import type { Mailer, Ports, RunIndex } from './domain/ports'
import type { AttemptObject, RunObject } from './domain/run-control'
import type { Dispatch } from './domain/runs'
import type { DoorPorts } from './domain/stores'
import type { TenantNamespace } from './domain/tenant-control'
import type { Usage } from './domain/usage'
import type { VectorIndex } from './domain/vectors'
import type { WorkflowVersion } from './domain/workflows'

/** The namespace of the run objects. Typed by the interfaces that Run implements: RPC types turn `unknown` members into never. */
export interface RunNamespace {
  getByName(name: string): RunObject & AttemptObject & { fetch(request: Request): Promise<Response> }
}

/** Bindings and settings that every script has. */
export interface AgentsEnv {
  RUN: RunNamespace
  TENANT: TenantNamespace
  KNOWLEDGE: DurableObjectNamespace<KnowledgeClass>
  DB: D1Database
  FILES: R2Bucket
  MODELS: EncoderService & OcrService
  /** A Vectorize index; absent: vectors are kept and searched in the Knowledge objects. */
  VECTORS?: VectorizeBinding
  /** Numbers of a vector of that index; 512 when absent. */
  VECTOR_DIMENSIONS?: string
  OUTGOING_MAIL?: SendEmail
  STEWARD_ENVIRONMENT: string
  /** `true` lets actions call hosts on loopback: development only. */
  ALLOW_LOOPBACK?: string
  /** Base64 of 32 bytes; secrets at rest are sealed with it. */
  STEWARD_MASTER_KEY: string
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
  /** Creates tenants; a deployment without it creates none. */
  STEWARD_ADMIN_TOKEN?: string
  /** Private ES256 JWK; absent: one is made once and kept sealed in D1. */
  STEWARD_SIGNING_KEY?: string
}

const clock = { now: () => new Date() }

/** The one place where a binding becomes a port. Everything it gives is bound to the tenant. */
export function createPorts(env: AgentsEnv, tenantId: string): Ports {
  return createDoorPorts(env, tenantId, [])
}

/** The ports with what only doors use: workflow history, and lists of runs that wait for a person. */
export function createDoorPorts(env: AgentsEnv, tenantId: string, builtIns: readonly WorkflowVersion[]): Ports & DoorPorts {
  const encoder = createEmbeddedEncoder(env.MODELS)
  const knowledge = once(() => knowledgeOf(env, tenantId, encoder))
  // A request needs two or three of them, and some are costly to make.
  return lazily<Ports & DoorPorts>({
    tenantId: () => tenantId,
    settings: () => () => settingsOf(env, tenantId),
    documents: () => createD1Documents(env.DB, tenantId),
    files: () => createR2Files(env.FILES, tenantId),
    workflows: () => createD1Workflows(env.DB, tenantId, builtIns),
    runIndex: () => createTenantRunIndex(() => env.TENANT.getByName(tenantId), createD1RunIndex(env.DB, tenantId)),
    reports: () => createD1Reports(env.DB, tenantId),
    knowledge: () => knowledge().knowledge,
    collections: () => knowledge().collections,
    secrets: () => createD1Secrets(env.DB, tenantId, createMasterVault(env.STEWARD_MASTER_KEY)),
    outbound: () => outboundOf(env),
    mailer: () => mailerOf(env),
    encoder: () => encoder,
    ocr: () => createEmbeddedOcr(env.MODELS),
    chatModel: () => createModels(env, tenantId).chatModel,
    prompts: () => createD1Prompts(env.DB, tenantId, clock),
    datasets: () => createD1Datasets(env.DB, tenantId),
    evaluations: () => createD1Evaluations(env.DB, tenantId),
    gates: () => createD1WorkflowGates(env.DB, tenantId),
    // Without admission: the run of the step has its room, and waiting for more behind itself would never end.
    runs: () => createObjectRuns(env.RUN, tenantId),
    classifiers: () => createD1Classifiers(env.DB, tenantId),
    purse: () => createObjectPurse({ tenant: () => env.TENANT.getByName(tenantId), newId, clock }),
    clock: () => clock,
    newId: () => newId,
  })
}

/** Makes it when it is first asked for. */
function once<T extends object>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

function knowledgeOf(env: AgentsEnv, tenantId: string, embedded: Encoder): Pick<Ports, 'knowledge' | 'collections'> {
  const models = createModels(env, tenantId)
  const encoder = () => models.encoder()
  const collections = createObjectCollections({ binding: env.DB, tenantId, namespace: env.KNOWLEDGE, encoder })
  const knowledge = createObjectKnowledge({
    tenantId,
    namespace: env.KNOWLEDGE,
    encoder,
    encoderOf: (model) => (model === embedded.model ? embedded : undefined),
    reranker: (payer) => models.reranker(payer),
    register: (collection) => collections.create(collection),
  })
  return { knowledge, collections }
}

/** The separate vector store of a deployment that has one; without it vectors stay in the Knowledge objects. */
export function vectorIndexOf({ VECTORS, VECTOR_DIMENSIONS }: Pick<AgentsEnv, 'VECTORS' | 'VECTOR_DIMENSIONS'>): VectorIndex | undefined {
  return VECTORS && createVectorizeIndex({ binding: VECTORS, dimensions: Number(VECTOR_DIMENSIONS ?? DEFAULT_VECTOR_DIMENSIONS) })
}
/** Of the embedded encoder. */
const DEFAULT_VECTOR_DIMENSIONS = 512

/** Where the tenant's object writes what is listed: beside it, these stores are only read. */
export const createTenantStores = (env: Pick<AgentsEnv, 'DB'>, tenantId: string): { runIndex: RunIndex; usage: Usage } => ({
  runIndex: createD1RunIndex(env.DB, tenantId),
  usage: createD1Usage(env.DB, tenantId),
})

/** The run object of a tenant, for agents that report to it. */
export const attemptObject = (env: AgentsEnv, tenantId: string, runId: string): AttemptObject => env.RUN.getByName(`${tenantId}/${runId}`)

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

function outboundOf(env: AgentsEnv): Ports['outbound'] {
  const allowLoopback = env.ALLOW_LOOPBACK === 'true'
  // Local workerd says the same for a refused and for a cut connection; Cloudflare's network refuses such a probe.
  return createOutbound({ allowLoopback, fetch: (url, init) => fetch(url, init), ...(allowLoopback && { probe: couldConnect }) })
}

function mailerOf(env: AgentsEnv): Mailer {
  if (env.SMTP_URL !== undefined) return createSmtpMailer({ url: env.SMTP_URL, from: env.MAIL_FROM })
  if (env.OUTGOING_MAIL !== undefined) return createBindingMailer({ binding: env.OUTGOING_MAIL, from: env.MAIL_FROM })
  return {
    send: async () => {
      throw new AppError('unavailable', 'No way to send mail is configured; set SMTP_URL or add the send_email binding OUTGOING_MAIL.', {
        reason: 'not_sent',
      })
    },
  }
}

/** All models of a tenant, as its models.yaml says. */
export function createModels(env: AgentsEnv, tenantId: string): TenantModels {
  return createTenantModels({
    tenantId,
    store: createD1ModelSettings(env.DB, tenantId, clock),
    cache: createD1ModelCache(env.DB, tenantId),
    vectors: createD1Vectors(env.DB, tenantId, clock),
    encoder: createEmbeddedEncoder(env.MODELS),
    clock,
    later: waitUntil,
    sources: {
      fetch: (input, init) => fetch(input, init),
      allowLoopback: env.ALLOW_LOOPBACK === 'true',
      secret: (name) => createD1Secrets(env.DB, tenantId, createMasterVault(env.STEWARD_MASTER_KEY)).get(name),
      variable: (name) => {
        const value: unknown = Reflect.get(env, name)
        return typeof value === 'string' && value !== '' ? value : undefined
      },
      ...(env.AI && { ai: env.AI }),
    },
  })
}
