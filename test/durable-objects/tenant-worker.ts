import { Tenant as Real } from '../../durable-objects/tenant'
import { type Env, withRuns } from '../fakes/tenant-env'

/** The tenant object with the runs of its tests in place of the binding. */
export class Tenant extends Real {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, withRuns(env) as never)
  }
}

/** Gathers what the Tenant tests need in one script. */
export default {
  async fetch(): Promise<Response> {
    return new Response('tenant tests')
  },
}
