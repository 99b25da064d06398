import { WorkerEntrypoint } from 'cloudflare:workers'
import { AppError, ok, type Result, toRefusal } from '../domain/error'
import type { OcrWord } from '../domain/models'
import { createModelSlot } from './model-slot'

/** More texts belong into another call: one call stays well under a second of CPU time and 32 MiB of RPC message. */
const MAX_TEXTS_PER_CALL = 256

const slot = createModelSlot({ now: Date.now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) })

/** Script steward-models: the embedded sentence encoder and OCR, called by RPC. One page at a time in an isolate. */
export default class Models extends WorkerEntrypoint {
  /** Unit-length vectors of 512 numbers, one after the other in one array, in the order of the texts. At most 256 texts. */
  embed(texts: string[]): Promise<Result<Float32Array>> {
    return answer(async () => {
      if (texts.length > MAX_TEXTS_PER_CALL) {
        throw new AppError(
          'too_large',
          `One call embeds at most ${MAX_TEXTS_PER_CALL} texts and got ${texts.length}: split them over several calls.`,
        )
      }
      if (texts.length === 0) return new Float32Array(0)
      const { embedTexts } = await import('./encoder')
      return await embedTexts(texts)
    })
  }

  /** Words of one page image, a PNG, JPEG or binary PGM file of at most 16 megapixels. */
  recognise(file: Uint8Array): Promise<Result<{ words: OcrWord[]; confidence: number }>> {
    return answer(async () => {
      const { checkImage, ocrEngine, recognisePage } = await import('./ocr')
      checkImage(file)
      return await slot.use(ocrEngine, (engine) => recognisePage(engine, file))
    })
  }

  /** Health of the script itself; no model is loaded for it. */
  override fetch(): Response {
    return Response.json({ status: 'ok', script: 'steward-models' })
  }
}

/** A thrown refusal as a value, because its class is lost on the way to the caller. Unexpected errors stay visible in the log. */
async function answer<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work())
  } catch (error) {
    if (!(error instanceof AppError)) console.error('steward-models failed', error)
    return { ok: false, error: toRefusal(error) }
  }
}
