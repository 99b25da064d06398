import { waitUntil } from 'cloudflare:workers'
import { forgetDeletions, listOpenDeletions, MAX_OPEN_DELETIONS } from './adapters/d1-deletions'
import { createD1IdOwners } from './adapters/d1-id-owners'
import { createD1Idempotency, deleteExpiredIdempotencyKeys } from './adapters/d1-idempotency'
import { createD1Identity } from './adapters/d1-identity'
import { createD1IdentityProviders } from './adapters/d1-identity-providers'
import { createD1MailLog } from './adapters/d1-mail-log'
import { deleteExpiredModelAnswers } from './adapters/d1-model-cache'
import { createD1Passkeys } from './adapters/d1-passkeys'
import { createD1Prompts } from './adapters/d1-prompts'
import { createD1ScimUsers } from './adapters/d1-scim-users'
import { createD1SecondFactors } from './adapters/d1-second-factors'
import { createD1SignInChallenges } from './adapters/d1-sign-in-challenges'
import { createD1SigningKeys } from './adapters/d1-signing-keys'
import { createD1StaleRuns } from './adapters/d1-stale-runs'
import { createD1TenantErasures } from './adapters/d1-tenant-erasures'
import { createD1Usage } from './adapters/d1-usage'
import { createJoseTokens } from './adapters/jose-tokens'
import { credentials, newDigest } from './adapters/node-credentials'
import { oneTimeCodes } from './adapters/node-totp'
import { createNotedKeyUse } from './adapters/noted-key-use'
import { createObjectAudit } from './adapters/object-audit'
import { createObjectRuns } from './adapters/object-runs'
import { createTenantMoney } from './adapters/object-tenant-money'
import { createAdmittedRuns } from './adapters/object-tenant-runs'
import { createOidcClient } from './adapters/oidc-client'
import { createRecentApiKeys } from './adapters/recent-api-keys'
import { createRecentStanding } from './adapters/recent-standing'
import { createScryptPasswords } from './adapters/scrypt-passwords'
import { createSealedFields } from './adapters/sealed-fields'
import { createSealedIdempotency } from './adapters/sealed-idempotency'
import { createSealedRuns } from './adapters/sealed-runs'
import { createTenantKeys } from './adapters/sealed-tenants'
import { rewrapKeys, tendKeys } from './adapters/sealed-upkeep'
import { createSecretSigningKeys } from './adapters/signing-keys'
import { createTenantsVault, createTenantVault } from './adapters/tenant-vault'
import { newId } from './adapters/uuid-ids'
import { createMasterVault } from './adapters/vault'
import { createWebAuthn } from './adapters/webauthn'
import { agents } from './agents'
import { type App, createApp } from './api/app'
import type { ApiDeps, QueueState } from './api/deps'
import { createBackups } from './backups'
import { createCronHandler } from './cron'
import { tendDeletions } from './domain/document-deletion'
import { AppError } from './domain/error'
import { createFairGate, pause } from './domain/fair-gate'
import { createRateLimits } from './domain/rate-limits'
import { siteOf } from './domain/site'
import { eraseTenants } from './domain/tenant-life-erasure'
import type { WorkflowVersion } from './domain/workflows'
import { createEmailHandler, type IncomingMail } from './email'
import { createAuditSigner, createDoorPorts, createTenantStores, type Env, keyRoomOf, queueOf } from './env'
import { outboundOf } from './outbound'
import { canPlace, databaseOf, inShards, placed, shardsOf, sumOfShards } from './placed'
import { createPrivacy, tendPrivacy } from './privacy'
import { isRestoring } from './restore'
import { skills } from './skills'
import { builtInPrompts } from './skills/built-in-prompts'
import { erasureParts } from './tenant-erasure'
import { createModels } from './tenant-models'
import { builtInWorkflows } from './workflows'
import { parseWorkflow } from './workflows/parse'

/** What Cloudflare's mail routing accepts. */
const MAX_MAIL_BYTES = 25 * 1024 * 1024
const DEFAULT_MAX_UPLOAD_BYTES = 100 * 1024 * 1024
/** The issuer that access tokens name. */
const ISSUER = 'steward'

const clock = { now: () => new Date() }
/** Found once an isolate: the skills do not change while it runs. */
let promptsOfSkills: ReturnType<typeof builtInPrompts> | undefined

