import { createD1Idempotency, deleteExpiredIdempotencyKeys } from './adapters/d1-idempotency'
import { createD1Identity } from './adapters/d1-identity'
import { createD1MailLog } from './adapters/d1-mail-log'
import { createD1StaleRuns } from './adapters/d1-stale-runs'
import { createJoseTokens } from './adapters/jose-tokens'
import { credentials, newDigest } from './adapters/node-credentials'
import { createObjectRuns } from './adapters/object-runs'
import { createScryptPasswords } from './adapters/scrypt-passwords'
import { createD1SigningKey, createSecretSigningKey } from './adapters/signing-keys'
import { newId } from './adapters/uuid-ids'
import { createMasterVault } from './adapters/vault'
import { agents } from './agents'
import { type App, createApp } from './api/app'
import type { ApiDeps } from './api/deps'
import { createCronHandler } from './cron'
import { AppError } from './domain/error'
import type { WorkflowVersion } from './domain/workflows'
import { createEmailHandler, type IncomingMail } from './email'
import { createDoorPorts, type Env } from './env'
import { builtInWorkflows } from './workflows'
import { parseWorkflow } from './workflows/parse'

/** What Cloudflare's mail routing accepts. */
const MAX_MAIL_BYTES = 25 * 1024 * 1024
const DEFAULT_MAX_UPLOAD_BYTES = 100 * 1024 * 1024
/** The issuer that access tokens name. */
const ISSUER = 'steward'

const clock = { now: () => new Date() }

/** What the doors stand on, made once per isolate. */
export interface Doors {
  app: App
  receiveMail(mail: IncomingMail): Promise<void>
  sweep(): Promise<void>
}
const opened = new WeakMap<Env, Promise<Doors>>()

export function openDoors(env: Env): Promise<Doors> {
  const known = opened.get(env)
  if (known !== undefined) return known
  const doors = builtInWorkflows(agents).then((builtIns) => {
    const deps = depsOf(env, builtIns)
    return {
      app: createApp(deps),
      receiveMail: createEmailHandler({ ...deps, mailLog: (tenantId) => createD1MailLog(env.DB, tenantId), maxMailBytes: MAX_MAIL_BYTES }),
      sweep: createCronHandler({
        ...deps,
        staleRuns: createD1StaleRuns(env.DB),
        deleteExpiredIdempotencyKeys: (before) => deleteExpiredIdempotencyKeys(env.DB, before),
      }),
    }
  })
  opened.set(env, doors)
  return doors
}

function depsOf(env: Env, builtIns: WorkflowVersion[]): ApiDeps {
  const master = createMasterVault(env.STEWARD_MASTER_KEY)
  const signingKey =
    env.STEWARD_SIGNING_KEY === undefined ? createD1SigningKey(env.DB, master, clock) : createSecretSigningKey(env.STEWARD_SIGNING_KEY)
  return {
    environment: env.STEWARD_ENVIRONMENT,
    portsFor: (tenantId) => createDoorPorts(env, tenantId, builtIns),
    runs: (tenantId) => createObjectRuns(env.RUN, tenantId),
    idempotency: (tenantId) => createD1Idempotency(env.DB, tenantId),
    identity: createD1Identity(env.DB),
    tokens: createJoseTokens(signingKey, ISSUER, clock),
    passwords: createScryptPasswords(),
    credentials,
    newDigest,
    agents,
    parseWorkflow: (source) => parseWorkflow(source, { agents }),
    checks: { d1: () => checkD1(env), r2: () => checkR2(env), object: () => checkObject(env) },
    limits: { maxUploadBytes: Number(env.MAX_UPLOAD_BYTES ?? DEFAULT_MAX_UPLOAD_BYTES) },
    adminToken: env.STEWARD_ADMIN_TOKEN,
    clock,
    newId,
    assets: async (request) => (env.ASSETS === undefined ? new Response(null, { status: 404 }) : await env.ASSETS.fetch(request)),
  }
}

async function checkD1(env: Env): Promise<void> {
  await env.DB.prepare('SELECT 1 FROM tenants LIMIT 1').run()
}

async function checkR2(env: Env): Promise<void> {
  await env.FILES.head('ready')
}

/** A run that never was answers without leaving anything behind. */
async function checkObject(env: Env): Promise<void> {
  const answer = await createObjectRuns(env.RUN, 'ready').get(`run_${'0'.repeat(32)}`)
  if (answer.ok || answer.error.code !== 'not_found') throw new AppError('unavailable', 'The run object gave no sensible answer.')
}
