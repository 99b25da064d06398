import { createEmbeddedEncoder, type EncoderService } from '../../workers/adapters/embedded-encoder'
import type { LabelledExample } from '../../workers/domain/classifiers'
import { nameLabel } from '../../workers/skills/classify/learn/classifier'
import { readClassifier, writeClassifier } from '../../workers/skills/classify/learn/codec'
import { trainClassifier } from '../../workers/skills/classify/learn/train'
import { nameTexts } from '../../workers/skills/classify/trained'

let model: Uint8Array | undefined
let classifier: ReturnType<typeof readClassifier> | undefined

/** Trains, loads and asks the product's classifier; each answer is small, so that the time of a request is that of the work. */
export default {
  async fetch(request: Request, env: { MODELS: EncoderService }): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    const encoder = createEmbeddedEncoder(env.MODELS)
    if (pathname === '/nothing') return new Response('0')
    if (pathname === '/train') {
      const examples: LabelledExample[] = await request.json()
      const { classifier: trained, report } = await trainClassifier(examples, searchParams.has('words') ? {} : { encoder })
      model = writeClassifier(trained)
      classifier = readClassifier(model)
      return Response.json({ bytes: model.length, accuracy: report.accuracy })
    }
    if (model === undefined || classifier === undefined) return new Response('Train first.', { status: 409 })
    if (pathname === '/load') {
      classifier = readClassifier(model)
      return new Response(String(model.length))
    }
    const texts: string[] = await request.json()
    // One after the other, as single requests come.
    if (pathname === '/name') for (const text of texts) await nameTexts(classifier, [text], encoder)
    if (pathname === '/name-encoded') {
      const vectors = (await encoder.embed(texts)).map((vector) => Float32Array.from(vector))
      const loaded = classifier
      const rounds = Number(searchParams.get('rounds'))
      for (let round = 0; round < rounds; round += 1)
        for (const [at, text] of texts.entries()) nameLabel(loaded, { text, marks: [] }, loaded.encoder && vectors[at])
    }
    return new Response(String(texts.length))
  },
}
