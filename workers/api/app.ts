import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { DATASET_LIMITS } from '../domain/datasets'
import { AppError } from '../domain/error'
import { ownAccountRoutes } from './account'
import { agentRoutes } from './agents'
import { analyticsRoutes } from './analytics'
import { apiKeyRoutes } from './api-keys'
import { approvalRoutes } from './approvals'
import { auditRoutes } from './audit'
import { authRoutes } from './auth'
import { archiveRoutes, backupRoutes } from './backups'
import { budgetRoutes } from './budgets'
import { classifierRoutes } from './classifiers'
import { collectionDocumentRoutes } from './collection-documents'
import { collectionGraphRoutes } from './collection-graph'
import { collectionTransferRoutes } from './collection-transfer'
import { collectionRoutes } from './collections'
import { cors } from './cors'
import { dataSubjectRoutes } from './data-subjects'
import { datasetRoutes } from './datasets'
import type { ApiDeps, ApiEnv } from './deps'
import { docsPage } from './docs'
import { documentRoutes } from './documents'
import { answerThrown } from './errors'
import { estimateRoutes } from './estimate'
import { evaluationRoutes } from './evaluations'
import { executionRoutes } from './executions'
import { healthRoutes } from './health'
import { identityProviderRoutes } from './identity-providers'
import { invitationRoutes } from './invitations'
import { jsonBody } from './json-body'
import { holdRoutes, legalHoldRoutes } from './legal-holds'
import { liveRoutes, ticketRoutes } from './live'
import { modelRoutes } from './models'
import { describeApi } from './openapi'
import { memberPasskeyRoutes, passkeyRoutes } from './passkeys'
import { accountRoutes } from './passwords'
import { planRoutes } from './plan'
import { promptRoutes } from './prompts'
import { brakeStrangers, rateHeaders } from './rate-limit'
import { reportRoutes } from './reports'
import { requestId } from './request-id'
import { requestLimits } from './request-limits'
import { retentionRoutes } from './retention'
import { roleRoutes } from './roles'
import { diffRoutes, logEntryRoutes } from './run-diff'
import { runRoutes } from './runs'
import { scimRoutes } from './scim'
import { sealedAnswers } from './sealed-answers'
import { secondFactorRoutes } from './second-factors'
import { securityEventRoutes } from './security-events'
import { securityHeaders } from './security-headers'
import { serviceAccountRoutes } from './service-accounts'
import { sessionRoutes } from './sessions'
import { signInPolicyRoutes } from './sign-in-policy'
import { noticeStrangers } from './strangers'
import { masterKeyRoutes, tenantKeyRoutes } from './tenant-keys'
import { tenantLifeRoutes } from './tenant-life'
import { tenantRoutes } from './tenants'
import { answerUnmatched } from './unmatched'
import { usageRoutes } from './usage'
import { userRoutes } from './users'
import { webhookRoutes } from './webhooks'
import { gateRoutes } from './workflow-gates'
import { workflowRoutes } from './workflows'

/** Everything but uploads: these are streamed and count for themselves. */
const MAX_BODY_BYTES = 1_048_576
const STREAMED_PATHS = /^\/api\/v1\/(documents|collections\/[^/]+\/import|operations\/restore|tenants\/import)$/
const DATASETS_PATH = '/api/v1/datasets/'

/** The HTTP door. Its type is what the typed client (`hc<App>`) knows of the API. */
export type App = ReturnType<typeof createApp>

