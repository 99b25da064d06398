import type { CheckpointClaim } from '../../workers/domain/audit'
import { ok, type Result } from '../../workers/domain/error'
import type { StartRequest } from '../../workers/domain/run-control'
import type { RunSummary, RunView } from '../../workers/domain/runs'
import type { UsageRow } from '../../workers/domain/usage'
import { fakeAuditKey } from './audit'

export interface Env {
  TENANT: DurableObjectNamespace
  RUN: typeof RUN
}

/** What stands behind the tenant object in its tests, open to them: one isolate runs both. */
export const world = {
  started: [] as StartRequest[],
  woken: [] as string[],
  projected: new Map<string, RunSummary>(),
  batches: 0,
  usage: new Map<string, UsageRow>(),
  failStarts: 0,
  failUsage: 0,
  failSigning: 0,
  status: 'running' as RunView['status'],
}

const viewOf = (request: StartRequest): RunView => ({
  id: request.runId,
  workflow: request.workflow.name,
  workflowVersion: request.workflow.version,
  status: world.status,
  trigger: request.trigger,
  input: request.input,
  createdAt: '',
  updatedAt: '',
  costMicroUsd: 0,
  lastSeq: 1,
  approvals: [],
  waits: [],
  effects: [],
})

const RUN = {
  getByName: (name: string) => ({
    start: async (request: StartRequest): Promise<Result<RunView>> => {
      if (world.failStarts > 0) {
        world.failStarts -= 1
        throw new Error('the run object is being moved')
      }
      world.started.push(request)
      return ok(viewOf(request))
    },
    get: async (): Promise<Result<RunView>> => {
      const request = world.started.find(({ tenantId, runId }) => `${tenantId}/${runId}` === name)
      return request === undefined ? { ok: false, error: { code: 'not_found', message: 'none' } } : ok(viewOf(request))
    },
    continue: async (): Promise<Result<null>> => {
      world.woken.push(name)
      return ok(null)
    },
  }),
}

/** The tenant object takes its namespace of runs from the bindings; here they are these. */
export const withRuns = <E extends object>(env: E): E & { RUN: typeof RUN } => ({ ...env, RUN })

export function createTenantStores(_env: Env, _tenantId: string) {
  return {
    runIndex: {
      upsert: async (rows: RunSummary[]) => {
        world.batches += 1
        await new Promise((resolve) => setTimeout(resolve, 5))
        for (const row of rows)
          if ((world.projected.get(row.id)?.revision ?? Number.NEGATIVE_INFINITY) < row.revision) world.projected.set(row.id, row)
      },
    },
    usage: {
      insert: async (rows: UsageRow[]) => {
        if (world.failUsage > 0) {
          world.failUsage -= 1
          throw new Error('D1 is away')
        }
        for (const row of rows) if (!world.usage.has(row.callId)) world.usage.set(row.callId, row)
      },
    },
  }
}

/** Signs with a key of this isolate. */
export const createAuditSigner = (_env: Env) => ({
  sign: async (claim: object) => {
    if (world.failSigning > 0) {
      world.failSigning -= 1
      throw new Error('the keys are away')
    }
    return await (await fakeAuditKey()).sign(claim as CheckpointClaim)
  },
  publicKeys: async () => [(await fakeAuditKey()).publicJwk],
})

/** The tests' namespaces lie in one place. */
export const placed = <Namespace>(_env: object, namespace: Namespace, _tenantId: string): Namespace => namespace
