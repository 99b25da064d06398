import type { CustomRole, RoleStore } from '../../workers/domain/roles'

/** Roles of tenants in memory. */
export function createFakeRoles(isHeld: (tenantId: string, role: string, at: string) => boolean): RoleStore {
  const rows = new Map<string, CustomRole>()
  const key = (tenantId: string, name: string) => `${tenantId}/${name}`
  return {
    put: async (role) => {
      const before = rows.get(key(role.tenantId, role.name))
      rows.set(key(role.tenantId, role.name), { ...role, createdAt: before?.createdAt ?? role.createdAt })
    },
    find: async (tenantId, name) => rows.get(key(tenantId, name)),
    list: async (tenantId) => [...rows.values()].filter((row) => row.tenantId === tenantId).sort((a, b) => (a.name < b.name ? -1 : 1)),
    delete: async (tenantId, name, at) => {
      if (!rows.has(key(tenantId, name))) return 'unknown'
      if (isHeld(tenantId, name, at)) return 'in_use'
      rows.delete(key(tenantId, name))
      return 'deleted'
    },
  }
}
