import { describe, expect, it } from 'vitest'
import { createEmbeddedEncoder } from '../../workers/adapters/embedded-encoder'
import { createEmbeddedOcr } from '../../workers/adapters/embedded-ocr'
import { ok, refuse } from '../../workers/domain/error'

describe('the embedded encoder', () => {
  it('asks in calls of 64 texts and keeps their order', async () => {
    const calls: number[] = []
    const encoder = createEmbeddedEncoder({
      embed: async (texts) => {
        calls.push(texts.length)
        return ok(Float32Array.from(texts.flatMap((text) => Array.from({ length: 512 }, () => Number(text)))))
      },
    })
    const vectors = await encoder.embed(Array.from({ length: 130 }, (_, index) => String(index)))
    expect(calls).toEqual([64, 64, 2])
    expect(vectors.map((vector) => vector[511])).toEqual(Array.from({ length: 130 }, (_, index) => index))
    expect(vectors.every((vector) => vector.length === encoder.dimensions)).toBe(true)
  })

  it('throws what the service refuses', async () => {
    const encoder = createEmbeddedEncoder({ embed: async () => refuse('unavailable', 'Busy.') })
    await expect(encoder.embed(['x'])).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('embedded OCR', () => {
  const sent: Uint8Array[] = []
  const ocr = createEmbeddedOcr({
    recognise: async (file) => {
      sent.push(file)
      return ok({ words: [], confidence: 0 })
    },
  })
  const pixelsOf = (file: Uint8Array | undefined) => Array.from(file?.subarray(-2) ?? [])

  it('sends a raster as a grey image', async () => {
    await ocr.recognise({ width: 2, height: 1, channels: 1, data: Uint8Array.from([7, 200]) })
    expect(new TextDecoder().decode(sent.at(-1)?.subarray(0, 11))).toBe('P5\n2 1\n255\n')
    expect(pixelsOf(sent.at(-1))).toEqual([7, 200])
    await ocr.recognise({ width: 2, height: 1, channels: 3, data: Uint8Array.from([255, 255, 255, 255, 0, 0]) })
    expect(pixelsOf(sent.at(-1))).toEqual([255, 76])
  })

  it('shows white paper through transparent pixels', async () => {
    await ocr.recognise({ width: 2, height: 1, channels: 4, data: Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 255]) })
    expect(pixelsOf(sent.at(-1))).toEqual([255, 0])
  })

  it('passes an encoded image on as it is', async () => {
    const png = Uint8Array.from([0x89, 0x50])
    await ocr.recognise({ width: 0, height: 0, channels: 0, data: png })
    expect(sent.at(-1)).toBe(png)
  })

  it('refuses a raster that does not have the bytes of its size', async () => {
    await expect(ocr.recognise({ width: 2, height: 2, channels: 3, data: new Uint8Array(5) })).rejects.toMatchObject({ code: 'invalid' })
  })
})
