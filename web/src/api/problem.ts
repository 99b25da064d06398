import type { Problem } from './types'

/** What the API refused, as RFC 9457 tells it. `status` 0 means that no answer came at all. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly problems: Problem[]
  /** A closed word where the code is too coarse. */
  readonly reason: string | undefined

  constructor(status: number, code: string, message: string, problems: Problem[] = [], reason?: string) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.problems = problems
    this.reason = reason
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const isProblem = (value: unknown): value is Problem =>
  isObject(value) && typeof value.path === 'string' && typeof value.message === 'string'

const ACCOUNT_PATH = '/account'

/**
 * Reads a refusal's body. Its sentence is shown to the person as it is; an unreadable body leaves the message empty. Where the company
 * asks for a second factor every screen would refuse, so the person is taken to the one where that is explained and put right.
 */
export function readProblem(status: number, text: string): ApiError {
  const error = parseProblem(status, text)
  const isShutOut = error.status === 403 && error.reason === 'second_factor_required'
  if (isShutOut && location.pathname !== ACCOUNT_PATH) location.assign(ACCOUNT_PATH)
  return error
}

function parseProblem(status: number, text: string): ApiError {
  const body = parseJson(text)
  if (!isObject(body)) return new ApiError(status, 'unreadable', '')
  const message = [body.detail, body.title, body.message].find((part) => typeof part === 'string' && part !== '')
  const lists = [body.problems, body.errors].find(Array.isArray)
  return new ApiError(
    status,
    typeof body.code === 'string' ? body.code : 'unreadable',
    typeof message === 'string' ? message : '',
    Array.isArray(lists) ? lists.filter(isProblem) : [],
    typeof body.reason === 'string' ? body.reason : undefined,
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: a proxy's HTML page or an empty body. The caller reports the status instead.
    return undefined
  }
}
