import { APICallError } from '@ai-sdk/provider'
import { AppError } from '../domain/error'
import { refusalFrom } from './openai-errors'

/**
 * A refusal for what the AI SDK threw; undefined for anything that is not about the provider's answer: a broken connection or an
 * abort, which the caller's signals explain.
 */
export function refusalOfSdk(provider: string, thrown: unknown, now: Date): AppError | undefined {
  if (thrown instanceof AppError) return thrown
  if (APICallError.isInstance(thrown) && thrown.statusCode !== undefined && thrown.statusCode >= 400)
    return refusalFrom(
      provider,
      { status: thrown.statusCode, headers: new Headers(thrown.responseHeaders), body: thrown.responseBody ?? '' },
      now,
    )
  const isAnswered = APICallError.isInstance(thrown) && thrown.statusCode !== undefined
  if (isAnswered || (thrown instanceof Error && SHAPE_ERRORS.test(thrown.name)))
    return new AppError('unavailable', `${provider} answered in an unknown shape: check the URL, or try again if it is right.`, {
      reason: 'unknown_shape',
      cause: thrown,
    })
  return undefined
}

const SHAPE_ERRORS = /JSONParseError|TypeValidationError|InvalidResponseDataError|EmptyResponseBodyError|NoContentGeneratedError/
