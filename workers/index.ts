import { openDoors } from './doors'
import type { Env } from './env'

export { Knowledge } from '../durable-objects/knowledge'
export { Run } from '../durable-objects/run'
export { Tenant } from '../durable-objects/tenant'

/** Script steward: names the doors. */
export default {
  email: async (message, env) => await (await openDoors(env)).receiveMail(message),
  scheduled: async (_controller, env) => await (await openDoors(env)).sweep(),
  fetch: async (request, env, ctx) => await (await openDoors(env)).app.fetch(request, env, ctx),
} satisfies ExportedHandler<Env>
