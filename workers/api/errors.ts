import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import * as z from 'zod'
import { AppError, ERROR_CODES, type ErrorCode, type Refusal, toRefusal } from '../domain/error'
import type { ApiEnv } from './deps'

/** The one place where a code becomes a status. */
export const STATUS_OF = {
  invalid: 400,
  unauthenticated: 401,
  over_budget: 402,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const satisfies Record<ErrorCode, ContentfulStatusCode>

/** Where HTTP has a sharper word than the code. */
const STATUS_OF_REASON: Record<string, ContentfulStatusCode> = {
  headers_too_large: 431,
  key_reused: 422,
  method_not_allowed: 405,
  precondition_failed: 412,
  unsupported_media_type: 415,
  uri_too_long: 414,
}

/** The same for every refusal of a code. */
export const TITLES = {
  invalid: 'The request is not valid',
  unauthenticated: 'Sign in first',
  over_budget: 'The budget is used up',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  conflict: 'In conflict with what is stored',
  too_large: 'Too large',
  rate_limited: 'Too many requests',
  internal: 'Something failed on our side',
  unavailable: 'Not available at the moment',
} as const satisfies Record<ErrorCode, string>

/** Body of every refusal, RFC 9457. */
export const ProblemDetails = z
  .object({
    type: z.string().describe('A URI for the kind of problem; `urn:steward:problem:<code>`.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('One sentence: what is wrong and what to do.'),
    code: z.enum(ERROR_CODES),
    reason: z.string().optional().describe('A closed word for programs where the code is too coarse.'),
    requestId: z.string(),
    problems: z
      .array(
        z.object({
          path: z.string(),
          message: z.string(),
          file: z.string().optional(),
          line: z.int().optional(),
          column: z.int().optional(),
        }),
      )
      .optional()
      .describe('Each field or place that is wrong.'),
    retryAfterMs: z.int().optional(),
  })
  .meta({ id: 'Problem' })
export type ProblemDetails = z.infer<typeof ProblemDetails>

/** Answers a refusal as problem+json. */
export function answerRefusal(c: Context<ApiEnv>, refusal: Refusal, headers: Record<string, string> = {}): Response {
  const status = STATUS_OF_REASON[refusal.reason ?? ''] ?? STATUS_OF[refusal.code]
  const { code, message, ...details } = refusal
  const body: ProblemDetails = {
    type: `urn:steward:problem:${code}`,
    title: TITLES[code],
    status,
    detail: message,
    code,
    requestId: c.get('requestId'),
    ...details,
  }
  return c.body(JSON.stringify(body), status, {
    'Content-Type': 'application/problem+json',
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    ...(refusal.retryAfterMs !== undefined && { 'Retry-After': String(Math.ceil(refusal.retryAfterMs / 1_000)) }),
    ...headers,
  })
}

/** Answers anything that a handler threw. What is not a refusal is a defect: it is logged, and the caller sees no internals. */
export function answerThrown(thrown: Error, c: Context<ApiEnv>): Response {
  if (thrown instanceof HTTPException)
    return answerRefusal(c, { code: 'invalid', message: `${thrown.message}; see /api/v1/docs for what this route takes.` })
  if (!(thrown instanceof AppError) || thrown.code === 'internal') {
    console.error(
      JSON.stringify({
        message: 'request failed',
        requestId: c.get('requestId'),
        method: c.req.method,
        path: c.req.path,
        error: thrown.message,
        stack: thrown.stack,
      }),
    )
    if (thrown instanceof AppError) return answerRefusal(c, toRefusal(thrown))
    return answerRefusal(c, {
      code: 'internal',
      message: 'Something failed on our side; try again, and report the requestId if it happens again.',
    })
  }
  return answerRefusal(c, toRefusal(thrown))
}
