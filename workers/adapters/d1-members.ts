import { and, desc, eq, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm'
import type { MemberChanged, MemberStore } from '../domain/members'
import { decodeCursor, pageOf } from '../domain/pages'
import type { User } from '../domain/tenants'
import { insertOnce, openD1, withoutNulls } from './d1'
import { users } from './schema'

/** The people of each tenant in D1. */
export function createD1Members(binding: D1Database): MemberStore {
  const db = openD1(binding)
  const one = (tenantId: string, id: string) => and(eq(users.tenantId, tenantId), eq(users.id, id))
  const isKnown = async (tenantId: string, id: string) =>
    (await db.select({ id: users.id }).from(users).where(one(tenantId, id)).limit(1)).length > 0
  /** Changes a user, unless that is the last administrator who can sign in and would not be one any more. */
  const demote = async (tenantId: string, id: string, change: { role?: string; disabledAt?: string }): Promise<MemberChanged> => {
    const isOther = sql`exists (select 1 from users as other where other.tenant_id = ${tenantId} and other.id <> ${id} and other.role = 'admin' and other.disabled_at is null)`
    const isAllowed = or(ne(users.role, 'admin'), sql`${users.disabledAt} is not null`, isOther)
    const changed = await db
      .update(users)
      .set(change)
      .where(and(one(tenantId, id), change.role === 'admin' ? undefined : isAllowed))
      .returning({ id: users.id })
    if (changed.length > 0) return 'changed'
    return (await isKnown(tenantId, id)) ? 'last_admin' : 'unknown'
  }
  return {
    insert: async (user) => {
      await insertOnce(db.insert(users).values({ ...user, email: user.email.toLowerCase() }), 'There is a user with that address already.')
    },
    countSeats: async (tenantId, at) => {
      const people = sql`(select count(*) from users where tenant_id = ${tenantId} and disabled_at is null)`
      const invited = sql`(select count(*) from one_time_tokens where tenant_id = ${tenantId} and purpose = 'invitation' and used_at is null and expires_at > ${at})`
      return (await db.get<{ seats: number }>(sql`select ${people} + ${invited} as seats`)).seats
    },
    list: async (tenantId, { limit, cursor }) => {
      const rows = await db
        .select()
        .from(users)
        .where(and(eq(users.tenantId, tenantId), cursor === undefined ? undefined : isAfter(cursor)))
        .orderBy(desc(users.createdAt), desc(users.id))
        .limit(limit + 1)
      return pageOf(rows.map(toUser), limit, ({ createdAt, id }) => ({ at: createdAt, id }))
    },
    setRole: (tenantId, id, role) => demote(tenantId, id, { role }),
    disable: (tenantId, id, at) => demote(tenantId, id, { disabledAt: at }),
    enable: async (tenantId, id) =>
      (await db.update(users).set({ disabledAt: null }).where(one(tenantId, id)).returning({ id: users.id })).length > 0,
    setPassword: async (tenantId, id, passwordHash) => {
      await db.update(users).set({ passwordHash }).where(one(tenantId, id))
    },
    verifyEmail: async (tenantId, id, at) => {
      await db
        .update(users)
        .set({ emailVerifiedAt: at })
        .where(and(one(tenantId, id), isNull(users.emailVerifiedAt)))
    },
  }
}

function isAfter(cursor: string): SQL | undefined {
  const { at, id } = decodeCursor(cursor)
  return or(lt(users.createdAt, at), and(eq(users.createdAt, at), lt(users.id, id)))
}

const toUser = ({ passwordHash: _, ...row }: typeof users.$inferSelect): User => withoutNulls(row)
