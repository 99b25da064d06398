import type { Agent } from '../agents/agent'
import type { Idempotency } from '../domain/idempotency'
import type { Credentials, Identity, Passwords } from '../domain/identity'
import type { NewId } from '../domain/ids'
import type { Digest } from '../domain/intake'
import type { RunControl } from '../domain/run-control'
import type { DoorPorts } from '../domain/stores'
import type { Principal } from '../domain/tenants'
import type { Tokens } from '../domain/tokens'
import type { WorkflowVersion } from '../domain/workflows'

/** What the HTTP door stands on. */
export interface ApiDeps {
  /** Shown by `/health`: `development`, `production`. */
  environment: string
  portsFor(tenantId: string): DoorPorts
  runs(tenantId: string): RunControl
  idempotency(tenantId: string): Idempotency
  identity: Identity
  tokens: Tokens
  passwords: Passwords
  credentials: Credentials
  newDigest(): Digest
  /** Agents that can be listed and triggered, by type. */
  agents: Record<string, Agent>
  /** Throws `invalid` with line and column for a text that is no valid workflow. */
  parseWorkflow(source: string): Promise<WorkflowVersion>
  /** Each resolves when the part answers; `/ready` runs them all. */
  checks: { d1(): Promise<void>; r2(): Promise<void>; object(): Promise<void> }
  limits: { maxUploadBytes: number }
  /** Bearer token that creates tenants; absent: nobody can. */
  adminToken: string | undefined
  clock: { now(): Date }
  newId: NewId
  /** Answers GET and HEAD of paths that are not the API's: the dashboard. */
  assets(request: Request): Promise<Response>
}

/** What middleware has put on the request. `principal`, `ports` and `runs` stand behind `guard` only. */
export interface ApiEnv {
  Variables: { requestId: string; principal: Principal; ports: DoorPorts; runs: RunControl }
}
