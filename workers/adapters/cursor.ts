import { AppError } from '../domain/error'

/** Lists go from newest to oldest by id (UUIDv7: creation order); the cursor is the last id seen, made opaque. */
export const encodeCursor = (lastId: string): string => btoa(lastId).replaceAll('=', '')

export function decodeCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined
  try {
    const id = atob(cursor)
    if (/^[a-z]+_[0-9a-z]+$/i.test(id)) return id
  } catch {
    // falls through to the refusal: not base64
  }
  throw new AppError('invalid', 'The cursor is not one of ours; pass nextCursor of the page before, or leave it out.', { problems: [{ path: 'cursor', message: 'unknown cursor' }] })
}

/** One page out of rows read one beyond the limit. */
export function pageOf<Row extends { id: string }, T>(rows: Row[], limit: number, toItem: (row: Row) => T): { items: T[]; nextCursor?: string } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items: items.map(toItem), ...(rows.length > limit && last !== undefined && { nextCursor: encodeCursor(last.id) }) }
}
