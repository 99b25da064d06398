import { Hono } from 'hono'
import * as z from 'zod'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'

/** A part that takes longer counts as not answering. */
const CHECK_TIMEOUT_MS = 5_000

const PartState = z.object({ status: z.enum(['ok', 'failed']), error: z.string().optional() })
const Readiness = z.object({ status: z.enum(['ready', 'not_ready']), checks: z.record(z.string(), PartState) })

const HEALTH = documented({
  tag: 'Operations',
  summary: 'The process answers',
  isPublic: true,
  answers: { 200: { description: 'It does.', body: { schema: z.object({ status: z.literal('ok'), environment: z.string() }) } } },
  refuses: [],
})

const READY = documented({
  tag: 'Operations',
  summary: 'D1, R2 and Durable Objects answer',
  isPublic: true,
  answers: {
    200: { description: 'All do.', body: { schema: Readiness } },
    503: { description: 'Some do not; `checks` says which.', body: { schema: Readiness } },
  },
  refuses: [],
})

const KEYS = documented({
  tag: 'Auth',
  summary: 'Public keys of the access tokens',
  isPublic: true,
  answers: {
    200: {
      description: 'A JSON Web Key Set.',
      body: { schema: z.object({ keys: z.array(z.looseObject({ kid: z.string(), alg: z.string() })) }) },
    },
  },
  refuses: [],
})

/** Whether the process lives, whether it can work, and its public keys. */
export function healthRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get('/health', HEALTH, (c) => c.json({ status: 'ok' as const, environment: deps.environment }))
    .get('/ready', READY, async (c) => {
      const states = await Promise.all(
        Object.entries(deps.checks).map(async ([part, check]) => [part, await stateOf(part, check)] as const),
      )
      const isReady = states.every(([, state]) => state.status === 'ok')
      return c.json(
        { status: isReady ? ('ready' as const) : ('not_ready' as const), checks: Object.fromEntries(states) },
        isReady ? 200 : 503,
      )
    })
    .get('/.well-known/jwks.json', KEYS, async (c) => c.json(await deps.tokens.jwks(), 200, { 'Cache-Control': 'public, max-age=300' }))
}

async function stateOf(part: string, check: () => Promise<void>): Promise<z.output<typeof PartState>> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS)
  })
  try {
    await Promise.race([check(), late])
    return { status: 'ok' }
  } catch (thrown) {
    // Who may ask is unknown, so the answer names the part and the log says why.
    console.error(JSON.stringify({ message: 'not ready', part, error: String(thrown) }))
    return { status: 'failed', error: `${part} does not answer; the log says why.` }
  } finally {
    clearTimeout(timer)
  }
}
