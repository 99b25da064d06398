import { Hono } from 'hono'
import * as z from 'zod'
import type { Caller } from '../domain/auth'
import { AppError } from '../domain/error'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { bearerOf, guard } from './guard'
import { oidcRoutes } from './oidc'
import { passkeySignInRoutes } from './passkey-sign-in'
import { refresh, signIn, TokenPairSchema, visitOf } from './sign-in'

const LoginBody = z
  .object({
    tenant: z.string().max(64).describe('Slug of the tenant.'),
    email: z.string().max(254),
    password: z.string().max(1_024),
    code: z
      .string()
      .max(40)
      .optional()
      .describe('Of the authenticator app, or a recovery code; needed when the answer was 401 with reason `second_factor_required`.'),
  })
  .meta({ id: 'Login', example: { tenant: 'acme', email: 'admin@acme.example', password: '…' } })
const PrincipalSchema = z.object({
  kind: z.enum(['user', 'api_key']),
  id: z.string(),
  tenantId: z.string(),
  role: z.string().describe('A built-in role, or one that the tenant made.'),
  secondFactor: z
    .enum(['to_enrol', 'to_prove'])
    .optional()
    .describe('What the sign-in lacks of the second factor that the tenant asks for: until then it may only look after its own account.'),
  permissions: z.array(z.string()).optional().describe('All that it may do, where this is not what the built-in role may.'),
  sessionId: z.string().optional().describe('The signed-in device, as GET /sessions lists it; an API key has none.'),
  expiresAt: z.iso.datetime().optional().describe('End of the access token; an API key has none.'),
})

const answers = { 200: { description: 'A new pair of tokens.', body: { schema: TokenPairSchema } } }

const LOGIN = documented({
  tag: 'Auth',
  summary: 'Sign in',
  isPublic: true,
  answers,
  refuses: ['invalid', 'unauthenticated', 'forbidden', 'rate_limited', 'too_large'],
})

const REFRESH = documented({
  tag: 'Auth',
  summary: 'Renew the tokens',
  description:
    'The refresh token is good once. If it comes twice, everything that descends from the same sign-in is revoked. One whose sign-in is over by the policy of the tenant is refused with reason `session_ended`.',
  isPublic: true,
  answers,
  refuses: ['invalid', 'unauthenticated', 'forbidden', 'too_large'],
})

const VERIFY = documented({
  tag: 'Auth',
  summary: 'Who am I',
  answers: { 200: { description: 'Whose token or key was sent.', body: { schema: PrincipalSchema } } },
  refuses: ['unauthenticated'],
})

/** Sign-in. Mounted as `/api/v1/auth` and as `/auth`. */
export function authRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .post('/login', LOGIN, check('json', LoginBody), async (c) =>
      c.json(await signIn(deps, c.req.valid('json'), visitOf(c)), 200, NO_STORE),
    )
    .post('/refresh', REFRESH, check('json', z.object({ refreshToken: z.string().min(1).max(200) })), async (c) =>
      c.json(await refresh(deps, c.req.valid('json').refreshToken, visitOf(c)), 200, NO_STORE),
    )
    .get('/verify', VERIFY, guard(deps, 'self:read'), async (c) => {
      const principal: Caller = c.get('principal')
      if (principal.kind === 'api_key') return c.json({ ...principal })
      const verified = await deps.tokens.verifyAccess(bearerOf(c.req.header('Authorization')) ?? '')
      if (verified === undefined) throw new AppError('unauthenticated', 'The access token has just expired; renew it.')
      return c.json({ ...principal, expiresAt: verified.expiresAt })
    })
    .route('/passkeys', passkeySignInRoutes(deps))
    .route('/oidc', oidcRoutes(deps))
}

const NO_STORE = { 'Cache-Control': 'no-store' }
