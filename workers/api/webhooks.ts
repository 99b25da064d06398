import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented, IDEMPOTENCY_HEADER } from './documented'
import { START_ANSWER } from './executions'
import { guard } from './guard'
import { idempotent, runIdOf } from './idempotent'
import { startRun } from './start-run'
import { signedDelivery } from './webhook-deliveries'
import { webhookSecretRoutes } from './webhook-secrets'

const WITH_TOKEN = documented({
  tag: 'Webhooks',
  summary: 'Start a run with a JSON body',
  description: "The whole body is the run's input, so that other systems can be pointed here as they are.",
  answers: START_ANSWER,
  refuses: ['invalid', 'not_found', 'conflict', 'too_large', 'over_budget', 'unavailable'],
})

const SIGNED = documented({
  tag: 'Webhooks',
  summary: 'Start a run with a signed JSON body',
  description:
    'For senders that sign and hold no token: `Steward-Signature: t=<unix seconds>,v1=<hex>` with the HMAC-SHA256 of `<t>.<body>` under the secret of `POST /api/v1/webhooks/secret/rotate`. A time more than 300 seconds off is refused (401), and so is a delivery that was taken before (409, reason `replayed`).',
  isPublic: true,
  headers: { ...IDEMPOTENCY_HEADER, 'Steward-Signature': '`t=<unix seconds>,v1=<hex>`; several `v1` may stand there.' },
  answers: START_ANSWER,
  refuses: ['invalid', 'unauthenticated', 'not_found', 'conflict', 'too_large', 'rate_limited', 'over_budget', 'unavailable'],
})

/** Inbound webhooks: any JSON starts a run, with a token or with a signature. */
export function webhookRoutes(deps: ApiDeps) {
  const body = () => check('json', z.unknown().describe('Any JSON.'))
  return new Hono<ApiEnv>()
    .post('/:workflow', WITH_TOKEN, guard(deps, 'runs:write'), body(), (c) => start(c, c.req.param('workflow'), c.req.valid('json')))
    .post('/signed/:tenant/:workflow', SIGNED, signedDelivery(deps), idempotent(deps, 'runs:write'), body(), (c) =>
      start(c, c.req.param('workflow'), c.req.valid('json')),
    )
    .route('/', webhookSecretRoutes(deps))
}

async function start(c: Context<ApiEnv>, workflow: string, input: unknown) {
  const run = await startRun(c.get('ports'), c.get('runs'), { runId: runIdOf(c), workflow, input, trigger: 'webhook' })
  return c.json(run, 202)
}
