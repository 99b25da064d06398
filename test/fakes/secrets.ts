import type { Secrets, StoredSecret } from '../../workers/domain/ports'

/** Secrets in memory. */
export function createFakeSecrets(): Secrets {
  const values = new Map<string, StoredSecret>()
  return {
    put: async (name, value, hosts = values.get(name)?.hosts) => void values.set(name, { value, ...(hosts !== undefined && { hosts }) }),
    get: async (name) => values.get(name)?.value,
    find: async (name) => values.get(name),
    list: async () =>
      [...values].map(([name, { hosts }]) => ({ name, ...(hosts !== undefined && { hosts }) })).sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}
