import type { Agent } from '../agents/agent'
import type { Idempotency } from '../domain/idempotency'
import type { Credentials, Identity, Passwords } from '../domain/identity'
import type { NewId } from '../domain/ids'
import type { Digest } from '../domain/intake'
import type { ModelDesk } from '../domain/model-settings'
import type { BuiltInPrompt, PromptStore } from '../domain/prompts'
import type { RateDecision, RateLimits } from '../domain/rate-limits'
import type { RunControl } from '../domain/run-control'
import type { OneTimeCodes, SecondFactors } from '../domain/second-factors'
import type { DoorPorts } from '../domain/stores'
import type { TenantMoney } from '../domain/tenant-control'
import type { Principal } from '../domain/tenants'
import type { Tokens } from '../domain/tokens'
import type { WorkflowVersion } from '../domain/workflows'
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
  tokens: Tokens
  passwords: Passwords
  credentials: Credentials
  secondFactors: SecondFactors
  oneTimeCodes: OneTimeCodes
  newDigest(): Digest
  /** Agents that can be listed and triggered, by type. */
  agents: Record<string, Agent>
  /** What waits in an agent's queue, of all tenants; undefined: the agent has none, or it cannot be said. */
  queue?(agent: string): Promise<QueueState | undefined>
  /** Throws `invalid` with line and column for a text that is no valid workflow. */
  parseWorkflow(source: string): Promise<WorkflowVersion>
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
  /** Absent: requests are not counted. */
  rateLimits?: RateLimits
  /** The platform's counter for addresses without a valid token; absent: there is none. */
  brake?: Brake
  /** Answers GET and HEAD of paths that are not the API's: the dashboard. */
  assets(request: Request): Promise<Response>
}

/** What middleware has put on the request. `principal`, `ports` and `runs` stand behind `guard` only. */
export interface ApiEnv {
  Variables: { requestId: string; principal: Principal; ports: DoorPorts; runs: RunControl; rate?: RateDecision; runId?: string }
}
