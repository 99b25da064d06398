/** Where what a tenant stores may lie. Chosen when it is made and part of its id, so that every script knows it without asking. */
export const RESIDENCIES = ['none', 'eu', 'us', 'apac', 'fedramp'] as const
export type Residency = (typeof RESIDENCIES)[number]

export interface Placement {
  /** Of Durable Objects: a guarantee of the platform. */
  jurisdiction?: 'eu' | 'fedramp'
  /** Of Durable Objects: near there when they are made, which is no guarantee. */
  locationHint?: 'enam' | 'apac'
  /** Name of the R2 binding. */
  files: 'FILES' | 'FILES_EU' | 'FILES_US' | 'FILES_APAC' | 'FILES_FEDRAMP'
  /** Name of the D1 shard. */
  database: 'DB' | 'DB_EU' | 'DB_US' | 'DB_APAC' | 'DB_FEDRAMP'
}

const PLACEMENTS = {
  none: { files: 'FILES', database: 'DB' },
  eu: { jurisdiction: 'eu', files: 'FILES_EU', database: 'DB_EU' },
  us: { locationHint: 'enam', files: 'FILES_US', database: 'DB_US' },
  apac: { locationHint: 'apac', files: 'FILES_APAC', database: 'DB_APAC' },
  fedramp: { jurisdiction: 'fedramp', files: 'FILES_FEDRAMP', database: 'DB_FEDRAMP' },
} as const satisfies Record<Residency, Placement>

export const placementOf = (residency: Residency): Placement => PLACEMENTS[residency]

/** The id of a new tenant with its residency in it: `ten_…` for none, `ten_eu_…`. */
export const placedTenantId = (id: string, residency: Residency): string => (residency === 'none' ? id : id.replace('_', `_${residency}_`))

/** A name that is no residency is no tenant's, so nothing is placed by it. */
export function residencyOf(tenantId: string): Residency {
  const named = /^ten_([a-z]+)_[0-9a-f]{32}$/.exec(tenantId)?.[1]
  return RESIDENCIES.find((residency) => residency === named) ?? 'none'
}

/** What is used of the namespace of a class of Durable Objects. */
export interface Placeable<Stub> {
  getByName(name: string, options?: { locationHint?: 'enam' | 'apac' }): Stub
  /** Absent in fakes and in local simulators that know no jurisdictions. */
  jurisdiction?(jurisdiction: 'eu' | 'fedramp'): Placeable<Stub>
}

/**
 * The objects of a tenant in the namespace of a class, where its residency wants them. The one way to them: another jurisdiction has other
 * objects under the same names. Throws where a jurisdiction is wanted that the namespace does not know.
 */
export function placedObjects<Stub>(namespace: Placeable<Stub>, tenantId: string): { getByName(name: string): Stub } {
  const { jurisdiction, locationHint } = placementOf(residencyOf(tenantId))
  if (jurisdiction === undefined) {
    if (locationHint === undefined) return namespace
    return { getByName: (name) => namespace.getByName(name, { locationHint }) }
  }
  if (namespace.jurisdiction === undefined) throw new Error(`The platform knows no jurisdiction '${jurisdiction}' for objects.`)
  return namespace.jurisdiction(jurisdiction)
}
