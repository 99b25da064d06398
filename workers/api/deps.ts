import type { Agent } from '../agents/agent'
import type { Audit } from '../domain/audit'
import type { Backups } from '../domain/backups'
import type { Idempotency } from '../domain/idempotency'
import type { Credentials, Identity, Passwords } from '../domain/identity'
import type { IdentityProviderStore, OpenId } from '../domain/identity-providers'
import type { NewId } from '../domain/ids'
import type { Digest } from '../domain/intake'
import type { ModelDesk } from '../domain/model-settings'
import type { PasskeyStore, WebAuthn } from '../domain/passkeys'
import type { Residency } from '../domain/placement'
import type { Privacy } from '../domain/privacy'
import type { BuiltInPrompt, PromptStore } from '../domain/prompts'
import type { RateDecision, RateLimits } from '../domain/rate-limits'
import type { RunControl } from '../domain/run-control'
import type { ScimUsers } from '../domain/scim'
import type { OneTimeCodes, SecondFactors } from '../domain/second-factors'
import type { SignInChallenges } from '../domain/sign-in-challenges'
import type { Site } from '../domain/site'
import type { DoorPorts } from '../domain/stores'
import type { TenantMoney } from '../domain/tenant-control'
import type { Rewrapped, TenantKeys } from '../domain/tenant-keys'
import type { TenantErasures } from '../domain/tenant-life-erasure'
import type { Principal } from '../domain/tenants'
import type { Tokens } from '../domain/tokens'
import type { WorkflowVersion } from '../domain/workflows'
import type { ActNotes } from './audit-acts'
import type { Brake } from './rate-limit'

export interface QueueState {
  /** Steps that no agent has taken yet. */
  waiting: number
  /** When the first of them came in. */
  oldestAt?: string
}

/** What the HTTP door stands on. */
export interface ApiDeps {
  /** Shown by `/health`: `development`, `production`. */
  environment: string
  portsFor(tenantId: string): DoorPorts
  runs(tenantId: string): RunControl
  idempotency(tenantId: string): Idempotency
  models(tenantId: string): ModelDesk
  prompts(tenantId: string): PromptStore
  /** Version 1 of each prompt, as the skills have it. */
  builtInPrompts(): Promise<BuiltInPrompt[]>
  identity: Identity
  audit(tenantId: string): Audit
  /** Public keys of all checkpoints, as a JWK set has them. */
  auditKeys(): Promise<object[]>
  /** The tenant that an id belongs to; absent: nobody notices who asks for what is not theirs. */
  ownerOf?(id: string): Promise<string | undefined>
  tokens: Tokens
  passwords: Passwords
  credentials: Credentials
  secondFactors: SecondFactors
  oneTimeCodes: OneTimeCodes
  passkeys: PasskeyStore
  webAuthn: WebAuthn
  identityProviders: IdentityProviderStore
  openId: OpenId
  scimUsers: ScimUsers
  signInChallenges: SignInChallenges
  /** Where people find this installation; a request's own address stands in for it where the installation allows that. */
  site(requestUrl: string): Site
  newDigest(): Digest
  /** Agents that can be listed and triggered, by type. */
  agents: Record<string, Agent>
  /** What waits in an agent's queue, of all tenants; undefined: the agent has none, or it cannot be said. */
  queue?(agent: string): Promise<QueueState | undefined>
  /** Throws `invalid` with line and column for a text that is no valid workflow. */
  /** Refuses `invalid` with the problems of the text, which name `file`. */
  parseWorkflow(source: string, file?: string): Promise<WorkflowVersion>
  /** Each resolves when the part answers; `/ready` runs them all. */
  checks: { d1(): Promise<void>; r2(): Promise<void>; object(): Promise<void> }
  limits: { maxUploadBytes: number }
  /** Bearer token that creates tenants; absent: nobody can. */
  adminToken: string | undefined
  clock: { now(): Date }
  newId: NewId
  /** Notes that a key was used, without keeping the request waiting; absent: it is not noted. */
  noteKeyUse?(id: string): void
  /** Keeps the isolate alive for work that goes on after the answer; absent: it lives anyway. */
  later?(work: Promise<unknown>): void
  /** Ceilings, plan and usage; absent: nothing is charged. */
  money?(tenantId: string): TenantMoney
  /** Retention, legal holds and requests of data subjects; absent: there are none. */
  privacy?(tenantId: string): Privacy
  /** Data keys of a tenant; absent: there are none. */
  tenantKeys?(tenantId: string): TenantKeys
  /** Certificates of erased tenants; absent: none are kept. */
  erasures?: Pick<TenantErasures, 'find'>
  /** Whether the installation can keep data of the residency; absent: of none. */
  canPlace?(residency: Residency): boolean
  /** Wraps keys anew after a change of master keys. */
  rewrapKeys?(): Promise<Rewrapped>
  /** Backups of the installation and archives of tenants; absent: none are made. */
  backups?: Backups
  /** Absent: requests are not counted. */
  rateLimits?: RateLimits
  /** The platform's counter for addresses without a valid token; absent: there is none. */
  brake?: Brake
  /** Origins whose pages may call the API for any tenant: a dashboard that is served elsewhere. */
  allowedOrigins?: readonly string[]
  /** Answers GET and HEAD of paths that are not the API's: the dashboard. */
  assets(request: Request): Promise<Response>
}

/** What middleware has put on the request. `principal`, `ports` and `runs` stand behind `guard` only. */
export interface ApiEnv {
  Variables: {
    requestId: string
    principal: Principal
    ports: DoorPorts
    runs: RunControl
    rate?: RateDecision
    runId?: string
    /** Hash of the file, name and fields of an upload, by which a repetition is known to be one. */
    sent?: string
    /** What handlers say of the act under way, for its entry in the audit. */
    act?: ActNotes
    /** The foreign origin whose page may read the answer. */
    allowedOrigin?: string
  }
}
