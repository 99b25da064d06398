import { createD1NamedErasure, createD1RowErasure } from './adapters/d1-tenant-erasures'
import { createR2FileErasure } from './adapters/r2-tenant-erasure'
import { shredTenantKeys } from './adapters/sealed-tenants'
import { unwrap } from './domain/error'
import type { ErasurePart } from './domain/tenant-life-erasure'
import { type Env, keyRoomOf } from './env'
import { databaseOf, filesOf, placed } from './placed'

/** Objects destroyed at once, each with a request. */
const OBJECTS_PER_CALL = 20

/**
 * All that a tenant has, in the order in which it is erased: the keys first, so that what they sealed opens nowhere any more; then the
 * objects, which could still write; then files and rows. The names of objects stand in rows, which go with them.
 */
export const erasureParts = (env: Env): ErasurePart[] => [
  { erase: async (tenantId) => ({ erased: { keys: await shredTenantKeys(keyRoomOf(env), tenantId) }, isMore: false }) },
  createD1NamedErasure((tenantId) => databaseOf(env, tenantId), {
    ...{ name: 'runs', table: 'runs', perCall: OBJECTS_PER_CALL },
    destroy: async (tenantId, runId) => {
      unwrap(await placed(env, env.RUN, tenantId).getByName(`${tenantId}/${runId}`).purge())
      return true
    },
  }),
  createD1NamedErasure((tenantId) => databaseOf(env, tenantId), {
    ...{ name: 'collections', table: 'collections', perCall: OBJECTS_PER_CALL },
    destroy: async (tenantId, collection) =>
      !unwrap(await placed(env, env.KNOWLEDGE, tenantId).getByName(`${tenantId}/${collection}`).purge()).isMore,
  }),
  {
    erase: async (tenantId) => {
      unwrap(await placed(env, env.TENANT, tenantId).getByName(tenantId).purge())
      return { erased: { 'tenant object': 1 }, isMore: false }
    },
  },
  createR2FileErasure((tenantId) => filesOf(env, tenantId)),
  ...createD1RowErasure((tenantId) => [...new Set([env.DB, databaseOf(env, tenantId)])]),
]
