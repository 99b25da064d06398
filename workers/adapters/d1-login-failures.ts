import { and, eq, gt, gte, lt, sql } from 'drizzle-orm'
import type { LoginFailures } from '../domain/identity'
import { openD1 } from './d1'
import { loginFailures } from './schema'

/** Counts of failed sign-ins in D1. */
export function createD1LoginFailures(binding: D1Database): LoginFailures {
  const db = openD1(binding)
  return {
    count: async (account, since) => {
      const [row] = await db
        .select()
        .from(loginFailures)
        .where(and(eq(loginFailures.account, account), gte(loginFailures.beganAt, since)))
        .limit(1)
      return row?.count ?? 0
    },
    add: async (account, at, since) => {
      const isOver = sql`${loginFailures.beganAt} < ${since}`
      const [row] = await db
        .insert(loginFailures)
        .values({ account, count: 1, beganAt: at })
        .onConflictDoUpdate({
          target: loginFailures.account,
          set: {
            count: sql`case when ${isOver} then 1 else ${loginFailures.count} + 1 end`,
            beganAt: sql`case when ${isOver} then ${at} else ${loginFailures.beganAt} end`,
          },
        })
        .returning({ count: loginFailures.count })
      return row?.count ?? 1
    },
    takeBack: async (account) => {
      const atLeastOne = and(eq(loginFailures.account, account), gt(loginFailures.count, 0))
      await db
        .update(loginFailures)
        .set({ count: sql`${loginFailures.count} - 1` })
        .where(atLeastOne)
    },
    clear: async (account) => {
      await db.delete(loginFailures).where(eq(loginFailures.account, account))
    },
    deleteBefore: async (before) =>
      (await db.delete(loginFailures).where(lt(loginFailures.beganAt, before)).returning({ account: loginFailures.account })).length,
  }
}
