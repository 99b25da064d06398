export interface ImageSize {
  format: 'png' | 'jpeg' | 'pgm'
  width: number
  height: number
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** Start-of-frame markers carry the size; C4, C8 and CC lie in their range but mean something else. */
const isFrameMarker = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
const MAX_PGM_HEADER = 64

/**
 * Size of a PNG, JPEG or binary PGM by its header alone, so that an image bomb is refused before anything is decoded.
 * Undefined for everything else and for a header that is cut off.
 */
export function readImageSize(bytes: Uint8Array): ImageSize | undefined {
  const size = readPng(bytes) ?? readJpeg(bytes) ?? readPgm(bytes)
  return size && size.width > 0 && size.height > 0 ? size : undefined
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function readPng(bytes: Uint8Array): ImageSize | undefined {
  if (bytes.length < 24 || PNG_SIGNATURE.some((byte, index) => bytes[index] !== byte)) return undefined
  const view = viewOf(bytes)
  return { format: 'png', width: view.getUint32(16), height: view.getUint32(20) }
}

function readJpeg(bytes: Uint8Array): ImageSize | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined
  const view = viewOf(bytes)
  let offset = 2
  while (offset + 9 <= bytes.length) {
    if (bytes[offset] !== 0xff) return undefined
    const marker = bytes[offset + 1] ?? 0
    // A marker may be preceded by any number of fill bytes.
    if (marker === 0xff) offset += 1
    else if (isFrameMarker(marker)) return { format: 'jpeg', height: view.getUint16(offset + 5), width: view.getUint16(offset + 7) }
    else offset += 2 + view.getUint16(offset + 2)
  }
  return undefined
}

function readPgm(bytes: Uint8Array): ImageSize | undefined {
  const header = /^P5\s+(\d{1,6})\s+(\d{1,6})\s+255\s/.exec(new TextDecoder('latin1').decode(bytes.subarray(0, MAX_PGM_HEADER)))
  return header ? { format: 'pgm', width: Number(header[1]), height: Number(header[2]) } : undefined
}