/** Starts of one tenant at once while others are there: a flood then takes the share of one, and what it leaves is theirs. */
const STARTS_WHEN_CONTENDED = 1
/** Each is a request that is kept open in memory. */
const STARTS_WAITING = 500
/** A start takes milliseconds; one that takes this long was broken off by its caller. */
const STALE_START_MS = 10_000
/** One for the isolate, because the isolate is what tenants share. */
const startGate = createFairGate({
  shareWhenContended: STARTS_WHEN_CONTENDED,
  mostWaiting: STARTS_WAITING,
  staleMs: STALE_START_MS,
  now: Date.now,
  sleep: pause,
})

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
      receiveMail: createEmailHandler({
        ...deps,
        mailLog: (tenantId) => createD1MailLog(databaseOf(env, tenantId), tenantId),
        maxMailBytes: MAX_MAIL_BYTES,
      }),
      sweep: unlessRestoring(
        env,
        createCronHandler({
          ...deps,
          staleRuns: { take: (stale) => inShards(env, stale.limit, (shard, limit) => createD1StaleRuns(shard).take({ ...stale, limit })) },
          ...(env.STEWARD_SIGNING_KEY === undefined && { tendSigningKeys: () => keptSigningKeys(env).tend() }),
          tendKeys: async () => await tendKeys(keyRoomOf(env)),
          eraseTenants: (now) => eraseTenants({ erasures: createD1TenantErasures(env.DB), parts: erasureParts(env), now }),
          deleteExpiredIdempotencyKeys: (before) => sumOfShards(env, (shard) => deleteExpiredIdempotencyKeys(shard, before)),
          deleteExpiredSignInChallenges: deps.signInChallenges.deleteExpired,
          deleteExpiredModelAnswers: (before) => sumOfShards(env, (shard) => deleteExpiredModelAnswers(shard, before)),
          tendPrivacy: () => tendPrivacy({ ...deps, env }),
          tendDeletions: (now) =>
            tendDeletions({
              listOpen: (begunBefore) => inShards(env, MAX_OPEN_DELETIONS, (shard, most) => listOpenDeletions(shard, begunBefore, most)),
              forget: (finishedBefore) => sumOfShards(env, (shard) => forgetDeletions(shard, finishedBefore)),
              portsFor: deps.portsFor,
              now,
            }),
        }),
      ),
    }
  })
  opened.set(env, doors)
  return doors
}

/** What is being restored is not tended: half of it would look stale, expired or lost. */
const unlessRestoring = (env: Env, sweep: () => Promise<void>) => async () => {
  if (await isRestoring(env)) console.info(JSON.stringify({ message: 'not swept while a restore is under way' }))
  else await sweep()
}

