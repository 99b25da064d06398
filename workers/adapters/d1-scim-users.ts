import { and, asc, count, eq, isNotNull, isNull, ne, or, type SQL, sql } from 'drizzle-orm'
import { AppError } from '../domain/error'
import type { ScimFilter, ScimProfile, ScimUser, ScimUsers } from '../domain/scim'
import { insertOnce, openD1, withoutNulls } from './d1'
import { provisionedUsers, users } from './schema'

/** Accounts as a directory sees them, in D1. */
export function createD1ScimUsers(binding: D1Database): ScimUsers {
  const db = openD1(binding)
  const same = and(eq(provisionedUsers.tenantId, users.tenantId), eq(provisionedUsers.userId, users.id))
  const seen = (tenantId: string, condition: SQL | undefined) =>
    and(eq(users.tenantId, tenantId), isNull(provisionedUsers.removedAt), condition)
  const rows = () => db.select({ user: users, kept: provisionedUsers }).from(users).leftJoin(provisionedUsers, same)
  const keep = (tenantId: string, userId: string, profile: ScimProfile, at: string) => {
    const kept = keptOf(profile, at)
    return db
      .insert(provisionedUsers)
      .values({ tenantId, userId, ...kept })
      .onConflictDoUpdate({ target: [provisionedUsers.tenantId, provisionedUsers.userId], set: { ...kept, removedAt: null } })
  }
  /** The unique index knows user names that a directory gave; an account that it does not look after has its address as one. */
  const requireFree = async (tenantId: string, userId: string, { userName }: ScimProfile) => {
    const other = and(eq(users.tenantId, tenantId), ne(users.id, userId), isNull(provisionedUsers.userId))
    const taken = await rows()
      .where(and(other, eq(users.email, userName.toLowerCase())))
      .limit(1)
    if (taken.length > 0) throw new AppError('conflict', TAKEN)
  }
  return {
    insert: async (user, profile) => {
      await requireFree(user.tenantId, user.id, profile)
      const both = db.batch([db.insert(users).values(user), keep(user.tenantId, user.id, profile, user.createdAt)])
      await insertOnce(both, TAKEN)
    },
    find: async (tenantId, id) => {
      const [row] = await rows()
        .where(seen(tenantId, eq(users.id, id)))
        .limit(1)
      return row && toScimUser(row)
    },
    list: async (tenantId, { startIndex, count: limit, filter }) => {
      const where = seen(tenantId, filter && conditionOf(filter))
      const [[counted], page] = await Promise.all([
        db.select({ total: count() }).from(users).leftJoin(provisionedUsers, same).where(where),
        limit === 0
          ? []
          : rows()
              .where(where)
              .orderBy(asc(users.createdAt), asc(users.id))
              .limit(limit)
              .offset(startIndex - 1),
      ])
      return { total: counted?.total ?? 0, items: page.map(toScimUser) }
    },
    save: async (tenantId, id, profile, at) => {
      await requireFree(tenantId, id, profile)
      const { email, name } = profile
      // An address that changes has not been proven.
      const emailVerifiedAt = sql`case when ${users.email} = ${email} then ${users.emailVerifiedAt} end`
      const account = db
        .update(users)
        .set({ name, email, emailVerifiedAt })
        .where(and(eq(users.tenantId, tenantId), eq(users.id, id)))
      await insertOnce(db.batch([account, keep(tenantId, id, profile, at)]), TAKEN)
    },
    remove: async (tenantId, id, at) => {
      const user = await db
        .select({ email: users.email })
        .from(users)
        .where(and(eq(users.tenantId, tenantId), eq(users.id, id)))
        .limit(1)
      const { email } = user[0] ?? { email: id }
      await db
        .insert(provisionedUsers)
        .values({ tenantId, userId: id, userName: email, shownUserName: email, updatedAt: at, removedAt: at })
        .onConflictDoUpdate({ target: [provisionedUsers.tenantId, provisionedUsers.userId], set: { updatedAt: at, removedAt: at } })
    },
    findRemoved: async (tenantId, { userName, email }) => {
      const meant = or(eq(provisionedUsers.userName, userName.toLowerCase()), eq(users.email, email))
      const [row] = await rows()
        .where(and(eq(users.tenantId, tenantId), isNotNull(provisionedUsers.removedAt), meant))
        .limit(1)
      return row?.user.id
    },
  }
}

const TAKEN = 'Somebody of the tenant has that user name or e-mail address.'

const keptOf = ({ userName, externalId, givenName, familyName }: ScimProfile, updatedAt: string) => ({
  userName: userName.toLowerCase(),
  shownUserName: userName,
  externalId: externalId ?? null,
  givenName: givenName ?? null,
  familyName: familyName ?? null,
  updatedAt,
})

function conditionOf({ attribute, value }: ScimFilter): SQL | undefined {
  const lower = value.toLowerCase()
  const conditions = {
    userName: or(eq(provisionedUsers.userName, lower), and(isNull(provisionedUsers.userId), eq(users.email, lower))),
    externalId: eq(provisionedUsers.externalId, value),
    email: eq(users.email, lower),
    id: eq(users.id, value),
  } satisfies Record<ScimFilter['attribute'], SQL | undefined>
  return conditions[attribute]
}

function toScimUser({ user, kept }: { user: typeof users.$inferSelect; kept: typeof provisionedUsers.$inferSelect | null }): ScimUser {
  const { passwordHash: _, ...account } = user
  return {
    ...withoutNulls(account),
    userName: kept?.shownUserName ?? user.email,
    updatedAt: kept?.updatedAt ?? user.createdAt,
    ...(kept && withoutNulls({ externalId: kept.externalId, givenName: kept.givenName, familyName: kept.familyName })),
  }
}
