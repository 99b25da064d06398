import type { Secrets } from '../../workers/domain/ports'

/** Secrets in memory. */
export function createFakeSecrets(): Secrets {
  const values = new Map<string, string>()
  return {
    put: async (name, value) => void values.set(name, value),
    get: async (name) => values.get(name),
  }
}
