import type { ValidationTargets } from 'hono'
import { validator } from 'hono-openapi'
import type * as z from 'zod'
import { AppError } from '../domain/error'
import { hasBody, isJsonType } from './json-body'

/** Checks one part of a request against its schema and documents it; `invalid` names each field that does not fit. */
export const check = <Target extends keyof ValidationTargets, Schema extends z.ZodType>(target: Target, schema: Schema) =>
  validator(target, schema, (result, c) => {
    // Without its type a body is not read, so a schema that asks for nothing would take it for an empty one.
    const isUntyped = target === 'json' && !isJsonType(c.req.header('Content-Type'))
    if (isUntyped && (!result.success || hasBody(c.req.raw)))
      throw new AppError('invalid', 'The body must be JSON; send it with Content-Type: application/json.', {
        reason: 'unsupported_media_type',
      })
    if (result.success) return
    const problems = result.error.map(({ path, message }) => ({ path: pathOf(path ?? []), message }))
    const fields = problems.map((problem) => problem.path || 'the whole').join(', ')
    throw new AppError('invalid', `The request does not fit: ${fields}. See problems.`, { problems })
  })

/** `steps[2].retry.maxAttempts` */
function pathOf(path: ReadonlyArray<PropertyKey | { key: PropertyKey }>): string {
  const keys = path.map((part) => (typeof part === 'object' ? part.key : part))
  return keys.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`)).join('')
}
