import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { unwrap } from '../domain/error'
import { type Compared, diffRuns, type RunDiff } from '../domain/run-diff'
import { RUN_STATUSES, type StepView } from '../domain/runs'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { RunEventSchema } from './run-schemas'

/** Outputs of more than this are compared by their file only: a comparison is read by people. */
const MAX_COMPARED_BYTES = 1_000_000

const side = z.object({
  status: z.string(),
  attempt: z.int(),
  output: z.unknown().optional(),
  outputRef: z.string().optional(),
  error: z.unknown().optional(),
  costMicroUsd: z.int(),
  provider: z.string().optional(),
})
const runSide = z.object({
  id: z.string(),
  workflow: z.string(),
  workflowVersion: z.string(),
  status: z.enum(RUN_STATUSES),
  costMicroUsd: z.int(),
  durationMs: z.int().optional(),
})
const RunDiffSchema = z
  .object({
    left: runSide,
    right: runSide,
    steps: z.array(
      z.object({
        stepKey: z.string(),
        kind: z.string(),
        change: z.enum(['same', 'changed', 'only_left', 'only_right']),
        differs: z.array(z.enum(['status', 'output', 'error'])),
        left: side.optional(),
        right: side.optional(),
      }),
    ),
    sameOutputs: z.boolean(),
  })
  .meta({ id: 'RunDiff' })

/** What a fork changed, step by step. Mounted behind a path with `:id`. */
export function diffRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().get(
    '/:other',
    documented({
      tag: 'Runs',
      summary: 'Compare a run with another, step by step',
      description:
        'For a fork, `other` is the run that it was forked from. That one is on the left, this one on the right; outputs, states, errors and cost stand side by side.',
      answers: { 200: { description: 'What differs.', body: { schema: RunDiffSchema } } },
      refuses: ['not_found', 'unavailable'],
    }),
    guard(deps, 'runs:read'),
    async (c) => c.json(await compare(c, idOf(c), c.req.param('other'))),
  )
}

/** One entry of a run's log, with a body that lists show by reference. Mounted behind a path with `:id`. */
export function logEntryRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().get(
    '/:seq',
    documented({
      tag: 'Runs',
      summary: 'One entry of the event log, whole',
      description: 'Bodies over 64 KB stand in the log as `{ref, characters, sha256}`; here they are given in full.',
      answers: { 200: { description: 'The entry.', body: { schema: RunEventSchema } } },
      refuses: ['not_found', 'unavailable'],
    }),
    guard(deps, 'runs:read'),
    async (c) => c.json(unwrap(await c.get('runs').event(idOf(c), Number(c.req.param('seq'))))),
  )
}

const idOf = (c: Context<ApiEnv>): string => c.req.param('id') ?? ''

async function compare(c: Context<ApiEnv>, runId: string, other: string): Promise<RunDiff> {
  const [left, right] = await Promise.all([read(c, other), read(c, runId)])
  const [leftSteps, rightSteps] = await Promise.all([withOutputs(c, left.steps, right.steps), withOutputs(c, right.steps, left.steps)])
  return diffRuns({ ...left, steps: leftSteps }, { ...right, steps: rightSteps })
}

async function read(c: Context<ApiEnv>, runId: string): Promise<Compared> {
  const runs = c.get('runs')
  const [run, steps] = await Promise.all([runs.get(runId), runs.steps(runId)])
  return { run: unwrap(run), steps: unwrap(steps) }
}

/** Reads the outputs that are kept in files, unless both runs name the same file. */
async function withOutputs(c: Context<ApiEnv>, steps: StepView[], others: StepView[]): Promise<StepView[]> {
  const same = new Set(others.map((step) => step.outputRef))
  return await Promise.all(
    steps.map(async (step) => {
      if (step.outputRef === undefined || same.has(step.outputRef)) return step
      const stored = await c.get('ports').files.stream(step.outputRef)
      if (stored === undefined || stored.size > MAX_COMPARED_BYTES) {
        await stored?.body.cancel()
        return step
      }
      return { ...step, output: await new Response(stored.body).json() }
    }),
  )
}
