import { Knowledge } from '../../durable-objects/knowledge'
import { DIMENSIONS, makePassage, makeQuestion, makeVectors } from './corpus'

const ENCODER = { model: 'bench', dimensions: DIMENSIONS }
/** What the embedded encoder is weighed with. */
const RANKING = { vectorWeight: 0.3, leastProduct: 0.24, halfTrustLength: 40 }
const PASSAGES_PER_DOCUMENT = 500
const SCALE_BYTES = 4

/** The product's object, and beside its search the least that any exact search must do. */
export class MeasuredKnowledge extends Knowledge {
  /** Indexes one document of 500 passages; gives how many passages there are. */
  async fill(document: number): Promise<number> {
    const chunks = Array.from({ length: PASSAGES_PER_DOCUMENT }, (_, at) => {
      const text = makePassage(document * PASSAGES_PER_DOCUMENT + at)
      return { id: `c${document}-${at}`, text, context: '', span: { page: 1, start: 0, end: text.length, quote: text } }
    })
    const result = await this.index({
      tenantId: 'ten_bench',
      document: { documentId: `d${document}`, name: 'bench', metadata: {}, chunks },
      encoder: ENCODER,
      vectors: makeVectors(document, chunks.length),
    })
    if (!result.ok) throw new Error(result.error.message)
    return (document + 1) * PASSAGES_PER_DOCUMENT
  }

  /** One search as the product does it; gives how many hits it had. */
  async ask(number: number): Promise<number> {
    const result = await this.search({
      tenantId: 'ten_bench',
      texts: [makeQuestion(number)],
      limit: 10,
      encoder: ENCODER,
      vectors: [makeVectors(1_000_000 + number, 1)],
      ranking: RANKING,
      deadlineMs: 5_000,
    })
    if (!result.ok) throw new Error(result.error.message)
    return result.value.hits.length
  }

  /** The inner product of a vector with all vectors of the collection, from the same bytes held in memory, and nothing else. */
  scan(number: number): number {
    const query = makeVectors(1_000_000 + number, 1)
    const values = this.#all()
    let best = Number.NEGATIVE_INFINITY
    for (let at = 0; at < values.length; ) {
      let sum = 0
      for (let column = 0; column < DIMENSIONS; column += 1, at += 1) sum += (query[column] as number) * (values[at] as number)
      if (sum > best) best = sum
    }
    return best
  }

  /** A call that does nothing: what the way to the object costs. */
  nothing(): number {
    return 0
  }

  #values: Int8Array | undefined

  #all(): Int8Array {
    if (this.#values !== undefined) return this.#values
    const { sql } = this.ctx.storage
    const { count } = sql.exec<{ count: number }>('SELECT count(*) AS count FROM chunk_vectors').one()
    this.#values = new Int8Array(count * DIMENSIONS)
    let at = 0
    for (const { vector } of sql.exec<{ vector: ArrayBuffer }>('SELECT vector FROM chunk_vectors')) {
      this.#values.set(new Int8Array(vector, SCALE_BYTES), at)
      at += DIMENSIONS
    }
    return this.#values
  }
}

interface Env {
  KNOWLEDGE: DurableObjectNamespace<MeasuredKnowledge>
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const url = new URL(request.url)
    const object = env.KNOWLEDGE.getByName('bench')
    const number = Number(url.searchParams.get('n'))
    const work = { '/fill': () => object.fill(number), '/ask': () => object.ask(number), '/scan': () => object.scan(number) }[url.pathname]
    return Response.json(await (work?.() ?? object.nothing()))
  },
}
