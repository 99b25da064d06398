import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { AppError } from '../domain/error'
import { agentRoutes } from './agents'
import { apiKeyRoutes } from './api-keys'
import { approvalRoutes } from './approvals'
import { authRoutes } from './auth'
import type { ApiDeps, ApiEnv } from './deps'
import { docsPage } from './docs'
import { documentRoutes } from './documents'
import { answerThrown } from './errors'
import { executionRoutes } from './executions'
import { healthRoutes } from './health'
import { liveRoutes, ticketRoutes } from './live'
import { describeApi } from './openapi'
import { reportRoutes } from './reports'
import { requestId } from './request-id'
import { runRoutes } from './runs'
import { tenantRoutes } from './tenants'
import { answerUnmatched } from './unmatched'
import { webhookRoutes } from './webhooks'
import { workflowRoutes } from './workflows'

/** Everything but uploads: these are streamed and count for themselves. */
const MAX_BODY_BYTES = 1_048_576
const UPLOAD_PATH = '/api/v1/documents'

/** The HTTP door. Its type is what the typed client (`hc<App>`) knows of the API. */
export type App = ReturnType<typeof createApp>

/** Builds the router: each resource once, mounted wherever it answers. */
export function createApp(deps: ApiDeps) {
  const base = new Hono<ApiEnv>()
  base.onError(answerThrown)
  base.use(requestId(deps))
  base.use(async (c, next) => (c.req.path === UPLOAD_PATH ? await next() : await limitBody(c, next)))

  const runs = runRoutes(deps)
  const executions = executionRoutes(deps)
  const agents = agentRoutes(deps)
  const auth = authRoutes(deps)
  const live = liveRoutes(deps)
  const app = base
    .route('/', healthRoutes(deps))
    .route('/api/v1/auth', auth)
    .route('/api/v1/documents', documentRoutes(deps))
    .route('/api/v1/workflows', executions)
    .route('/api/v1/workflows', workflowRoutes(deps))
    .route('/api/v1/runs/:id/events/ticket', ticketRoutes(deps))
    .route('/api/v1/runs/:id/events', live)
    .route('/api/v1/runs', runs)
    .route('/api/v1/approvals', approvalRoutes(deps))
    .route('/api/v1/reports', reportRoutes(deps))
    .route('/api/v1/agents', agents)
    .route('/api/v1/webhooks', webhookRoutes(deps))
    .route('/api/v1/tenants', tenantRoutes(deps))
    .route('/api/v1/api-keys', apiKeyRoutes(deps))
    .route('/api/v1/ai/workflows', runs)
    .route('/workflows', executions)
    .route('/agents', agents)
    .route('/auth', auth)
    .route('/ws/ai/workflows/:id', live)
    .get('/api/v1/docs', () => docsPage())

  let description: ReturnType<typeof describeApi> | undefined
  app.get('/api/v1/openapi.json', async (c) => {
    description ??= describeApi(app)
    return c.json(await description)
  })
  app.notFound(answerUnmatched(deps, app.routes))
  return app
}

const limitBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    throw new AppError('too_large', 'The body is larger than 1 MB; only POST /api/v1/documents takes more.')
  },
})
