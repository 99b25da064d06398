import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '../domain/error'
import {
  DEFAULT_OVERLAP_HOURS,
  INCOMING_SECRET,
  MAX_OVERLAP_HOURS,
  outgoingSecret,
  parseWebhookSecret,
  rotateSecret,
} from '../domain/webhook-secrets'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { recordAct } from './security-events'

/** Letters and digits after the prefix; 43 of 56 kinds are 249 bits. */
const SECRET_LENGTH = 43

const RotateBody = z
  .object({
    overlapHours: z
      .int()
      .min(0)
      .max(MAX_OVERLAP_HOURS)
      .default(DEFAULT_OVERLAP_HOURS)
      .describe('How long the present secret is still good; 0 ends it at once, as after a leak.'),
    secret: z.string().min(32).max(200).optional().describe('The next secret, where the other side gives it; otherwise one is made.'),
  })
  .meta({ id: 'WebhookSecretRotation', example: { overlapHours: 24 } })
type RotateBody = z.infer<typeof RotateBody>

const Rotated = z.object({
  secret: z.string().describe('Shown once.'),
  previousValidUntil: z.iso.datetime().optional().describe('Until then the secret before is good too; absent: there is none.'),
})

const answers = { 200: { description: 'The next secret.', body: { schema: Rotated } } }

const ROTATE_INCOMING = documented({
  tag: 'Webhooks',
  summary: 'Rotate the secret of incoming webhooks',
  description:
    'Makes the secret that senders sign with at `POST /api/v1/webhooks/signed/{tenant}/{workflow}`; the first call makes the first. While the overlap lasts, signatures of both are taken.',
  answers,
  refuses: ['invalid', 'too_large'],
})

const ROTATE_OUTGOING = documented({
  tag: 'Webhooks',
  summary: 'Rotate the secret of an endpoint',
  description:
    'For an endpoint that is stored as the secret `webhook:<endpoint>`; its address stays. While the overlap lasts, deliveries are signed with both secrets: `t=…,v1=<new>,v1=<old>`.',
  answers,
  refuses: ['invalid', 'not_found', 'too_large'],
})

/** Signing secrets of webhooks, in both directions. */
export function webhookSecretRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .post('/secret/rotate', ROTATE_INCOMING, guard(deps, 'secrets:write'), check('json', RotateBody), async (c) => {
      return await rotate(deps, c, INCOMING_SECRET, c.req.valid('json'))
    })
    .post(
      '/endpoints/:endpoint/rotate',
      ROTATE_OUTGOING,
      guard(deps, 'secrets:write'),
      check('param', z.object({ endpoint: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,55}$/, 'use lower-case letters, digits, and . _ -') })),
      check('json', RotateBody),
      async (c) => {
        const { endpoint } = c.req.valid('param')
        const name = outgoingSecret(endpoint)
        if ((await c.get('ports').secrets.get(name)) === undefined)
          throw new AppError(
            'not_found',
            `There is no endpoint '${endpoint}'; store its secret with PUT /api/v1/tenants/me/secrets/${name}.`,
          )
        return await rotate(deps, c, name, c.req.valid('json'))
      },
    )
}

async function rotate(deps: ApiDeps, c: Context<ApiEnv>, name: string, { overlapHours, secret: given }: RotateBody) {
  const { secrets } = c.get('ports')
  const stored = await secrets.get(name)
  const secret = given ?? `whsec_${deps.credentials.random(SECRET_LENGTH)}`
  const rotated = rotateSecret(
    stored === undefined || stored === '' ? undefined : parseWebhookSecret(stored),
    secret,
    deps.clock.now(),
    overlapHours,
  )
  await secrets.put(name, JSON.stringify(rotated))
  await recordAct(deps, c, 'webhook_secret_rotated', name)
  return c.json({ secret, ...(rotated.previous && { previousValidUntil: rotated.previous.until }) }, 200, { 'Cache-Control': 'no-store' })
}
