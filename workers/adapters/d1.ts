import { drizzle } from 'drizzle-orm/d1'
import { AppError } from '../domain/error'

/** A query builder over a D1 binding. It holds no state, so making one for each adapter costs nothing. */
export const openD1 = (binding: D1Database) => drizzle(binding)
export type D1 = ReturnType<typeof openD1>

/** A row with its nulls left out, because optional members of domain types are absent, not null. */
export function withoutNulls<T extends object>(
  row: T,
): { [K in keyof T as null extends T[K] ? never : K]: T[K] } & { [K in keyof T as null extends T[K] ? K : never]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as ReturnType<typeof withoutNulls<T>>
}

/** Runs an insert and turns a broken unique index into `conflict`; D1 tells of it only in the message. */
export async function insertOnce<T>(insert: PromiseLike<T>, message: string): Promise<T> {
  try {
    return await insert
  } catch (thrown) {
    if (messages(thrown).includes('UNIQUE constraint failed')) throw new AppError('conflict', message, { cause: thrown })
    throw thrown
  }
}

function messages(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.message} ${messages(thrown.cause)}` : ''
}
