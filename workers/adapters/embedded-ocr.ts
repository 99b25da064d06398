import { AppError, type Result, unwrap } from '../domain/error'
import type { Ocr, OcrWord, RasterImage } from '../domain/models'

/** What this adapter calls of script steward-models: one PNG, JPEG or binary PGM file in, its words out. */
export interface OcrService {
  recognise(file: Uint8Array): Promise<Result<{ words: OcrWord[]; confidence: number }>>
}

/** Port Ocr over the service binding to steward-models. Reads English; boxes are in pixels of the image that was given. */
export function createEmbeddedOcr(service: OcrService): Ocr {
  return {
    async recognise(image) {
      return unwrap(await service.recognise(image.channels === 0 ? image.data : toPgm(image)))
    },
  }
}

/** Grey is all that recognition uses, and a third of the memory of colour on both sides and on the way. */
function toPgm({ width, height, channels, data }: RasterImage): Uint8Array {
  const pixels = width * height
  if (data.length !== pixels * channels) {
    throw new AppError(
      'invalid',
      `A raster of ${width} × ${height} pixels in ${channels} channels has ${pixels * channels} bytes, but ${data.length} were given.`,
    )
  }
  const header = new TextEncoder().encode(`P5\n${width} ${height}\n255\n`)
  const file = new Uint8Array(header.length + pixels)
  file.set(header)
  const grey = file.subarray(header.length)
  if (channels === 1) grey.set(data)
  else for (let pixel = 0, at = 0; pixel < pixels; pixel += 1, at += channels) grey[pixel] = greyOf(data, at, channels === 4)
  return file
}

/** ITU-R BT.601 luma; a transparent pixel shows white paper. */
function greyOf(data: Uint8Array, at: number, hasAlpha: boolean): number {
  const luma = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0)
  if (!hasAlpha) return Math.round(luma)
  const alpha = (data[at + 3] ?? 0) / 255
  return Math.round(luma * alpha + 255 * (1 - alpha))
}
