import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { mayDo, requirePermission } from '../domain/auth'
import { AppError, unwrap } from '../domain/error'
import { ReportRecord } from '../domain/reports'
import type { ForkRequest, RunAnswer } from '../domain/run-control'
import { behind, idsOf } from '../domain/run-origins'
import { RUN_STATUSES } from '../domain/runs'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { ExecuteBody, execute, START_ANSWER } from './executions'
import { guard } from './guard'
import { runIdOf } from './idempotent'
import { listSchema, PageQuery, pageSchema, TimeQuery } from './lists'
import { answerLogs, LogPage, LogQuery } from './logs'
import { RunSchema, RunSummarySchema, StepSchema } from './run-schemas'
import { findWorkflow } from './start-run'
import { nameOf } from './who'

const RunQuery = PageQuery.extend(TimeQuery.shape).extend({ workflow: z.string().optional(), status: z.enum(RUN_STATUSES).optional() })

const AnswerBody = z
  .union(
    [
      z.strictObject({
        approvalId: z.string(),
        decision: z.enum(['approve', 'reject']),
        comment: z.string().max(4_000).optional(),
        editedDetails: z.unknown().optional(),
      }),
      z.strictObject({ event: z.string(), correlation: z.string(), payload: z.unknown().optional() }),
      z.strictObject({
        effectId: z.string(),
        outcome: z.enum(['settled', 'failed']),
        answer: z.unknown().optional().describe('What the other side answered, if you know: the `body` in the output of an `http` step.'),
      }),
      z.strictObject({ budget: z.literal('continue') }),
    ],
    {
      error:
        'Send one of {approvalId, decision: "approve" or "reject", comment?, editedDetails?}, {event, correlation, payload?}, {effectId, outcome: "settled" or "failed", answer?} or {budget: "continue"}, and nothing else.',
    },
  )
  .describe(
    'An approval decided, an event that a step waits for, what became of an effect that is `unknown`, or that a run which waits for money goes on.',
  )

const ForkBody = z.object({
  fromStep: z.string().describe('Key of the first step to do anew; what came before is served from the record.'),
  input: z.unknown().optional().describe("Replaces the run's input."),
  overrides: z.record(z.string(), z.unknown()).optional().describe('Outputs to use in place of the recorded ones, by step key.'),
  workflow: z
    .object({ name: z.string(), version: z.string().optional() })
    .optional()
    .describe('Another workflow or version to go on with.'),
})

const RUN_ANSWER = { 200: { description: 'The run as it stands now.', body: { schema: RunSchema } } }

const START = documented({
  tag: 'Runs',
  summary: 'Start a run',
  answers: START_ANSWER,
  refuses: ['invalid', 'not_found', 'conflict', 'too_large', 'over_budget', 'unavailable'],
})

const LIST = documented({
  tag: 'Runs',
  summary: 'List runs, newest first',
  answers: { 200: { description: 'A page of runs.', body: { schema: pageSchema(RunSummarySchema) } } },
  refuses: ['invalid'],
})

const READ = documented({
  tag: 'Runs',
  summary: 'One run',
  description: 'Status, input, outputs, open approvals, waits, effects and cost.',
  answers: RUN_ANSWER,
  refuses: ['not_found', 'unavailable'],
})

const CANCEL = documented({
  tag: 'Runs',
  summary: 'Cancel a run',
  description: 'Stops what is pending and keeps the record. A run at its end is left as it is.',
  answers: RUN_ANSWER,
  refuses: ['not_found', 'unavailable'],
})

const LOGS = documented({
  tag: 'Runs',
  summary: 'The event log of a run',
  description: 'Append-only and hash-chained; go on with `after` = `nextAfter`.',
  answers: { 200: { description: 'Events in order.', body: { schema: LogPage } } },
  refuses: ['invalid', 'not_found', 'unavailable'],
})

const STEPS = documented({
  tag: 'Runs',
  summary: 'The steps of a run',
  answers: { 200: { description: 'Every step that has begun or is waiting to.', body: { schema: listSchema(StepSchema) } } },
  refuses: ['not_found', 'unavailable'],
})

const OUTPUT = documented({
  tag: 'Runs',
  summary: "A step's whole output",
  description: 'Also where it is too large to stand in the list of steps.',
  answers: { 200: { description: 'The output, JSON.', body: { schema: z.unknown() } } },
  refuses: ['not_found', 'unavailable'],
})

const REPORTS = documented({
  tag: 'Reports',
  summary: 'Reports that a run wrote',
  answers: { 200: { description: 'Newest first.', body: { schema: listSchema(ReportRecord.meta({ id: 'Report' })) } } },
  refuses: ['not_found', 'unavailable'],
})

const CONTINUE = documented({
  tag: 'Runs',
  summary: 'Answer a run that waits',
  description:
    'Decides an approval, delivers an event, or says what became of an unknown effect. The same answer twice changes nothing. An approval with `preventSelfApproval` is refused (403) to who started, forked or resumed the run: those in `barred`.',
  answers: RUN_ANSWER,
  refuses: ['invalid', 'not_found', 'conflict', 'unavailable'],
})

