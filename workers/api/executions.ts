import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { RUN_PRIORITIES } from '../domain/admission'
import { unwrap } from '../domain/error'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented, IDEMPOTENCY_HEADER } from './documented'
import { guard } from './guard'
import { idempotent, runIdOf } from './idempotent'
import { answerLogs, LogPage, LogQuery } from './logs'
import { RunSchema } from './run-schemas'
import { startRun } from './start-run'

export const ExecuteBody = z
  .object({
    workflow: z.string().describe('Name of the workflow.'),
    version: z.string().optional().describe('A version of it; the newest when left out.'),
    input: z.unknown().optional().describe("What the workflow's input schema asks for."),
    vars: z.record(z.string(), z.unknown()).optional().describe("Overrides the workflow's named constants."),
    documentId: z.string().optional().describe('The document that the run is about, for lists.'),
    title: z.string().max(200).optional().describe('One line for lists.'),
    priority: z.enum(RUN_PRIORITIES).optional().describe('`batch` lets interactive runs go first when there is no room for all.'),
  })
  .meta({ id: 'RunOrder', example: { workflow: 'document-intake', input: { documentId: 'doc_019350a1b2c37d4e8f90a1b2c3d4e5f6' } } })

export const START_ANSWER = { 202: { description: 'Started; watch it at `/api/v1/runs/{id}`.', body: { schema: RunSchema } } }

/** Starts and follows runs by workflow. Mounted as `/api/v1/workflows` and as `/workflows`. */
export function executionRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .post(
      '/execute',
      documented({
        tag: 'Workflows',
        summary: 'Start a run of a workflow',
        headers: IDEMPOTENCY_HEADER,
        answers: START_ANSWER,
        refuses: ['invalid', 'not_found', 'conflict', 'too_large', 'over_budget', 'unavailable'],
      }),
      guard(deps, 'runs:write'),
      idempotent(deps),
      check('json', ExecuteBody),
      (c) => execute(c, c.req.valid('json')),
    )
    .get(
      '/:runId/status',
      documented({
        tag: 'Workflows',
        summary: 'Status of a run',
        answers: { 200: { description: 'The run.', body: { schema: RunSchema } } },
        refuses: ['not_found', 'unavailable'],
      }),
      guard(deps, 'runs:read'),
      async (c) => c.json(unwrap(await c.get('runs').get(c.req.param('runId')))),
    )
    .get(
      '/:runId/logs',
      documented({
        tag: 'Workflows',
        summary: 'Event log of a run',
        answers: { 200: { description: 'Events in order.', body: { schema: LogPage } } },
        refuses: ['invalid', 'not_found', 'unavailable'],
      }),
      guard(deps, 'runs:read'),
      check('query', LogQuery),
      (c) => answerLogs(c, c.req.param('runId'), c.req.valid('query')),
    )
}

/** Starts what the body orders. */
export async function execute(c: Context<ApiEnv>, { input = {}, ...order }: z.output<typeof ExecuteBody>) {
  const run = await startRun(c.get('ports'), c.get('runs'), { ...order, runId: runIdOf(c), input, trigger: 'api' })
  return c.json(run, 202)
}
