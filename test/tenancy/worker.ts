export { Knowledge } from '../../durable-objects/knowledge'
export { Run } from '../../durable-objects/run'
export { Tenant } from '../../durable-objects/tenant'

/** Gathers what the tests of whole tenants need in one script. */
export default { fetch: () => new Response('the tests of tenants have no routes', { status: 404 }) }
