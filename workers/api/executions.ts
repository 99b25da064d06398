import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { RUN_PRIORITIES } from '../domain/admission'
import { AppError, unwrap } from '../domain/error'
import { ID_PREFIXES } from '../domain/ids'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { runIdOf } from './idempotent'
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
        answers: START_ANSWER,
        refuses: ['invalid', 'not_found', 'conflict', 'too_large', 'over_budget', 'unavailable'],
      }),
      guard(deps, 'runs:write'),
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

/** Starts what the body orders. Refuses `not_found` for a document that there is not, of which the run would only hear later. */
export async function execute(c: Context<ApiEnv>, { input = {}, ...order }: z.output<typeof ExecuteBody>) {
  const ports = c.get('ports')
  for (const { path, id } of documentsOf(order.documentId, input))
    if ((await ports.documents.find(id)) === undefined) throw unknownDocument(path)
  const run = await startRun(ports, c.get('runs'), { ...order, runId: runIdOf(c), input, trigger: 'api' })
  return c.json(run, 202)
}

/** What the order names: by `documentId` whatever stands there, in the input what cannot be anything but an id of ours. */
function documentsOf(ordered: string | undefined, input: unknown): { path: string; id: string }[] {
  const given: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, 'documentId') : undefined
  const inInput = typeof given === 'string' && DOCUMENT_ID.test(given) && given !== ordered ? [{ path: 'input.documentId', id: given }] : []
  return ordered === undefined ? inInput : [{ path: 'documentId', id: ordered }, ...inInput]
}

const DOCUMENT_ID = new RegExp(`^${ID_PREFIXES.document}_[0-9a-f]{32}$`)

function unknownDocument(path: string): AppError {
  const message = `There is no document with the id in ${path}; upload it with POST /api/v1/documents.`
  return new AppError('not_found', message, { problems: [{ path, message }] })
}