const RESUME = documented({
  tag: 'Runs',
  summary: 'Resume what failed in a run',
  description:
    'From the failed step, in the same run. A run that waits in one branch, or item, while another has failed can be resumed as well: what failed is tried again, what waits goes on waiting.',
  answers: RUN_ANSWER,
  refuses: ['not_found', 'conflict', 'unavailable'],
})

const FORK = documented({
  tag: 'Runs',
  summary: 'Fork a run from a step',
  description:
    'A new run that takes over what the old one did before the step. For who may not decide approvals, those of the old run do not count: the fork asks for its own. So it does, whoever forks, where an approval has `preventSelfApproval`; its output cannot be overridden (403).',
  answers: START_ANSWER,
  refuses: ['invalid', 'not_found', 'conflict', 'unavailable'],
})

/** Runs: start, list, look into, answer, resume, fork, cancel. Mounted as `/runs` and as `/ai/workflows`. */
export function runRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .post('/', START, guard(deps, 'runs:write'), check('json', ExecuteBody), (c) => execute(c, c.req.valid('json')))
    .get('/', LIST, guard(deps, 'runs:read'), check('query', RunQuery), async (c) =>
      c.json(await c.get('ports').runIndex.list(c.req.valid('query'))),
    )
    .get('/:id', READ, guard(deps, 'runs:read'), async (c) => c.json(unwrap(await c.get('runs').get(c.req.param('id')))))
    .delete('/:id', CANCEL, guard(deps, 'runs:write'), async (c) =>
      c.json(unwrap(await c.get('runs').cancel(c.req.param('id'), await nameOf(deps, c.get('principal'))))),
    )
    .get('/:id/logs', LOGS, guard(deps, 'runs:read'), check('query', LogQuery), (c) =>
      answerLogs(c, c.req.param('id'), c.req.valid('query')),
    )
    .get('/:id/steps', STEPS, guard(deps, 'runs:read'), async (c) =>
      c.json({ items: unwrap(await c.get('runs').steps(c.req.param('id'))) }),
    )
    .get('/:id/steps/:key/output', OUTPUT, guard(deps, 'runs:read'), (c) => answerStepOutput(c, c.req.param('id'), c.req.param('key')))
    .get('/:id/reports', REPORTS, guard(deps, 'reports:read'), async (c) => {
      const run = unwrap(await c.get('runs').get(c.req.param('id')))
      return c.json({ items: await c.get('ports').reports.listByRun(run.id) })
    })
    .put('/:id/continue', CONTINUE, guard(deps, 'runs:write'), check('json', AnswerBody), async (c) =>
      c.json(unwrap(await c.get('runs').continue(c.req.param('id'), await answerOf(deps, c, c.req.valid('json'))))),
    )
    .post('/:id/resume', RESUME, guard(deps, 'runs:write'), async (c) =>
      c.json(unwrap(await c.get('runs').resume(c.req.param('id'), await nameOf(deps, c.get('principal'))))),
    )
    .post('/:id/fork', FORK, guard(deps, 'runs:write'), check('json', ForkBody), (c) => fork(c, c.req.param('id'), c.req.valid('json')))
}

/** Adds who answers. Approvals and effects are decisions, for which a role needs more than starting runs. */
async function answerOf(deps: ApiDeps, c: Context<ApiEnv>, body: z.output<typeof AnswerBody>): Promise<RunAnswer> {
  const principal = c.get('principal')
  if ('event' in body) return { ...body, payload: body.payload }
  requirePermission(principal, 'approvals:decide')
  const by = await nameOf(deps, principal)
  if ('approvalId' in body) return { ...body, by, byIds: idsOf({ actor: principal, ...behind(principal) }) }
  return { ...body, by }
}

async function fork(c: Context<ApiEnv>, runId: string, { workflow, ...body }: z.output<typeof ForkBody>) {
  const ports = c.get('ports')
  // An output put in by hand can stand for an approval, so it takes who may give one.
  if (body.overrides !== undefined) requirePermission(c.get('principal'), 'approvals:decide')
  const request: ForkRequest = {
    ...body,
    ...(workflow !== undefined && { workflow: await findWorkflow(ports, workflow.name, workflow.version) }),
    mayApprove: mayDo(c.get('principal'), 'approvals:decide'),
  }
  return c.json(unwrap(await c.get('runs').fork(runId, runIdOf(c), request)), 202)
}

async function answerStepOutput(c: Context<ApiEnv>, runId: string, key: string): Promise<Response> {
  const step = unwrap(await c.get('runs').steps(runId)).find((each) => each.key === key)
  if (step === undefined) throw new AppError('not_found', `The run has no step '${key}'; GET /runs/{id}/steps lists its keys.`)
  if (step.outputRef === undefined) {
    if (step.output === undefined) throw new AppError('not_found', `Step '${key}' has no output: it is ${step.status}.`)
    return c.json(step.output)
  }
  const stored = await c.get('ports').files.stream(step.outputRef)
  if (stored === undefined) throw new AppError('not_found', `The output of step '${key}' is not stored any more.`)
  return new Response(stored.body, { headers: { 'Content-Type': 'application/json', 'Content-Length': String(stored.size) } })
}
