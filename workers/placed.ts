import { AppError } from './domain/error'
import { type Placeable, type Placement, placedObjects, placementOf, type Residency, residencyOf } from './domain/placement'
import type { AgentsEnv } from './env'

/** The objects of a tenant in the namespace of a class, where its residency wants them. */
export const placed = <Stub>(env: Pick<AgentsEnv, 'PLACEMENT'>, namespace: Placeable<Stub>, tenantId: string) =>
  isSimulated(env) ? namespace : placedObjects(namespace, tenantId)

/** The bucket of a tenant. Throws where its residency has none: files never go where they may not lie. */
export function filesOf(env: Buckets, tenantId: string): R2Bucket {
  const { files } = placementOf(residencyOf(tenantId))
  const bucket = isSimulated(env) ? env.FILES : env[files]
  if (bucket === undefined) throw new AppError('unavailable', `This installation has no bucket ${files} for files of this tenant.`)
  return bucket
}

/**
 * The D1 with the content of a tenant, as against the directory, which is `DB` for all. Throws where its residency has none: rows never go
 * where they may not lie. A residency that `D1_RESIDENCY` names has its rows in `DB`, whatever is bound beside it: they would be lost to
 * their tenants if binding a shard moved them.
 */
export function databaseOf(env: Databases, tenantId: string): D1Database {
  const residency = residencyOf(tenantId)
  const shard = shardOf(env, residency)
  if (shard === undefined)
    throw new AppError('unavailable', `This installation has no D1 ${placementOf(residency).database} for rows of this tenant.`)
  return shard
}

function shardOf(env: Databases, residency: Residency): D1Database | undefined {
  if (residency === 'none' || (env.D1_RESIDENCY ?? '').split(/[\s,]+/).includes(residency)) return env.DB
  return env[placementOf(residency).database] ?? (isSimulated(env) ? env.DB : undefined)
}

/** The bindings of the shards, the directory first. */
export const DATABASES = ['DB', 'DB_EU', 'DB_US', 'DB_APAC', 'DB_FEDRAMP'] as const satisfies readonly Placement['database'][]

/** Every D1 that is bound, the directory first: for what goes over all tenants. */
export const shardsOf = (env: Databases): D1Database[] => DATABASES.flatMap((name) => env[name] ?? [])

/** What `read` gives of every shard, in one list. `share` of a limit is one shard's, so that a full one leaves room for the others. */
export async function inShards<T>(env: Databases, limit: number, read: (shard: D1Database, share: number) => Promise<T[]>): Promise<T[]> {
  const shards = shardsOf(env)
  return (await Promise.all(shards.map((shard) => read(shard, Math.ceil(limit / shards.length))))).flat()
}

/** The sum of what `count` gives of every shard. */
export const sumOfShards = async (env: Databases, count: (shard: D1Database) => Promise<number>): Promise<number> =>
  (await Promise.all(shardsOf(env).map(count))).reduce((sum, each) => sum + each, 0)

/** Whether this installation can keep what a tenant of the residency stores. */
export const canPlace = (env: Buckets & Databases, residency: Residency): boolean =>
  (isSimulated(env) || env[placementOf(residency).files] !== undefined) && shardOf(env, residency) !== undefined

export type Buckets = Pick<AgentsEnv, Placement['files'] | 'PLACEMENT'>
export type Databases = Pick<AgentsEnv, Placement['database'] | 'D1_RESIDENCY' | 'PLACEMENT'>

const isSimulated = ({ PLACEMENT }: Pick<AgentsEnv, 'PLACEMENT'>): boolean => PLACEMENT === 'simulated'
