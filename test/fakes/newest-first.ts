import { decodeCursor, pageOf } from '../../workers/domain/pages'
import type { PageOf, PageRequest } from '../../workers/domain/ports'

/** A page of rows from the newest to the oldest, as the adapters give it. */
export function newestFirst<T extends { id: string; createdAt: string }>(rows: T[], { limit, cursor }: PageRequest): PageOf<T> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor)
  const rest = rows
    .filter((row) => after === undefined || row.createdAt < after.at || (row.createdAt === after.at && row.id < after.id))
    .sort((a, b) => (a.createdAt === b.createdAt ? (a.id < b.id ? 1 : -1) : a.createdAt < b.createdAt ? 1 : -1))
  return pageOf(rest.slice(0, limit + 1), limit, (row) => ({ at: row.createdAt, id: row.id }))
}
