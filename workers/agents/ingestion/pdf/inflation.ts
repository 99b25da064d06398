import { inflateSync } from 'fflate'
import type { AppError } from '../../../domain/error'
import { jpegSize } from '../image'
import { MAX_PDF_IMAGE_PIXELS, MAX_PDF_STREAM_BYTES, MAX_PDF_STREAMS_BYTES } from '../limits'
import { refuse } from '../refusals'
import { deflatedSize } from './deflated-size'
import { DECODERS } from './filters'
import { type PdfStream, streamsOf } from './streams'

/** Pictures of four components, rounded up for the padding of rows. */
const COMPONENTS = 4

/**
 * Refuses a PDF whose streams unpack to more than the reader can hold, as `zip_bomb`, before the reader sees it: the reader unpacks
 * a stream as a whole. Compressed text is measured without being unpacked. Gives the number of pictures that are too large to be decoded.
 * Streams of a file that is encrypted cannot be measured.
 */
export function refuseInflation(bytes: Uint8Array, name: string): { hugeImages: number } {
  let total = 0
  let hugeImages = 0
  for (const stream of streamsOf(bytes)) {
    const pixels = pixelsOf(bytes, stream)
    if (pixels > MAX_PDF_IMAGE_PIXELS) hugeImages++
    const size = unpackedSize(bytes, stream, MAX_PDF_STREAM_BYTES)
    if (size <= MAX_PDF_STREAM_BYTES && stream.image === undefined) total += size
    if (isBomb(bytes, stream, size) || total > MAX_PDF_STREAMS_BYTES) throw bomb(name)
  }
  return { hugeImages }
}

const bomb = (name: string): AppError =>
  refuse('zip_bomb', `"${name}" would unpack to far more than its size; print it to a new PDF, or split it, and send that.`)

/** A picture may be as large as it says, up to the largest that is decoded: anything else is held to the bound of all streams. */
function isBomb(bytes: Uint8Array, stream: PdfStream, size: number): boolean {
  if (size <= MAX_PDF_STREAM_BYTES) return false
  const { image } = stream
  if (image === undefined) return true
  const pixels = image.width * image.height
  const allowed = Math.min(pixels, MAX_PDF_IMAGE_PIXELS) * COMPONENTS * Math.max(1, image.bits / 8)
  return unpackedSize(bytes, stream, allowed) > allowed
}

function pixelsOf(bytes: Uint8Array, { start, filters, image }: PdfStream): number {
  if (image === undefined) return 0
  // What counts for a JPEG is what its own header says.
  const own = filters.length === 1 && (filters[0] === 'DCTDecode' || filters[0] === 'DCT') ? jpegSize(bytes.subarray(start)) : undefined
  return Math.max(image.width * image.height, own ? own.width * own.height : 0)
}

const isFlate = (filter: string): boolean => filter === 'FlateDecode' || filter === 'Fl'

/** A zlib header: the method is deflate and its two bytes are a multiple of 31. */
const opensZlib = (bytes: Uint8Array, at: number): boolean =>
  ((bytes[at] ?? 0) & 0x0f) === 8 && (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)) % 31 === 0

/** The largest size that a stream has on its way through its filters, counted to just past `limit`. */
function unpackedSize(bytes: Uint8Array, { start, filters }: PdfStream, limit: number): number {
  // Filters can stand in an object of their own; deflated bytes are told by their first ones.
  let rest = filters.length === 0 && opensZlib(bytes, start) ? ['FlateDecode'] : filters
  let current = { bytes, start }
  let largest = 0
  while (rest.length > 0 && largest <= limit) {
    const [filter = '', ...others] = rest
    const decode = DECODERS[filter]
    if (isFlate(filter)) largest = Math.max(largest, deflatedSize(current.bytes, current.start + 2, limit))
    else if (decode === undefined) return largest
    if (largest > limit || (isFlate(filter) && others.length === 0)) return largest
    const unpacked = decode ? decode(current.bytes, current.start, limit + 1) : inflated(current.bytes, current.start + 2, largest)
    largest = Math.max(largest, unpacked.length)
    current = { bytes: unpacked, start: 0 }
    rest = others
  }
  return largest
}

/** Only for streams with filters below their deflation, which hardly any writer makes. Broken data ends where it breaks. */
function inflated(bytes: Uint8Array, start: number, size: number): Uint8Array {
  const out = new Uint8Array(size)
  try {
    return inflateSync(bytes.subarray(start), { out })
  } catch {
    return out
  }
}
