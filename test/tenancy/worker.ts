import { Knowledge } from '../../durable-objects/knowledge'
import { Run } from '../../durable-objects/run'
import { Tenant } from '../../durable-objects/tenant'
import type { Env } from '../../workers/env'
import { otherInstallation } from './other-installation'

export { Knowledge, Run, Tenant }

/** The objects of a second installation, for what goes from one into another. */
export class OtherRun extends Run {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, otherInstallation(env))
  }
}
export class OtherKnowledge extends Knowledge {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, otherInstallation(env))
  }
}
export class OtherTenant extends Tenant {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, otherInstallation(env))
  }
}

/** Gathers what the tests of whole tenants need in one script. */
export default { fetch: () => new Response('the tests of tenants have no routes', { status: 404 }) }
