export { Knowledge } from '../../durable-objects/knowledge'

/** Gathers what the Knowledge tests need in one script. */
export default {
  async fetch(): Promise<Response> {
    return new Response('knowledge tests')
  },
}
