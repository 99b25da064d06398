import { AppError } from './domain/error'
import { type Placeable, type Placement, placedObjects, placementOf, type Residency, residencyOf } from './domain/placement'
import type { AgentsEnv } from './env'

/** The objects of a tenant in the namespace of a class, where its residency wants them. */
export const placed = <Stub>(env: Pick<AgentsEnv, 'PLACEMENT'>, namespace: Placeable<Stub>, tenantId: string) =>
  isSimulated(env) ? namespace : placedObjects(namespace, tenantId)

/** The bucket of a tenant. Throws where its residency has none: files never go where they may not lie. */
export function filesOf(env: Omit<Buckets, 'D1_RESIDENCY'>, tenantId: string): R2Bucket {
  const { files } = placementOf(residencyOf(tenantId))
  const bucket = isSimulated(env) ? env.FILES : env[files]
  if (bucket === undefined) throw new AppError('unavailable', `This installation has no bucket ${files} for files of this tenant.`)
  return bucket
}

/** Whether this installation can keep what a tenant of the residency stores. */
export function canPlace(env: Buckets, residency: Residency): boolean {
  if (residency === 'none' || isSimulated(env)) return true
  return env[placementOf(residency).files] !== undefined && (env.D1_RESIDENCY ?? '').split(/[\s,]+/).includes(residency)
}
type Buckets = Pick<AgentsEnv, Placement['files'] | 'D1_RESIDENCY' | 'PLACEMENT'>

const isSimulated = ({ PLACEMENT }: Pick<AgentsEnv, 'PLACEMENT'>): boolean => PLACEMENT === 'simulated'
