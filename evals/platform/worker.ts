import { type Call, decode, encode } from './wire'

export { Knowledge } from '../../durable-objects/knowledge'

type Methods = Record<string, (...parameters: unknown[]) => unknown>
interface Env {
  MODELS: Methods
  KNOWLEDGE: { getByName(name: string): Methods }
}

/** One call a request: the encoder, OCR, or a Knowledge object. */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { target, method, parameters } = decode(await request.text()) as Call
    const stub = target === 'models' ? env.MODELS : env.KNOWLEDGE.getByName(target)
    return new Response(encode(await stub[method]?.(...parameters)))
  },
}
