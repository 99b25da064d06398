import type { Context } from 'hono'
import { AppError } from '../domain/error'
import type { ApiKey } from '../domain/identity'
import type { ApiDeps, ApiEnv } from './deps'

/** When the key that calls ends: what it makes lives no longer. Undefined for a person, and for a key without an end. */
export async function ownEnd({ identity }: Pick<ApiDeps, 'identity'>, c: Context<ApiEnv>): Promise<string | undefined> {
  const { kind, tenantId, id } = c.get('principal')
  if (kind !== 'api_key') return undefined
  const key = await identity.apiKeys.find(tenantId, id)
  if (key === undefined) throw new AppError('unauthenticated', 'The key that asks does not exist any more; use another one.')
  return key.expiresAt
}

/** The end of a key that is made: the one that was asked for, else that of its maker. Refuses `invalid` for a later one than the maker's. */
export function endOfNew(asked: string | undefined, makersEnd: string | undefined): string | undefined {
  if (makersEnd === undefined || asked === undefined || Date.parse(asked) <= Date.parse(makersEnd)) return asked ?? makersEnd
  throw endsTooLate(
    `The key that asks ends at ${makersEnd}, and makes none that lives longer; choose that time or an earlier one, or sign in as a person.`,
  )
}

/**
 * The end of a key that follows another: it lives as long as that one did, but no longer than its maker. Refuses `invalid` where the
 * other one would outlive the maker anyway: whatever uses it would stop earlier than without the change.
 */
export function endOfNext(
  { createdAt, expiresAt }: Pick<ApiKey, 'createdAt' | 'expiresAt'>,
  makersEnd: string | undefined,
  now: number,
): string | undefined {
  if (makersEnd !== undefined && (expiresAt === undefined || Date.parse(expiresAt) > Date.parse(makersEnd)))
    throw endsTooLate(
      `The key that asks ends at ${makersEnd}, before the one that it would replace; rotate with a key that lives longer, or sign in as a person.`,
    )
  if (expiresAt === undefined) return undefined
  const end = new Date(now + Date.parse(expiresAt) - Date.parse(createdAt)).toISOString()
  return makersEnd !== undefined && Date.parse(makersEnd) < Date.parse(end) ? makersEnd : end
}

const endsTooLate = (message: string) => new AppError('invalid', message, { problems: [{ path: 'expiresAt', message }] })
