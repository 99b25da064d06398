import type { Result } from './error'
import type { RunOrigin } from './run-origins'
import type { ClaimedStep, RunEvent, RunTrigger, RunView, StepOutcome, StepView } from './runs'
import type { WorkflowVersion } from './workflows'

export interface StartRequest {
  tenantId: string
  runId: string
  workflow: WorkflowVersion
  input: unknown
  vars?: unknown
  trigger: RunTrigger
  documentId?: string
  title?: string
  fork?: ForkSource
  /** Who starts it, and from where: for the audit, and for approvals that want somebody else. */
  origin?: RunOrigin
}

/** What a person or another system answers to a run that waits. */
export type RunAnswer =
  /** `byIds`: of who decides, and of the person who made the key. Without it an approval that wants somebody else stays open. */
  | { approvalId: string; decision: 'approve' | 'reject'; comment?: string; editedDetails?: unknown; by: string; byIds?: string[] }
  | { event: string; correlation: string; payload: unknown }
  /** `answer`: what the other side answered, for the step's output. */
  | { effectId: string; outcome: 'settled' | 'failed'; answer?: unknown; by: string }
  /** Lets every step that waits for money try again. */
  | { budget: 'continue'; by: string }

export interface ForkRequest {
  /** Key of the first step to do anew. */
  fromStep: string
  /** Replaces the run's input. */
  input?: unknown
  /** Outputs to use instead of the recorded ones, by step key. */
  overrides?: Record<string, unknown>
  workflow?: WorkflowVersion
  /** Whether who forks it may decide approvals. Otherwise those of the run do not stand for the fork: it asks for its own. */
  mayApprove?: boolean
  /** Who forks it, and from where: for the audit, and for approvals that want somebody else. */
  origin?: RunOrigin
}

/** What a forked run takes over from its source. */
export interface ForkSource {
  runId: string
  fromStep: string
  workflow: WorkflowVersion
  input: unknown
  vars: unknown
  documentId?: string
  title?: string
  records: {
    stepKey: string
    inputHash: string | null
    status: string
    output: string | null
    outputRef: string | null
    isOverride: boolean
  }[]
}

/** RPC of the run object, named `${tenantId}/${runId}`. */
export interface RunObject {
  start(request: StartRequest): Promise<Result<RunView>>
  get(): Promise<Result<RunView>>
  steps(): Promise<Result<StepView[]>>
  events(page: { after: number; limit: number }): Promise<Result<RunEvent[]>>
  /** One event with its whole body: a body over 64 KB stands in `events` as `{ref, characters, sha256}`. */
  event(seq: number): Promise<Result<RunEvent>>
  continue(answer: RunAnswer): Promise<Result<RunView>>
  resume(by: string, origin?: RunOrigin): Promise<Result<RunView>>
  cancel(by: string): Promise<Result<RunView>>
  exportFork(request: ForkRequest): Promise<Result<ForkSource>>
  wake(): Promise<Result<null>>
  /** Destroys all that the object holds; its files are the caller's. Again it changes nothing. */
  purge(): Promise<Result<null>>
}

/** Runs of one tenant, as doors use them. */
export interface RunControl {
  start(request: Omit<StartRequest, 'tenantId' | 'fork'>): Promise<Result<RunView>>
  get(runId: string): Promise<Result<RunView>>
  steps(runId: string): Promise<Result<StepView[]>>
  events(runId: string, page: { after: number; limit: number }): Promise<Result<RunEvent[]>>
  event(runId: string, seq: number): Promise<Result<RunEvent>>
  continue(runId: string, answer: RunAnswer): Promise<Result<RunView>>
  resume(runId: string, by: string, origin?: RunOrigin): Promise<Result<RunView>>
  fork(runId: string, newRunId: string, request: ForkRequest): Promise<Result<RunView>>
  cancel(runId: string, by: string): Promise<Result<RunView>>
  wake(runId: string): Promise<Result<null>>
  /** Passes a WebSocket upgrade on to the run. */
  connect(runId: string, request: Request): Promise<Response>
}

/** RPC of the run object for the agent that holds an attempt. What comes late or with an old token changes nothing. */
export interface AttemptObject {
  claim(stepKey: string, token: string, leaseMs: number): Promise<Result<ClaimedStep>>
  report(stepKey: string, token: string, outcome: StepOutcome): Promise<Result<null>>
  progress(stepKey: string, token: string, message: string, share?: number): Promise<Result<null>>
  beginEffect(stepKey: string, token: string, effect: PlannedEffect): Promise<Result<EffectDecision>>
  settleEffect(key: string, receipt: unknown): Promise<Result<null>>
  failEffect(key: string, error: { code: string; message: string }): Promise<Result<null>>
  unknownEffect(key: string, reason: string): Promise<Result<null>>
}

export interface PlannedEffect {
  key: string
  kind: string
  /** Where it acts, without secrets. */
  target: string
}

/** What beginning an effect answers: see EffectLedger in workers/agents/agent.ts. */
export type EffectDecision =
  | { decision: 'act'; idempotencyKey: string }
  | { decision: 'settled'; receipt: unknown }
  | { decision: 'unknown'; idempotencyKey: string }
