import { AppError } from './error'
import type { PageOf } from './ports'

/** Where a list goes on: the last row shown, newest first. Ids break ties of the same millisecond. */
export interface Cursor {
  at: string
  id: string
}

const INVALID = 'The cursor is not one that this list gave; leave it out to start at the first page.'

/** An opaque text for a place in a list, safe in a query string. */
export function encodeCursor({ at, id }: Cursor): string {
  return btoa(JSON.stringify([at, id]))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}

/** The place that a cursor names; `invalid` for anything that `encodeCursor` did not make. */
export function decodeCursor(cursor: string): Cursor {
  let parsed: unknown
  try {
    parsed = JSON.parse(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')))
  } catch (cause) {
    throw new AppError('invalid', INVALID, { problems: [{ path: 'cursor', message: INVALID }], cause })
  }
  if (Array.isArray(parsed) && parsed.length === 2 && typeof parsed[0] === 'string' && typeof parsed[1] === 'string')
    return { at: parsed[0], id: parsed[1] }
  throw new AppError('invalid', INVALID, { problems: [{ path: 'cursor', message: INVALID }] })
}

/** The number in a list that counts its rows; `invalid` for a cursor of a list that does not. */
export function decodePlace(cursor: string): number {
  const place = Number(decodeCursor(cursor).id)
  if (Number.isSafeInteger(place)) return place
  throw new AppError('invalid', INVALID, { problems: [{ path: 'cursor', message: INVALID }] })
}

/** A page out of at most `limit + 1` rows: the extra row only tells that there is more. */
export function pageOf<T>(rows: T[], limit: number, cursorOf: (item: T) => Cursor): PageOf<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return rows.length > limit && last !== undefined ? { items, nextCursor: encodeCursor(cursorOf(last)) } : { items }
}
