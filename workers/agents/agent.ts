import type * as z from 'zod'
import type { Ports } from '../domain/ports'
import type { StepCharge } from '../domain/runs'
import type { OutputMake } from '../domain/workflows'

/** The run's ledger, as an operation with effects sees it. The run object decides; the agent only acts between `begin` and the outcome. */
export interface EffectLedger {
  /**
   * Records the effect as pending, durably, before anything is sent. `decision: 'act'` exactly once per key, or again after a
   * failure that the other side answered; `settled` gives the receipt of the first time; `unknown` means that an earlier
   * attempt was cut off between acting and settling: reconcile by a read, never repeat.
   */
  begin(effect: {
    key: string
    kind: string
    target: string
    args: unknown
  }): Promise<
    | { decision: 'act'; idempotencyKey: string }
    | { decision: 'settled'; receipt: unknown }
    | { decision: 'unknown'; idempotencyKey: string }
  >
  settle(key: string, receipt: unknown): Promise<void>
  /** The other side answered, and it did not happen. */
  fail(key: string, error: { code: string; message: string }): Promise<void>
  /** Nobody knows whether it happened (time-out after sending). */
  unknown(key: string, reason: string): Promise<void>
}

/** What every operation gets beside its input. */
export interface StepContext {
  runId: string
  stepKey: string
  attempt: number
  /** Aborted at the end of the lease and on cancellation. */
  signal: AbortSignal
  /** One line for people who watch: shown live, at most a few a second. */
  progress(message: string, share?: number): void
  charge(charge: StepCharge): void
  /** Short facts for the run's log, such as a score: they stand in the event of the step's end. */
  note?(facts: Record<string, unknown>): void
  effects: EffectLedger
  /** Marks the output's origin: `embedded`, or a provider's name; degraded when it stands in for a configured model. */
  provenance(provider: string, degraded?: boolean): void
}

export interface Operation<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** One sentence for docs and the dashboard. */
  summary: string
  input: Input
  output: Output
  /** True when it does something to the outside world: it then goes through the ledger and honours approvals. */
  hasEffects?: boolean
  /**
   * How far its output can be trusted in the arguments of effects. Left out, all of it counts as untrusted text, because operations
   * read documents and mail. An operation made of its input alone that is given a document's id counts as reading that document.
   */
  makes?: OutputMake
  /** Default time for one attempt, milliseconds. */
  timeoutMs?: number
  /** How many may run at once in one isolate; heavy parsers say 1 or 2. */
  maxConcurrent?: number
  /** A valid input, used by docs and by the contract test. */
  example: z.input<Input>
  run(input: z.output<Input>, context: StepContext, ports: Ports): Promise<z.input<Output>>
}

export interface Agent {
  /** Lower-case noun: `ingestion`, `analysis`, … Also the name of its queue: `steward-<type>`. */
  type: string
  summary: string
  operations: Record<string, Operation>
}

/**
 * Declares one operation with its types tied together.
 * @example
 * defineOperation({ summary: 'Doubles a number.', input: z.object({ n: z.number() }), output: z.object({ n: z.number() }),
 *   example: { n: 2 }, run: async ({ n }) => ({ n: n * 2 }) })
 */
export const defineOperation = <I extends z.ZodType, O extends z.ZodType>(operation: Operation<I, O>): Operation => operation as Operation

/**
 * Declares an agent.
 * @example
 * export const echo = defineAgent({ type: 'echo', summary: 'Says it again.', operations: { say } })
 */
export const defineAgent = (agent: Agent): Agent => agent
