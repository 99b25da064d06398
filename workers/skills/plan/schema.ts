import * as z from 'zod'
import { Json } from '../../domain/json'

export const MAX_GOAL_CHARS = 4_000

/** One operation that a step may name. */
export const PlanOperation = z.object({
  agent: z.string().min(1),
  operation: z.string().min(1),
  /** One sentence. */
  summary: z.string(),
  hasEffects: z.boolean().default(false),
  /** JSON Schema of its input. */
  input: z.record(z.string(), Json).default({}),
})
export type PlanOperation = z.infer<typeof PlanOperation>

export const PlanInput = z.object({
  /** What is to be done, in words, English or German. */
  goal: z.string().trim().min(1).max(MAX_GOAL_CHARS),
  /** What steps can be made of. A plan names nothing else. */
  catalogue: z.array(PlanOperation).max(500).default([]),
})
export type PlanInput = z.infer<typeof PlanInput>

export const PLAN_TRIGGERS = ['email', 'upload', 'webhook', 'schedule', 'api'] as const
export type PlanTrigger = (typeof PLAN_TRIGGERS)[number]

export const PlanOutput = z.object({
  name: z.string(),
  title: z.string(),
  /** The workflow as YAML, ready to be saved. */
  source: z.string(),
  trigger: z.object({
    kind: z.enum(PLAN_TRIGGERS),
    /** How a run is started that way. */
    how: z.string(),
    /** When, as a cron line of five fields, where the goal names a time. */
    cron: z.string().optional(),
  }),
  /** Which words of the goal became which steps. */
  steps: z.array(z.object({ id: z.string(), does: z.string(), from: z.string() })),
  /** What the goal left open and how it was filled: read them before saving. */
  assumptions: z.array(z.string()),
  /** Parts of the goal that the workflow does not do. Never left out silently. */
  unsupported: z.array(z.string()),
  /** Words of the goal that changed nothing in the plan because nothing understood them, each with its clause. */
  unread: z.array(z.string()),
  /** The whole goal in its order, and what each clause became (embedded way). A clause that became nothing stands in `unsupported` or `unread`. */
  clauses: z.array(z.object({ words: z.string(), became: z.array(z.string()) })),
  /** Whether the text passed the checks that saving makes; false where no checker was at hand or it found problems. */
  checked: z.boolean(),
  problems: z.array(z.object({ path: z.string(), message: z.string(), line: z.int().optional(), column: z.int().optional() })),
})
export type PlanOutput = z.infer<typeof PlanOutput>

/** A plan before its text was checked. */
export type Planned = Omit<PlanOutput, 'checked' | 'problems'>
