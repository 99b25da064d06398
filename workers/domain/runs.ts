import * as z from 'zod'
import type { AuditAct } from './audit'
import type { Refusal } from './error'
import type { ModelCall } from './models'

export const RUN_STATUSES = ['running', 'waiting', 'completed', 'failed', 'cancelled'] as const
/** `waiting`: nothing to do until a person, an event or a time; the rest as they read. */
export type RunStatus = (typeof RUN_STATUSES)[number]
export const isTerminal = (status: RunStatus): boolean => status === 'completed' || status === 'failed' || status === 'cancelled'

export const STEP_STATUSES = ['pending', 'running', 'retrying', 'waiting', 'completed', 'failed', 'skipped', 'cancelled'] as const
export type StepStatus = (typeof STEP_STATUSES)[number]

export const RUN_TRIGGERS = ['api', 'upload', 'email', 'webhook', 'schedule', 'agent', 'fork'] as const
export type RunTrigger = (typeof RUN_TRIGGERS)[number]

/** A step of a run as shown to people and programs. `key` is its path: `extract`, `pages[3].read`, `checks.totals`. */
export interface StepView {
  key: string
  stepId: string
  /** Key of the enclosing parallel branch or forEach item, '' at the top. */
  scope: string
  kind: string
  agent?: string
  operation?: string
  status: StepStatus
  attempt: number
  startedAt?: string
  endedAt?: string
  /** Output inline, or `outputRef` when it is over 64 KB. */
  output?: unknown
  outputRef?: string
  error?: Refusal
  costMicroUsd: number
  provider?: string
  degraded?: boolean
}

export interface ApprovalView {
  id: string
  stepKey: string
  title: string
  details: unknown
  status: 'open' | 'approved' | 'rejected' | 'expired' | 'cancelled'
  requestedAt: string
  expiresAt?: string
  decidedAt?: string
  decidedBy?: string
  comment?: string
  /** While it is open and wants somebody else than who started the run: ids of those who may not decide it. */
  barred?: string[]
}

export interface WaitView {
  stepKey: string
  kind: 'duration' | 'event' | 'retry' | 'budget'
  wakeAt?: string
  event?: string
  correlation?: string
}

export interface EffectView {
  id: string
  key: string
  stepKey: string
  kind: string
  /** Where it acts, without secrets: a host, a mailbox. */
  target: string
  status: 'planned' | 'approved' | 'pending' | 'settled' | 'failed' | 'unknown'
  attempts: number
  plannedAt: string
  settledAt?: string
  receipt?: unknown
  error?: Refusal
}

/** One run as `GET /runs/{id}` gives it. */
export interface RunView {
  id: string
  workflow: string
  workflowVersion: string
  status: RunStatus
  trigger: RunTrigger
  /** One line for people: the document's name or the mail's subject. */
  title?: string
  documentId?: string
  input: unknown
  outputs?: unknown
  error?: Refusal & { stepKey?: string }
  createdAt: string
  updatedAt: string
  endedAt?: string
  costMicroUsd: number
  /** The embedded way stood in for a configured model in one of its steps; absent: in none. */
  degraded?: true
  lastSeq: number
  wakeAt?: string
  approvals: ApprovalView[]
  waits: WaitView[]
  effects: EffectView[]
  forkedFrom?: { runId: string; stepKey: string }
}

/** The row of a run in lists, projected from the run object's outbox into D1. */
export interface RunSummary {
  id: string
  workflow: string
  workflowVersion: string
  status: RunStatus
  trigger: RunTrigger
  documentId?: string
  /** One line for lists: the document's name or the mail's subject. */
  title?: string
  errorMessage?: string
  costMicroUsd: number
  openApprovals: number
  createdAt: string
  updatedAt: string
  endedAt?: string
  /** Grows with every change: a late projection never overwrites a newer one. */
  revision: number
  /** What the run has done since its last projection, on the way to the tenant's audit. It is no part of the stored row. */
  acts?: AuditAct[]
}

export const EVENT_TYPES = [
  'run.started',
  'run.completed',
  'run.failed',
  'run.cancelled',
  'run.resumed',
  'run.waiting',
  'run.forked',
  'step.scheduled',
  'step.started',
  'step.progress',
  'step.completed',
  'step.failed',
  'step.retrying',
  'step.skipped',
  'step.cancelled',
  'approval.requested',
  'approval.decided',
  'wait.started',
  'wait.ended',
  'event.received',
  'effect.planned',
  'effect.pending',
  'effect.settled',
  'effect.failed',
  'effect.unknown',
  'model.called',
] as const
export type EventType = (typeof EVENT_TYPES)[number]

/** One entry of a run's hash-chained log: `hash = sha256(prevHash + canonicalJson({seq, at, type, stepKey, body}))`, hex. */
export interface RunEvent {
  seq: number
  at: string
  type: EventType
  stepKey?: string
  body: unknown
  hash: string
  prevHash: string
}

/** A queue message: a hint that a step may be ready. Holds no input: the agent claims it from the run object. */
export const Dispatch = z.object({
  tenantId: z.string(),
  runId: z.string(),
  stepKey: z.string(),
  agent: z.string(),
  /** Fencing token of this attempt; a claim or report with an older one changes nothing. */
  token: z.string(),
})
export type Dispatch = z.infer<typeof Dispatch>

/** What a claim hands to an agent. */
export interface ClaimedStep {
  operation: string
  /** Of the run, whose day pays. */
  workflow?: string
  input: unknown
  attempt: number
  /** Milliseconds the agent has from now; past that the attempt is given to another. */
  leaseMs: number
}

/**
 * One model or paid call of a step. A try that failed is one too: `failure` says why the next model was asked, and what it cost all
 * the same.
 */
export interface StepCharge extends Partial<Pick<ModelCall, 'kind' | 'purpose' | 'route' | 'prompt' | 'cached' | 'degraded' | 'failure'>> {
  provider: string
  model: string
  inputTokens: number
  outputTokens: number
  costMicroUsd: number
  latencyMs: number
}

/** What an agent tells the run about its attempt. */
export type StepOutcome =
  | {
      status: 'completed'
      output: unknown
      provider?: string
      degraded?: boolean
      charges?: StepCharge[]
      /** Short facts for the log. */
      notes?: Record<string, unknown>
    }
  | { status: 'failed'; error: Refusal; charges?: StepCharge[] }
