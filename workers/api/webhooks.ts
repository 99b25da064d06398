import { Hono } from 'hono'
import * as z from 'zod'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented, IDEMPOTENCY_HEADER } from './documented'
import { START_ANSWER } from './executions'
import { guard } from './guard'
import { idempotent, runIdOf } from './idempotent'
import { startRun } from './start-run'

/** Inbound webhooks: any JSON starts a run. */
export function webhookRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().post(
    '/:workflow',
    documented({
      tag: 'Webhooks',
      summary: 'Start a run with a JSON body',
      description: "The whole body is the run's input, so that other systems can be pointed here as they are.",
      headers: IDEMPOTENCY_HEADER,
      answers: START_ANSWER,
      refuses: ['invalid', 'not_found', 'conflict', 'too_large', 'over_budget', 'unavailable'],
    }),
    guard(deps, 'runs:write'),
    idempotent(deps),
    check('json', z.unknown().describe('Any JSON.')),
    async (c) => {
      const run = await startRun(c.get('ports'), c.get('runs'), {
        runId: runIdOf(c),
        workflow: c.req.param('workflow'),
        input: c.req.valid('json'),
        trigger: 'webhook',
      })
      return c.json(run, 202)
    },
  )
}
