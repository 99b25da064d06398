import type { Env } from './env'
import { handleEmail, handleFetch, handleScheduled } from './doors'

export { Knowledge } from '../durable-objects/knowledge'
export { Run } from '../durable-objects/run'

/** Script steward: names the doors. */
export default {
  fetch: handleFetch,
  email: handleEmail,
  scheduled: handleScheduled,
} satisfies ExportedHandler<Env>
