import { unzlibSync } from 'fflate'

/** 8-bit grey rows from the top. */
export interface GreyImage {
  width: number
  height: number
  pixels: Uint8Array
}

const HEADER_BYTES = 8
const CHUNK_OVERHEAD = 12
const EIGHT_BITS = 8
const GREY = 0

/** Decodes the one kind of PNG that the OCR engine writes of its input: 8-bit grey, not interlaced. Undefined for other kinds. */
export function decodeGreyPng(file: Uint8Array): GreyImage | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const width = view.getUint32(16)
  const height = view.getUint32(20)
  if (file[24] !== EIGHT_BITS || file[25] !== GREY || file[28] !== 0) return undefined
  const parts: Uint8Array[] = []
  for (let at = HEADER_BYTES; at + CHUNK_OVERHEAD <= file.length; at += CHUNK_OVERHEAD + view.getUint32(at)) {
    const kind = String.fromCharCode(...file.subarray(at + 4, at + 8))
    if (kind === 'IDAT') parts.push(file.subarray(at + 8, at + 8 + view.getUint32(at)))
  }
  const filtered = unzlibSync(join(parts))
  return { width, height, pixels: unfilter(filtered, width, height) }
}

function join(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** PNG filters of one byte a pixel: none, left, up, average, Paeth (PNG specification, 9.2). */
function unfilter(rows: Uint8Array, width: number, height: number): Uint8Array {
  const pixels = new Uint8Array(width * height)
  for (let y = 0; y < height; y += 1) {
    const filter = rows[y * (width + 1)] ?? 0
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x
      const left = x > 0 ? (pixels[at - 1] ?? 0) : 0
      const up = y > 0 ? (pixels[at - width] ?? 0) : 0
      const corner = x > 0 && y > 0 ? (pixels[at - width - 1] ?? 0) : 0
      pixels[at] = (rows[y * (width + 1) + 1 + x] ?? 0) + predict(filter, left, up, corner)
    }
  }
  return pixels
}

function predict(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  if (filter !== 4) return 0
  const estimate = left + up - corner
  const [toLeft, toUp, toCorner] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)]
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}

/** Twice the width and height, bilinear. */
export function doubleSize({ width, height, pixels }: GreyImage): GreyImage {
  const doubled = new Uint8Array(width * height * 4)
  for (let y = 0; y < height * 2; y += 1) {
    // The centre of a new pixel lies a quarter of an old one beside the old centre: 3 parts of the nearer, 1 of the farther.
    const near = (y >> 1) * width
    const far = Math.min(height - 1, Math.max(0, (y >> 1) + (y % 2 === 0 ? -1 : 1))) * width
    for (let x = 0; x < width * 2; x += 1) {
      const column = x >> 1
      const beside = Math.min(width - 1, Math.max(0, column + (x % 2 === 0 ? -1 : 1)))
      const nearRow = 3 * (pixels[near + column] ?? 0) + (pixels[near + beside] ?? 0)
      const farRow = 3 * (pixels[far + column] ?? 0) + (pixels[far + beside] ?? 0)
      doubled[y * width * 2 + x] = (3 * nearRow + farRow + 8) >> 4
    }
  }
  return { width: width * 2, height: height * 2, pixels: doubled }
}

/** As a binary PGM file. */
export function encodePgm({ width, height, pixels }: GreyImage): Uint8Array {
  const header = new TextEncoder().encode(`P5\n${width} ${height}\n255\n`)
  const file = new Uint8Array(header.length + pixels.length)
  file.set(header)
  file.set(pixels, header.length)
  return file
}
