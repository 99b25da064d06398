import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { describeRoute, resolver } from 'hono-openapi'
import * as z from 'zod'
import { AppError, type ErrorCode } from '../domain/error'
import { SCIM_URN, type ScimType } from '../domain/scim'
import type { ApiEnv } from './deps'
import { answerThrown, ProblemDetails, STATUS_OF } from './errors'

const MEDIA_TYPE = 'application/scim+json'
const SCIM_TYPES: Record<string, ScimType> = {
  invalidFilter: 'invalidFilter',
  invalidSyntax: 'invalidSyntax',
  invalidPath: 'invalidPath',
  invalidValue: 'invalidValue',
  noTarget: 'noTarget',
  uniqueness: 'uniqueness',
  last_admin: 'mutability',
  mutability: 'mutability',
}

const ScimError = z
  .object({
    schemas: z.array(z.string()),
    status: z.string(),
    scimType: z.string().optional(),
    detail: z.string(),
  })
  .meta({ id: 'ScimError' })

/** An answer of the protocol. */
export const scimAnswer = (c: Context<ApiEnv>, body: object, status: ContentfulStatusCode = 200, headers: Record<string, string> = {}) =>
  c.body(JSON.stringify(body), status, { 'Content-Type': MEDIA_TYPE, 'Cache-Control': 'no-store', ...headers })

/** Answers whatever a route threw in the words of the protocol (RFC 7644, 3.12). Defects are logged as everywhere. */
export async function answerScimThrown(thrown: Error, c: Context<ApiEnv>): Promise<Response> {
  const problem = answerThrown(thrown, c)
  const { detail } = ProblemDetails.pick({ detail: true }).parse(await problem.clone().json())
  const scimType = scimTypeOf(thrown)
  const headers = Object.fromEntries(problem.headers)
  const status = String(problem.status)
  const body = JSON.stringify({ schemas: [SCIM_URN.error], status, ...(scimType && { scimType }), detail })
  return new Response(body, { status: problem.status, headers: { ...headers, 'content-type': MEDIA_TYPE } })
}

function scimTypeOf(thrown: Error): ScimType | undefined {
  if (!(thrown instanceof AppError)) return undefined
  const named = SCIM_TYPES[thrown.reason ?? '']
  if (named !== undefined) return named
  if (thrown.code === 'conflict') return 'uniqueness'
  return thrown.code === 'invalid' ? 'invalidValue' : undefined
}

const QUERY = {
  filter: '`userName eq "jo@acme.example"`, also externalId, emails.value and id; for groups displayName.',
  startIndex: 'From 1.',
  count: 'Rows of the page, at most 200.',
}
export const SCIM_LIST_QUERY = QUERY

/** Describes a route of the protocol. A refusal before it is reached (body limit, throttled address) is problem+json. */
export function scimDocumented(promise: {
  summary: string
  description?: string
  status?: number
  refuses: ErrorCode[]
  query?: Record<string, string>
  body?: z.ZodType
}) {
  const { summary, description, status = 200, refuses, query = {}, body } = promise
  const codes = [...new Set<ErrorCode>([...refuses, 'unauthenticated', 'forbidden', 'internal'])]
  const refusal = { [MEDIA_TYPE]: { schema: resolver(ScimError) }, 'application/problem+json': { schema: resolver(ProblemDetails) } }
  const resource = { description: 'As RFC 7643 shapes it.', content: { [MEDIA_TYPE]: { schema: { type: 'object' as const } } } }
  return describeRoute({
    tags: ['Provisioning'],
    summary,
    ...(description !== undefined && { description }),
    security: [{ bearer: [] }],
    parameters: Object.entries(query).map(([name, meaning]) => ({
      ...{ in: 'query' as const, name, description: meaning, required: false },
      schema: { type: 'string' as const },
    })),
    ...(body && { requestBody: { required: true, content: { [MEDIA_TYPE]: { schema: resolver(body) } } } }),
    responses: {
      [status]: status === 204 ? { description: 'Done.' } : resource,
      ...Object.fromEntries(codes.map((code) => [STATUS_OF[code], { description: `Refused: ${code}.`, content: refusal }])),
    },
  })
}
