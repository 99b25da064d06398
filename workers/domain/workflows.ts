import type { ErrorCode } from './error'
import type { Json, JsonObject } from './json'

/** How often and when a failed attempt is tried again: wait `min(maxMs, initialMs · factor^(n-1))`, spread by ±`jitter` (0–1). */
export interface RetryPolicy {
  maxAttempts: number
  initialMs: number
  factor: number
  maxMs: number
  jitter: number
  /** Codes that are worth another try; others fail at once. */
  on: ErrorCode[]
}
export const DEFAULT_RETRY: RetryPolicy = {
  maxAttempts: 3,
  initialMs: 1_000,
  factor: 2,
  maxMs: 60_000,
  jitter: 0.2,
  on: ['unavailable', 'rate_limited', 'internal'],
}

export type OnError = { kind: 'fail' } | { kind: 'continue'; output: Json } | { kind: 'goto'; step: string }

/** What is known of an operation's output without reading it. */
export interface OutputMake {
  /** Made of nothing but the step's input, and as trusted as that; absent: also of texts that the operation reads by itself. */
  madeOf?: 'input'
  /** Members that the operation makes itself, such as ids and counts, and that no text gets into; `true`: all. */
  own?: true | string[]
}

/** Arguments of an effect that may descend from untrusted text without a person: all of them, or paths such as `data` and `lines[*].amount`. */
export type AllowUntrusted = true | string[]

interface StepCommon {
  /** Unique in the workflow: letters, digits, `_`. */
  id: string
  name?: string
  /** CEL; when false the step is skipped. */
  when?: string
  retry: RetryPolicy
  /** One attempt, milliseconds. Absent: the operation's own default. */
  timeoutMs?: number
  onError: OnError
}

export interface Branch {
  id: string
  steps: Step[]
}

/**
 * A step as the run object reads it: what the YAML says, checked and with defaults filled in.
 * Strings in `Json` templates: exactly `${{ CEL }}` gives the typed value; any other string with `{{ … }}` is Liquid.
 */
export type Step = StepCommon &
  (
    | {
        kind: 'agent'
        agent: string
        operation: string
        input: JsonObject
        /** Whether the operation acts on the outside world; absent in versions that were stored before this was noted. */
        hasEffects?: boolean
        output?: OutputMake
        allowUntrusted?: AllowUntrusted
      }
    /** Pure: computes a value. */
    | { kind: 'set'; value: Json }
    /** Pure: fails with `invalid` and field paths when `value` does not fit the JSON Schema. */
    | { kind: 'validate'; value: Json; schema: JsonObject }
    /** Effect done by the run object itself, without a queue. GET and HEAD are reads; the rest go through the ledger. */
    | {
        kind: 'http'
        method: string
        url: string
        headers: Record<string, string>
        body?: Json
        secret?: string
        allowUntrusted?: AllowUntrusted
      }
    | { kind: 'if'; condition: string; then: Step[]; else: Step[] }
    | { kind: 'parallel'; branches: Branch[] }
    /** `items` is a template that gives an array. Each item runs `steps` in a scope of its own with `item` and `index`. */
    | {
        kind: 'forEach'
        items: Json
        concurrency: number
        steps: Step[] /** Template for one item's output; absent: the last step's output. */
        output?: Json
      }
    | {
        kind: 'approval'
        title: string
        details: Json
        expiresAfterMs?: number
        onExpire: 'reject' | 'approve'
        onReject: 'fail' | 'continue'
        /** Whoever started, forked or resumed the run may not decide it. */
        preventSelfApproval?: boolean
      }
    | { kind: 'wait'; durationMs: number }
    | { kind: 'waitEvent'; event: string; correlation: string; timeoutMs?: number }
  )
export type StepKind = Step['kind']

export interface WorkflowDefinition {
  name: string
  title: string
  description: string
  /** JSON Schema of the run's input. */
  input: JsonObject
  /** Named constants, read as `vars.x`; a run may override them. */
  vars: JsonObject
  steps: Step[]
  /** Template of the run's outputs. */
  outputs: Json
}

export interface WorkflowVersion {
  name: string
  /** First 16 hex characters of the SHA-256 of the YAML text. */
  version: string
  source: string
  definition: WorkflowDefinition
  createdAt: string
  builtIn: boolean
  /** Stored, but never published. */
  isDraft?: true
}

/** What expressions and templates can read. */
export interface ExpressionScope {
  input: unknown
  vars: unknown
  /** By step id: outputs of steps that ended in this scope or an enclosing one, and of joined branches. */
  steps: Record<string, { status: string; output?: unknown; error?: { code: string; message: string } }>
  item?: unknown
  index?: number
  run: { id: string; workflow: string; startedAt: string; trigger: string }
}

/** A run may hold no more than this many steps, forEach items included. */
export const MAX_STEPS_PER_RUN = 20_000
export const MAX_FOR_EACH_ITEMS = 10_000
export const MAX_WORKFLOW_BYTES = 256 * 1024