function depsOf(env: Env, builtIns: WorkflowVersion[]): ApiDeps {
  const identity = createD1Identity(env.DB)
  const signingKeys = env.STEWARD_SIGNING_KEY === undefined ? keptSigningKeys(env) : createSecretSigningKeys(env.STEWARD_SIGNING_KEY)
  return {
    environment: env.STEWARD_ENVIRONMENT,
    portsFor: (tenantId) => createDoorPorts(env, tenantId, builtIns),
    runs: (tenantId) =>
      createSealedRuns({
        runs: createAdmittedRuns({
          tenantId,
          runs: createObjectRuns(placed(env, env.RUN, tenantId), tenantId),
          tenant: () => placed(env, env.TENANT, tenantId).getByName(tenantId),
          runIndex: createTenantStores(env, tenantId).runIndex,
          gate: startGate,
          later: waitUntil,
        }),
        fields: () => createSealedFields(createTenantVault({ ...keyRoomOf(env), tenantId })),
        findWorkflow: async (name, version) => await createDoorPorts(env, tenantId, builtIns).workflows.find(name, version),
      }),
    privacy: (tenantId) =>
      createPrivacy(
        {
          env,
          portsFor: (id) => createDoorPorts(env, id, builtIns),
          audit: (id) => createObjectAudit(() => placed(env, env.TENANT, id).getByName(id)),
          clock,
        },
        tenantId,
      ),
    tenantKeys: (tenantId) => createTenantKeys(keyRoomOf(env), tenantId),
    backups: createBackups(env),
    rewrapKeys: async () => await rewrapKeys(keyRoomOf(env)),
    erasures: createD1TenantErasures(env.DB),
    canPlace: (residency) => canPlace(env, residency),
    money: (tenantId) =>
      createTenantMoney(() => placed(env, env.TENANT, tenantId).getByName(tenantId), createD1Usage(databaseOf(env, tenantId), tenantId)),
    rateLimits: createRateLimits({
      lease: (tenantId, request) => placed(env, env.TENANT, tenantId).getByName(tenantId).lease(request),
      now: Date.now,
      onLeaseFailed: (thrown) => console.warn(JSON.stringify({ message: 'no lease of tokens was given', error: String(thrown) })),
    }),
    ...(env.STRANGERS && { brake: braking(env.STRANGERS) }),
    idempotency: (tenantId) =>
      createSealedIdempotency(createD1Idempotency(databaseOf(env, tenantId), tenantId), createTenantVault({ ...keyRoomOf(env), tenantId })),
    models: (tenantId) => createModels(env, tenantId).desk,
    prompts: (tenantId) => createD1Prompts(databaseOf(env, tenantId), tenantId, clock),
    builtInPrompts: () => {
      promptsOfSkills ??= builtInPrompts(skills)
      return promptsOfSkills
    },
    audit: (tenantId) => createObjectAudit(() => placed(env, env.TENANT, tenantId).getByName(tenantId)),
    auditKeys: () => createAuditSigner(env).publicKeys(),
    ownerOf: ownerIn(shardsOf(env).map(createD1IdOwners)),
    identity: createRecentStanding({ ...identity, apiKeys: createRecentApiKeys(identity.apiKeys, Date.now) }, Date.now),
    noteKeyUse: createNotedKeyUse({ touch: identity.apiKeys.touch, now: Date.now, later: waitUntil }),
    later: waitUntil,
    tokens: createJoseTokens(signingKeys, ISSUER, clock),
    passwords: createScryptPasswords(),
    credentials,
    secondFactors: createD1SecondFactors(env.DB, createTenantsVault(keyRoomOf(env))),
    oneTimeCodes,
    passkeys: createD1Passkeys(env.DB),
    webAuthn: createWebAuthn(),
    identityProviders: createD1IdentityProviders(env.DB, createTenantsVault(keyRoomOf(env))),
    openId: createOidcClient({ outbound: outboundOf(env), allowLoopback: env.ALLOW_LOOPBACK === 'true' }),
    scimUsers: createD1ScimUsers(env.DB),
    signInChallenges: createD1SignInChallenges(env.DB),
    site: (requestUrl) => siteOf(siteSettings(env), requestUrl),
    newDigest,
    agents,
    queue: (agent) => queueState(env, agent),
    parseWorkflow: (source, file) => parseWorkflow(source, { agents, ...(file !== undefined && { file }) }),
    checks: { d1: () => checkD1(env), r2: () => checkR2(env), object: () => checkObject(env) },
    limits: { maxUploadBytes: Number(env.MAX_UPLOAD_BYTES ?? DEFAULT_MAX_UPLOAD_BYTES) },
    adminToken: env.STEWARD_ADMIN_TOKEN,
    clock,
    newId,
    allowedOrigins: (env.ALLOWED_ORIGINS ?? '').split(/[\s,]+/).filter((origin) => origin !== ''),
    assets: async (request) => (env.ASSETS === undefined ? new Response(null, { status: 404 }) : await env.ASSETS.fetch(request)),
  }
}

/** The request's own address stands in for the setting on a developer's machine only. */
const siteSettings = (env: Env) => ({
  publicUrl: env.PUBLIC_URL,
  publicApiUrl: env.PUBLIC_API_URL,
  passkeyDomain: env.PASSKEY_DOMAIN,
  trustsRequest: env.STEWARD_ENVIRONMENT === 'development',
})

const keptSigningKeys = (env: Env) => createD1SigningKeys(env.DB, createMasterVault(env.STEWARD_MASTER_KEY), clock)

const braking = (counter: RateLimit) => async (address: string) => (await counter.limit({ key: address })).success

/** A queue that cannot be asked does not hide what agents there are. */
async function queueState(env: Env, agent: string): Promise<QueueState | undefined> {
  try {
    const metrics = await queueOf(env, agent)?.metrics()
    const oldest = metrics?.oldestMessageTimestamp
    return metrics && { waiting: metrics.backlogCount, ...(oldest && { oldestAt: new Date(oldest).toISOString() }) }
  } catch (thrown) {
    console.warn(JSON.stringify({ message: 'a queue did not tell its length', agent, error: String(thrown) }))
    return undefined
  }
}

/** An id is of one tenant, and only the shard of that one knows it. */
const ownerIn = (shards: ReturnType<typeof createD1IdOwners>[]) => async (id: string) =>
  (await Promise.all(shards.map((ownerOf) => ownerOf(id)))).find((owner) => owner !== undefined)

/** Every shard has every table, so one that was not migrated is not ready. */
async function checkD1(env: Env): Promise<void> {
  await Promise.all(shardsOf(env).map((shard) => shard.prepare('SELECT 1 FROM tenants LIMIT 1').run()))
}

async function checkR2(env: Env): Promise<void> {
  await env.FILES.head('ready')
}

/** A run that never was answers without leaving anything behind. */
async function checkObject(env: Env): Promise<void> {
  const answer = await createObjectRuns(env.RUN, 'ready').get(`run_${'0'.repeat(32)}`)
  if (answer.ok || answer.error.code !== 'not_found') throw new AppError('unavailable', 'The run object gave no sensible answer.')
}
