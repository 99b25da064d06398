import { AppError } from '../../workers/domain/error'
import type { Identity, StoredUser } from '../../workers/domain/identity'
import type { ScimFilter, ScimProfile, ScimUser, ScimUsers } from '../../workers/domain/scim'

type Kept = Omit<ScimProfile, 'name' | 'email'> & { updatedAt: string; removedAt?: string }

/** Accounts as a directory sees them, over those of the fake identity, whose rows it changes. */
export function createFakeScimUsers(identity: Identity): ScimUsers {
  const kept = new Map<string, Kept>()
  const key = (tenantId: string, id: string) => `${tenantId}/${id}`
  const all = async (tenantId: string) => (await identity.members.list(tenantId, { limit: 10_000 })).items.toReversed()
  const shown = ({ passwordHash: _, ...user }: StoredUser): ScimUser => {
    const { removedAt: _removed, ...more } = kept.get(key(user.tenantId, user.id)) ?? { userName: user.email, updatedAt: user.createdAt }
    return { ...user, ...more }
  }
  const seen = async (tenantId: string) =>
    (await all(tenantId))
      .filter(({ id }) => kept.get(key(tenantId, id))?.removedAt === undefined)
      .map((user) => shown({ ...user, passwordHash: '' }))
  const requireFree = async (tenantId: string, id: string, { userName, email }: ScimProfile) => {
    const others = (await all(tenantId)).filter((user) => user.id !== id).map((user) => shown({ ...user, passwordHash: '' }))
    const name = userName.toLowerCase()
    if (others.some((other) => other.userName.toLowerCase() === name || other.email === email))
      throw new AppError('conflict', 'Somebody of the tenant has that user name or e-mail address.')
  }
  const keep = (tenantId: string, id: string, { name: _name, email: _email, ...profile }: ScimProfile, updatedAt: string) => {
    const { userName, externalId, givenName, familyName } = profile
    kept.set(key(tenantId, id), {
      userName,
      updatedAt,
      ...(externalId !== undefined && { externalId }),
      ...(givenName !== undefined && { givenName }),
      ...(familyName !== undefined && { familyName }),
    })
  }
  return {
    insert: async (user, profile) => {
      await requireFree(user.tenantId, user.id, profile)
      await identity.members.insert(user)
      keep(user.tenantId, user.id, profile, user.createdAt)
    },
    find: async (tenantId, id) => (await seen(tenantId)).find((user) => user.id === id),
    list: async (tenantId, { startIndex, count, filter }) => {
      const items = (await seen(tenantId)).filter((user) => filter === undefined || matches(user, filter))
      return { total: items.length, items: items.slice(startIndex - 1, startIndex - 1 + count) }
    },
    save: async (tenantId, id, profile, at) => {
      await requireFree(tenantId, id, profile)
      const user = await identity.findUser(tenantId, id)
      if (user !== undefined && user.email !== profile.email) delete user.emailVerifiedAt
      Object.assign(user ?? {}, { name: profile.name, email: profile.email })
      keep(tenantId, id, profile, at)
    },
    remove: async (tenantId, id, at) => {
      const user = await identity.findUser(tenantId, id)
      if (user !== undefined)
        kept.set(key(tenantId, id), { ...(kept.get(key(tenantId, id)) ?? { userName: user.email }), updatedAt: at, removedAt: at })
    },
    findRemoved: async (tenantId, { userName, email }) => {
      const removed = (await all(tenantId)).filter(({ id }) => kept.get(key(tenantId, id))?.removedAt !== undefined)
      const name = userName.toLowerCase()
      return removed.find((user) => user.email === email || kept.get(key(tenantId, user.id))?.userName.toLowerCase() === name)?.id
    },
  }
}

function matches(user: ScimUser, { attribute, value }: ScimFilter): boolean {
  if (attribute === 'externalId' || attribute === 'id') return user[attribute] === value
  return user[attribute].toLowerCase() === value.toLowerCase()
}
