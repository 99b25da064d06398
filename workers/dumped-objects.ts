import type { ObjectClass } from './domain/backups'
import type { DumpedObject } from './domain/dumps'
import type { Env } from './env'
import { placed } from './placed'

/** An object by what names it: runs and collections within their tenant, a tenant's own object by its id. */
export interface ObjectName {
  class: ObjectClass
  tenantId: string
  name: string
}

/** A stub that is good for as long as the object does not start anew. */
export function dumpedObject(env: Env, { class: kind, tenantId, name }: ObjectName): DumpedObject {
  if (kind === 'Tenant') return placed(env, env.TENANT, tenantId).getByName(tenantId)
  if (kind === 'Run') return placed(env, env.RUN, tenantId).getByName(`${tenantId}/${name}`)
  return placed(env, env.KNOWLEDGE, tenantId).getByName(`${tenantId}/${name}`)
}
