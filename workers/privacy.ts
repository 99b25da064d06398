import { createD1RunCounts } from './adapters/d1-analytics'
import { createD1SubjectRequests, listOldExports, listOpenSubjectRequests, MAX_OPEN_REQUESTS } from './adapters/d1-data-subjects'
import { createD1SubjectRecords } from './adapters/d1-data-subjects-records'
import { createD1LegalHolds } from './adapters/d1-legal-holds'
import { createD1Retention, listErasedTenantIds, listTenantIds } from './adapters/d1-retention'
import { createD1RunPurge } from './adapters/d1-run-purge'
import type { Shards } from './adapters/d1-shards'
import { createObjectRuns } from './adapters/object-runs'
import { createR2Files } from './adapters/r2-files'
import { createR2Prefixes } from './adapters/r2-prefixes'
import { createSealedFields } from './adapters/sealed-fields'
import { createSealedFiles } from './adapters/sealed-files'
import { createTenantVault } from './adapters/tenant-vault'
import { newId } from './adapters/uuid-ids'
import type { Audit } from './domain/audit'
import { EXPORT_KEPT_MS } from './domain/data-subjects'
import type { Placeable } from './domain/placement'
import type { Privacy } from './domain/privacy'
import { retain } from './domain/retention'
import type { RunObject } from './domain/run-control'
import type { DoorPorts } from './domain/stores'
import { expireExport, type SubjectPorts, workSubject } from './domain/subject-work'
import { type Env, keyRoomOf } from './env'
import { type Buckets, type Databases, databaseOf, filesOf, inShards, placed } from './placed'

/** What retention and requests of data subjects stand on. */
export interface PrivacyDeps {
  env: Buckets &
    Databases &
    Pick<Env, 'STEWARD_MASTER_KEY'> & { RUN: Placeable<RunObject & { fetch(request: Request): Promise<Response> }> }
  portsFor(tenantId: string): DoorPorts
  audit(tenantId: string): Pick<Audit, 'record'>
  clock: { now(): Date }
}

/** A request works so long after the answer; the sweep goes on with what is left. */
const WORK_MS = 20_000
/** A request that moved within this time has somebody who works on it. */
const LEFT_MS = 60_000
/** Tenants that one sweep looks at; the next goes on behind them. */
const TENANTS = 20

/** What the doors of one tenant use. */
export function createPrivacy(deps: PrivacyDeps, tenantId: string): Privacy {
  const shards = shardsFor(deps, tenantId)
  const ports = subjectPorts(deps, tenantId)
  return {
    retention: createD1Retention(shards, tenantId),
    holds: createD1LegalHolds(shards.content, tenantId),
    requests: ports.requests,
    sealedFields: ports.sealedFields,
    exports: exportsOf(deps, tenantId),
    prefixes: ports.prefixes,
    work: async (id) => await workSubject(ports, id, deps.clock.now().getTime() + WORK_MS),
    countRuns: createD1RunCounts(shards.content, tenantId),
  }
}

const shardsFor = ({ env }: PrivacyDeps, tenantId: string): Shards => ({ directory: env.DB, content: databaseOf(env, tenantId) })

function subjectPorts(deps: PrivacyDeps, tenantId: string): SubjectPorts {
  const { env, clock } = deps
  const ports = deps.portsFor(tenantId)
  const shards = shardsFor(deps, tenantId)
  return {
    tenantId,
    documents: ports.documents,
    files: ports.files,
    exports: exportsOf(deps, tenantId),
    prefixes: createR2Prefixes(filesOf(env, tenantId), tenantId),
    collections: ports.collections,
    runIndex: ports.runIndex,
    runs: createObjectRuns(placed(env, env.RUN, tenantId), tenantId),
    reports: ports.reports,
    sealedFields: createSealedFields(createTenantVault({ ...keyRoomOf(env), tenantId })),
    requests: createD1SubjectRequests(shards.content, tenantId),
    deletion: { ...ports, clock },
    purgeRun: runPurgeOf(deps, tenantId),
    ...createD1SubjectRecords(shards, tenantId),
    audit: deps.audit(tenantId),
    clock,
  }
}

const exportsOf = ({ env }: PrivacyDeps, tenantId: string) =>
  createSealedFiles({
    files: createR2Files(filesOf(env, tenantId), tenantId),
    vault: createTenantVault({ ...keyRoomOf(env), tenantId }),
    seals: true,
  })

const runPurgeOf = ({ env }: PrivacyDeps, tenantId: string) =>
  createD1RunPurge({
    binding: databaseOf(env, tenantId),
    tenantId,
    namespace: placed(env, env.RUN, tenantId),
    prefixes: createR2Prefixes(filesOf(env, tenantId), tenantId),
    holds: createD1LegalHolds(databaseOf(env, tenantId), tenantId),
  })

/** Behind which tenant the next sweep of this isolate begins; a new isolate begins with the first. */
let lastTenant = ''

/** The part of the platform's upkeep that removes what is due, and goes on with requests of data subjects that were left. */
export async function tendPrivacy(deps: PrivacyDeps): Promise<Record<string, number>> {
  const counts = { removed: 0, failed: 0, requests: 0, exports: 0 }
  const now = deps.clock.now()
  const { env } = deps
  const at = now.toISOString()
  const left = new Date(now.getTime() - LEFT_MS).toISOString()
  const erased = await listErasedTenantIds(env.DB, at)
  const open = await inShards(env, MAX_OPEN_REQUESTS, (shard, limit) =>
    listOpenSubjectRequests(shard, { unchangedSince: left, erased, limit }),
  )
  for (const { tenantId, id } of open) {
    await workSubject(subjectPorts(deps, tenantId), id, now.getTime() + WORK_MS)
    counts.requests += 1
  }
  const tenants = await listTenantIds(env.DB, { after: lastTenant, limit: TENANTS, at })
  for (const tenantId of tenants) {
    const removed = await retain({
      retention: createD1Retention(shardsFor(deps, tenantId), tenantId),
      deletion: { ...deps.portsFor(tenantId), clock: deps.clock },
      purgeRun: runPurgeOf(deps, tenantId),
      audit: deps.audit(tenantId),
      newId,
      now,
    })
    counts.removed += removed.documents + removed.runs + Object.values(removed.events).reduce((sum, each) => sum + each, 0)
    counts.failed += removed.failed
    const before = new Date(now.getTime() - EXPORT_KEPT_MS).toISOString()
    const prefixes = createR2Prefixes(filesOf(deps.env, tenantId), tenantId)
    for (const old of await listOldExports(databaseOf(env, tenantId), tenantId, before))
      counts.exports += await expireExport({ prefixes }, old, now)
  }
  lastTenant = tenants.length < TENANTS ? '' : (tenants.at(-1) ?? '')
  return counts
}
