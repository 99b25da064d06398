import { AppError } from '../domain/error'

/** A strong entity tag. */
export const etagOf = (version: string | number): string => `"${version}"`

/** The tags of an `If-Match` header, without quotes; undefined when there is none or it says `*`. Weak tags never match. */
export function expectedTags(header: string | undefined): string[] | undefined {
  if (header === undefined || header.trim() === '*') return undefined
  return [...header.matchAll(/(?:^|,)\s*"([^"]*)"/g)].map((match) => match[1] ?? '')
}

/** The refusal of an edit that came too late; HTTP 412. */
export const staleEdit = (): AppError =>
  new AppError('conflict', 'It was changed since you read it; read it again and apply your change to that.', {
    reason: 'precondition_failed',
  })
