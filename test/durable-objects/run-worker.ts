export { Run } from '../../durable-objects/run'

/** Gathers what the Run tests need in one script. */
export default {
  async fetch(): Promise<Response> {
    return new Response('run tests')
  },
}
