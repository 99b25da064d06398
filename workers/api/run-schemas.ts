import * as z from 'zod'
import { ERROR_CODES, type Refusal } from '../domain/error'
import {
  type ApprovalView,
  type EffectView,
  EVENT_TYPES,
  RUN_STATUSES,
  RUN_TRIGGERS,
  type RunEvent,
  type RunSummary,
  type RunView,
  STEP_STATUSES,
  type StepView,
  type WaitView,
} from '../domain/runs'

/** The shapes of runs for the API document; `satisfies` keeps them true to the domain. */

const at = z.iso.datetime()
const money = z.int().describe('Millionths of a US dollar.')
const ProblemPlace = z.object({ path: z.string(), message: z.string(), line: z.int().optional(), column: z.int().optional() })
const refusal = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  problems: z.array(ProblemPlace).optional(),
  retryAfterMs: z.int().optional(),
  reason: z.string().optional(),
})
export const RefusalSchema = refusal.meta({ id: 'Refusal' }) satisfies z.ZodType<Refusal>

export const StepSchema = z
  .object({
    key: z.string().describe('Path of the step: `extract`, `pages[3].read`.'),
    stepId: z.string(),
    scope: z.string(),
    kind: z.string(),
    agent: z.string().optional(),
    operation: z.string().optional(),
    status: z.enum(STEP_STATUSES),
    attempt: z.int(),
    startedAt: at.optional(),
    endedAt: at.optional(),
    output: z.unknown().optional(),
    outputRef: z.string().optional().describe('Stands for an output of more than 64 KB; read it at `/runs/{id}/steps/{key}/output`.'),
    error: RefusalSchema.optional(),
    costMicroUsd: money,
    provider: z.string().optional(),
    degraded: z.boolean().optional(),
  })
  .meta({ id: 'Step' }) satisfies z.ZodType<StepView>

export const ApprovalSchema = z
  .object({
    id: z.string(),
    stepKey: z.string(),
    title: z.string(),
    details: z
      .unknown()
      .describe(
        'What the workflow shows. Before an effect with untrusted arguments: `{reason: "untrusted_arguments", action, arguments, untrusted: [{path, value, steps, origins, places: [{path, quote, start, end, origin: {kind, id, label, page}}]}]}`.',
      ),
    status: z.enum(['open', 'approved', 'rejected', 'expired', 'cancelled']),
    requestedAt: at,
    expiresAt: at.optional(),
    decidedAt: at.optional(),
    decidedBy: z.string().optional(),
    comment: z.string().optional(),
    barred: z
      .array(z.string())
      .optional()
      .describe(
        'While it is open and has `preventSelfApproval`: ids of the people and keys that may not decide it, because they started, forked or resumed the run.',
      ),
  })
  .meta({ id: 'Approval' }) satisfies z.ZodType<ApprovalView>

const WaitSchema = z.object({
  stepKey: z.string(),
  kind: z.enum(['duration', 'event', 'retry', 'budget']),
  wakeAt: at.optional(),
  event: z.string().optional(),
  correlation: z.string().optional(),
}) satisfies z.ZodType<WaitView>

const EffectSchema = z
  .object({
    id: z.string(),
    key: z.string(),
    stepKey: z.string(),
    kind: z.string(),
    target: z.string(),
    status: z.enum(['planned', 'approved', 'pending', 'settled', 'failed', 'unknown']),
    attempts: z.int(),
    plannedAt: at,
    settledAt: at.optional(),
    receipt: z.unknown().optional(),
    error: RefusalSchema.optional(),
  })
  .meta({ id: 'Effect' }) satisfies z.ZodType<EffectView>

const identity = {
  id: z.string(),
  workflow: z.string(),
  workflowVersion: z.string(),
  status: z.enum(RUN_STATUSES),
  trigger: z.enum(RUN_TRIGGERS),
}
const times = { createdAt: at, updatedAt: at, endedAt: at.optional() }

export const RunSchema = z
  .object({
    ...identity,
    title: z.string().optional(),
    documentId: z.string().optional(),
    input: z.unknown(),
    outputs: z.unknown().optional(),
    error: refusal.extend({ stepKey: z.string().optional() }).optional(),
    ...times,
    costMicroUsd: money,
    degraded: z.literal(true).optional().describe('The embedded way stood in for a configured model in one of its steps; absent: in none.'),
    lastSeq: z.int(),
    wakeAt: at.optional(),
    approvals: z.array(ApprovalSchema),
    waits: z.array(WaitSchema),
    effects: z.array(EffectSchema),
    forkedFrom: z.object({ runId: z.string(), stepKey: z.string() }).optional(),
  })
  .meta({ id: 'Run' }) satisfies z.ZodType<RunView>

export const RunSummarySchema = z
  .object({
    ...identity,
    documentId: z.string().optional(),
    title: z.string().optional(),
    errorMessage: z.string().optional(),
    costMicroUsd: money,
    openApprovals: z.int(),
    ...times,
    revision: z.int(),
  })
  .meta({ id: 'RunSummary' }) satisfies z.ZodType<RunSummary>

export const RunEventSchema = z
  .object({
    seq: z.int(),
    at,
    type: z.enum(EVENT_TYPES),
    stepKey: z.string().optional(),
    body: z.unknown(),
    hash: z.string(),
    prevHash: z.string(),
  })
  .meta({ id: 'RunEvent' }) satisfies z.ZodType<RunEvent>
