import { AppError } from '../../workers/domain/error'
import type { StoredUser } from '../../workers/domain/identity'
import type { MemberStore } from '../../workers/domain/members'
import { newestFirst } from './newest-first'

/** The people of each tenant in memory, in the rows that are given. */
export function createFakeMembers(
  rows: StoredUser[],
  invited: (tenantId: string, at: string) => Promise<number> = async () => 0,
): MemberStore {
  const find = (tenantId: string, id: string) => rows.find((row) => row.tenantId === tenantId && row.id === id)
  const isAdmin = (row: StoredUser) => row.role === 'admin' && row.disabledAt === undefined
  const isLastAdmin = (row: StoredUser) =>
    isAdmin(row) && !rows.some((other) => other.tenantId === row.tenantId && other !== row && isAdmin(other))
  return {
    insert: async (user) => {
      const email = user.email.toLowerCase()
      if (rows.some((row) => row.tenantId === user.tenantId && row.email === email))
        throw new AppError('conflict', 'There is a user with that address already.')
      rows.push({ ...user, email })
    },
    countSeats: async (tenantId, at) =>
      rows.filter((row) => row.tenantId === tenantId && row.disabledAt === undefined).length + (await invited(tenantId, at)),
    list: async (tenantId, page) => {
      const mine = rows.filter((row) => row.tenantId === tenantId)
      return newestFirst(
        mine.map(({ passwordHash: _, ...user }) => user),
        page,
      )
    },
    setRole: async (tenantId, id, role) => {
      const row = find(tenantId, id)
      if (row === undefined) return 'unknown'
      if (role !== 'admin' && isLastAdmin(row)) return 'last_admin'
      row.role = role
      return 'changed'
    },
    disable: async (tenantId, id, at) => {
      const row = find(tenantId, id)
      if (row === undefined) return 'unknown'
      if (isLastAdmin(row)) return 'last_admin'
      row.disabledAt = at
      return 'changed'
    },
    enable: async (tenantId, id) => {
      const row = find(tenantId, id)
      delete row?.disabledAt
      return row !== undefined
    },
    setPassword: async (tenantId, id, passwordHash) => {
      Object.assign(find(tenantId, id) ?? {}, { passwordHash })
    },
    verifyEmail: async (tenantId, id, at) => {
      const row = find(tenantId, id)
      if (row !== undefined) row.emailVerifiedAt ??= at
    },
  }
}
