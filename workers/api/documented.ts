import { type DescribeRouteOptions, describeRoute, resolver } from 'hono-openapi'
import type * as z from 'zod'
import type { ErrorCode } from '../domain/error'
import { ProblemDetails, STATUS_OF, TITLES } from './errors'

type Body = { schema: z.ZodType; example?: unknown } | { mediaType: string; description: string }

/** What one route promises. */
export interface RoutePromise {
  tag: string
  summary: string
  description?: string
  /** Answers that are no refusal, by status. */
  answers: Record<number, { description: string; body?: Body; headers?: Record<string, string> }>
  /** Codes it may refuse with, beside `internal`, which every route may. */
  refuses: ErrorCode[]
  /** True for the few routes that need no sign-in. */
  isPublic?: boolean
  /** A body that no validator describes: by media type. */
  requestBody?: Record<string, { schema: Record<string, unknown>; example?: unknown }>
  /** Headers that it takes: name to meaning. */
  headers?: Record<string, string>
  /** Query parameters that no validator describes. */
  query?: Record<string, string>
}

const REFUSAL_TEXTS = {
  invalid: 'The request is not valid; `problems` names each field.',
  unauthenticated: 'No valid access token or API key was sent.',
  over_budget: 'The budget is used up.',
  forbidden: 'The role does not have the permission.',
  not_found: 'There is none with that id in this tenant.',
  conflict: 'It contradicts what is stored; read it again and decide anew.',
  too_large: 'The body is larger than allowed.',
  rate_limited: 'Too many requests; `Retry-After` tells when to try again.',
  internal: 'A defect on our side; report the `requestId`.',
  unavailable: 'A part is not available; try again after `Retry-After`.',
} as const satisfies Record<ErrorCode, string>

/** Describes a route in the OpenAPI document: answers, refusals as problem+json, sign-in, parameters. */
export function documented(promise: RoutePromise) {
  const { tag, summary, description, answers, refuses, isPublic = false, requestBody } = promise
  const codes: ErrorCode[] = [
    ...new Set<ErrorCode>([...refuses, ...(isPublic ? [] : (['unauthenticated', 'forbidden'] as const)), 'internal']),
  ]
  return describeRoute({
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: isPublic ? [] : [{ bearer: [] }],
    parameters: [...parametersOf('header', promise.headers), ...parametersOf('query', promise.query)],
    ...(requestBody && { requestBody: { required: true, content: requestBody } }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)])),
      ...Object.fromEntries(codes.map((code) => [STATUS_OF[code], refusalOf(code)])),
    },
  })
}

function answerOf({ description, body, headers }: RoutePromise['answers'][number]) {
  const described = headers && {
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, meaning]) => [name, { description: meaning, schema: { type: 'string' as const } }]),
    ),
  }
  if (body === undefined) return { description, ...described }
  if ('mediaType' in body)
    return {
      description,
      ...described,
      content: { [body.mediaType]: { schema: { type: 'string' as const, format: 'binary', description: body.description } } },
    }
  return {
    description,
    ...described,
    content: { 'application/json': { schema: resolver(body.schema), ...(body.example !== undefined && { example: body.example }) } },
  }
}

function refusalOf(code: ErrorCode) {
  const status = STATUS_OF[code]
  const example = {
    type: `urn:steward:problem:${code}`,
    title: TITLES[code],
    status,
    detail: REFUSAL_TEXTS[code],
    code,
    requestId: 'req_019350a1b2c37d4e8f90a1b2c3d4e5f6',
  }
  return { description: REFUSAL_TEXTS[code], content: { 'application/problem+json': { schema: resolver(ProblemDetails), example } } }
}

/** Optional texts in the header or the query of a route. */
export function parametersOf(
  place: 'header' | 'query',
  named: Record<string, string> = {},
): NonNullable<DescribeRouteOptions['parameters']> {
  return Object.entries(named).map(([name, description]) => ({ in: place, name, description, required: false, schema: { type: 'string' } }))
}

/** The header by which a repeated POST gives the first answer again. */
export const IDEMPOTENCY_HEADER = {
  'Idempotency-Key':
    'Any text of at most 200 characters that is new for each intended action. A repetition within 24 hours gives the stored first answer.',
}
