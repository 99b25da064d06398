import { AppError } from '../../workers/domain/error'
import type { Passkey, PasskeyStore } from '../../workers/domain/passkeys'

/** Passkeys in memory. */
export function createFakePasskeys(): PasskeyStore {
  const rows: Passkey[] = []
  const ofUser = (tenantId: string, userId: string) => rows.filter((row) => row.tenantId === tenantId && row.userId === userId)
  const drop = (chosen: Passkey[]): number => {
    for (const row of chosen) rows.splice(rows.indexOf(row), 1)
    return chosen.length
  }
  return {
    insert: async (passkey) => {
      if (rows.some((row) => row.credentialId === passkey.credentialId))
        throw new AppError('conflict', 'This passkey is in use already; make another one.')
      rows.push({ ...passkey })
    },
    findByCredential: async (credentialId) => copy(rows.find((row) => row.credentialId === credentialId)),
    find: async (tenantId, userId, id) => copy(ofUser(tenantId, userId).find((row) => row.id === id)),
    list: async (tenantId, userId) => ofUser(tenantId, userId).map((row) => ({ ...row })),
    use: async (id, counter, at) => {
      const row = rows.find((each) => each.id === id)
      if (row === undefined || (row.counter >= counter && !(row.counter === 0 && counter === 0))) return false
      Object.assign(row, { counter, lastUsedAt: at })
      return true
    },
    remove: async (tenantId, userId, id) => drop(ofUser(tenantId, userId).filter((row) => row.id === id)) > 0,
    removeAll: async (tenantId, userId) => drop(ofUser(tenantId, userId)),
  }
}

const copy = (row: Passkey | undefined) => row && { ...row }
