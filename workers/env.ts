import type { Knowledge as KnowledgeClass } from '../durable-objects/knowledge'
import { createBindingMailer } from './adapters/binding-mailer'
import { createD1Documents } from './adapters/d1-documents'
import { createD1Identity } from './adapters/d1-identity'
import { createD1Reports } from './adapters/d1-reports'
import { createD1RunIndex } from './adapters/d1-run-index'
import { createD1Secrets } from './adapters/d1-secrets'
import { createD1Workflows } from './adapters/d1-workflows'
import { createEmbeddedEncoder, type EncoderService } from './adapters/embedded-encoder'
import { createEmbeddedOcr, type OcrService } from './adapters/embedded-ocr'
import { createOutbound } from './adapters/guarded-outbound'
import { createObjectKnowledge } from './adapters/object-knowledge'
import { createOpenAiModel } from './adapters/openai-model'
import { createR2Files } from './adapters/r2-files'
import { createSmtpMailer } from './adapters/smtp-mailer'
import { canConnect } from './adapters/socket-probe'
import { newId } from './adapters/uuid-ids'
import { createMasterVault } from './adapters/vault'
import { AppError } from './domain/error'
import type { Mailer, Ports } from './domain/ports'
import type { AttemptObject, RunObject } from './domain/run-control'
import type { Dispatch } from './domain/runs'
import type { DoorPorts } from './domain/stores'
import type { WorkflowVersion } from './domain/workflows'

/** The namespace of the run objects. Typed by the interfaces that Run implements: RPC types turn `unknown` members into never. */
export interface RunNamespace {
  getByName(name: string): RunObject & AttemptObject & { fetch(request: Request): Promise<Response> }
}

/** Bindings and settings that every script has. */
export interface AgentsEnv {
  RUN: RunNamespace
  KNOWLEDGE: DurableObjectNamespace<KnowledgeClass>
  DB: D1Database
  FILES: R2Bucket
  MODELS: EncoderService & OcrService
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
}

export interface Env extends AgentsEnv {
  INGESTION_QUEUE: Queue<Dispatch>
  ANALYSIS_QUEUE: Queue<Dispatch>
  QUALITY_QUEUE: Queue<Dispatch>
  REPORT_QUEUE: Queue<Dispatch>
  ACTION_QUEUE: Queue<Dispatch>
  ASSETS?: Fetcher
  MAX_UPLOAD_BYTES?: string
  /** Creates tenants; a deployment without it creates none. */
  STEWARD_ADMIN_TOKEN?: string
  /** Private ES256 JWK; absent: one is made once and kept sealed in D1. */
  STEWARD_SIGNING_KEY?: string
}

/** Model calls of one answer, streaming included. */
const CHAT_TIMEOUT_MS = 60_000

/** The one place where a binding becomes a port. Everything it gives is bound to the tenant. */
export function createPorts(env: AgentsEnv, tenantId: string): Ports {
  return createDoorPorts(env, tenantId, [])
}

/** The ports with what only doors use: workflow history, and lists of runs that wait for a person. */
export function createDoorPorts(env: AgentsEnv, tenantId: string, builtIns: readonly WorkflowVersion[]): Ports & DoorPorts {
  const encoder = createEmbeddedEncoder(env.MODELS)
  return {
    tenantId,
    settings: () => settingsOf(env, tenantId),
    documents: createD1Documents(env.DB, tenantId),
    files: createR2Files(env.FILES, tenantId),
    workflows: createD1Workflows(env.DB, tenantId, builtIns),
    runIndex: createD1RunIndex(env.DB, tenantId),
    reports: createD1Reports(env.DB, tenantId),
    knowledge: createObjectKnowledge({ tenantId, namespace: env.KNOWLEDGE, encoder }),
    secrets: createD1Secrets(env.DB, tenantId, createMasterVault(env.STEWARD_MASTER_KEY)),
    outbound: outboundOf(env),
    mailer: mailerOf(env),
    encoder,
    ocr: createEmbeddedOcr(env.MODELS),
    chatModel: chatModelOf(env),
    clock: { now: () => new Date() },
    newId,
  }
}

/** The run object of a tenant, for agents that report to it. */
export const attemptObject = (env: AgentsEnv, tenantId: string, runId: string): AttemptObject => env.RUN.getByName(`${tenantId}/${runId}`)

/** Queues a dispatch for its agent. An unknown agent is refused: the workflow checks make it impossible. */
export async function sendDispatch(env: Env, dispatch: Dispatch): Promise<void> {
  const queues: Record<string, Queue<Dispatch>> = {
    ingestion: env.INGESTION_QUEUE,
    analysis: env.ANALYSIS_QUEUE,
    quality: env.QUALITY_QUEUE,
    report: env.REPORT_QUEUE,
    action: env.ACTION_QUEUE,
  }
  const queue = queues[dispatch.agent]
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
  return createOutbound({ allowLoopback, fetch: (url, init) => fetch(url, init), ...(allowLoopback && { probe: canConnect }) })
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

function chatModelOf(env: AgentsEnv): Ports['chatModel'] {
  if (env.CHAT_MODEL_URL === undefined || env.CHAT_MODEL_NAME === undefined) return undefined
  return createOpenAiModel({
    baseUrl: env.CHAT_MODEL_URL,
    model: env.CHAT_MODEL_NAME,
    fetch: (input, init) => fetch(input, init),
    timeoutMs: CHAT_TIMEOUT_MS,
    provider: new URL(env.CHAT_MODEL_URL).hostname,
    ...(env.CHAT_MODEL_KEY !== undefined && { apiKey: env.CHAT_MODEL_KEY }),
  })
}