/** Builds the router: each resource once, mounted wherever it answers. */
export function createApp(deps: ApiDeps) {
  const base = new Hono<ApiEnv>()
  base.onError(answerThrown)
  base.use(requestId(deps))
  base.use(securityHeaders)
  base.use(cors(deps))
  base.use(requestLimits)
  if (deps.brake !== undefined) base.use(brakeStrangers(deps.brake, () => deps.clock.now().getTime()))
  base.use(rateHeaders())
  base.use(noticeStrangers(deps))
  base.use(sealedAnswers)
  base.use(async (c, next) => {
    if (STREAMED_PATHS.test(c.req.path)) return await next()
    return await (c.req.path.startsWith(DATASETS_PATH) ? limitDataset : limitBody)(c, next)
  })
  // An upload is streamed, whatever its type.
  base.use(async (c, next) => await (STREAMED_PATHS.test(c.req.path) ? next() : jsonBody(c, next)))

  const runs = runRoutes(deps)
  const executions = executionRoutes(deps)
  const agents = agentRoutes(deps)
  const auth = authRoutes(deps)
  const live = liveRoutes(deps)
  const app = base
    .route('/', healthRoutes(deps))
    .route('/api/v1/auth', auth)
    .route('/api/v1/documents/:id/hold', holdRoutes(deps, 'document'))
    .route('/api/v1/documents', documentRoutes(deps))
    .route('/api/v1/workflows', estimateRoutes(deps))
    .route('/api/v1/workflows', planRoutes(deps))
    .route('/api/v1/workflows', executions)
    .route('/api/v1/workflows', gateRoutes(deps))
    .route('/api/v1/workflows', workflowRoutes(deps))
    .route('/api/v1/runs/:id/events/ticket', ticketRoutes(deps))
    .route('/api/v1/runs/:id/events', live)
    .route('/api/v1/runs/:id/diff', diffRoutes(deps))
    .route('/api/v1/runs/:id/logs', logEntryRoutes(deps))
    .route('/api/v1/runs/:id/hold', holdRoutes(deps, 'run'))
    .route('/api/v1/runs', runs)
    .route('/api/v1/legal-holds', legalHoldRoutes(deps))
    .route('/api/v1/retention', retentionRoutes(deps))
    .route('/api/v1/data-subjects', dataSubjectRoutes(deps))
    .route('/api/v1/analytics', analyticsRoutes(deps))
    .route('/api/v1/approvals', approvalRoutes(deps))
    .route('/api/v1/classifiers', classifierRoutes(deps))
    .route('/api/v1/reports', reportRoutes(deps))
    .route('/api/v1/models', modelRoutes(deps))
    .route('/api/v1/prompts', promptRoutes(deps))
    .route('/api/v1/collections', collectionRoutes(deps))
    .route('/api/v1/collections', collectionDocumentRoutes(deps))
    .route('/api/v1/collections', collectionGraphRoutes(deps))
    .route('/api/v1/collections', collectionTransferRoutes(deps))
    .route('/api/v1/datasets', datasetRoutes(deps))
    .route('/api/v1/evaluations', evaluationRoutes(deps))
    .route('/api/v1/agents', agents)
    .route('/api/v1/webhooks', webhookRoutes(deps))
    .route('/api/v1/tenants', tenantRoutes(deps))
    .route('/api/v1/tenants', archiveRoutes(deps))
    .route('/api/v1/tenants', tenantLifeRoutes(deps))
    .route('/api/v1/tenant/keys', tenantKeyRoutes(deps))
    .route('/api/v1/tenant/sign-in-policy', signInPolicyRoutes(deps))
    .route('/api/v1/operations/keys', masterKeyRoutes(deps))
    .route('/api/v1/operations', backupRoutes(deps))
    .route('/api/v1/api-keys', apiKeyRoutes(deps))
    .route('/api/v1/account/totp', secondFactorRoutes(deps))
    .route('/api/v1/account/passkeys', passkeyRoutes(deps))
    .route('/api/v1/account', ownAccountRoutes(deps))
    .route('/api/v1/account', accountRoutes(deps))
    .route('/api/v1/users/:id/passkeys', memberPasskeyRoutes(deps))
    .route('/api/v1/users', userRoutes(deps))
    .route('/api/v1/invitations', invitationRoutes(deps))
    .route('/api/v1/roles', roleRoutes(deps))
    .route('/api/v1/service-accounts', serviceAccountRoutes(deps))
    .route('/api/v1/identity-providers', identityProviderRoutes(deps))
    .route('/api/v1/scim/v2', scimRoutes(deps))
    .route('/api/v1/sessions', sessionRoutes(deps))
    .route('/api/v1/security-events', securityEventRoutes(deps))
    .route('/api/v1/audit', auditRoutes(deps))
    .route('/api/v1/usage', usageRoutes(deps))
    .route('/api/v1/budgets', budgetRoutes(deps))
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

const limitDataset = bodyLimit({
  maxSize: DATASET_LIMITS.bytes,
  onError: () => {
    throw new AppError('too_large', 'A dataset may have 5 MB; split it.')
  },
})
