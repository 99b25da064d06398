import { createTenantModels } from '../../workers/adapters/routed-models'
import type { ModelDesk, ModelSettingsStore, StoredModelSettings } from '../../workers/domain/model-settings'
import type { StoredSecret } from '../../workers/domain/ports'
import { createFakeModelCache } from './model-cache'
import { createFakeEncoder } from './models'

/** models.yaml in memory. */
export function createFakeModelSettings(clock: { now(): Date }): ModelSettingsStore {
  let stored: StoredModelSettings | undefined
  return {
    find: async () => stored,
    async save(source, expected) {
      const revision = stored?.revision ?? 0
      if (expected !== undefined && expected !== revision) return undefined
      stored = { source, revision: revision + 1, updatedAt: clock.now().toISOString() }
      return stored
    },
    remove: async () => {
      stored = undefined
    },
  }
}

/** The real desk over stores in memory; models on loopback may be called. */
export const createFakeModelDesk = ({
  tenantId,
  clock,
  secret,
}: {
  tenantId: string
  clock: { now(): Date }
  secret(name: string): Promise<StoredSecret | undefined>
}): ModelDesk =>
  createTenantModels({
    tenantId,
    clock,
    store: createFakeModelSettings(clock),
    cache: createFakeModelCache(),
    vectors: { find: async () => new Map(), store: async () => undefined },
    encoder: createFakeEncoder(),
    sources: { fetch: (input, init) => fetch(input, init), allowLoopback: true, secret, variable: () => undefined },
  }).desk
