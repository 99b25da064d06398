/** Text of bytes whose encoding nobody knows for sure: byte order mark, then what is declared, then UTF-8, then Windows-1252. */
export function decodeText(bytes: Uint8Array, declared?: string): { text: string; encoding: string } {
  const encoding = sniffEncoding(bytes, declared)
  return { text: new TextDecoder(encoding).decode(bytes).replace(/^\ufeff/, ''), encoding }
}

/** The encoding label to decode `bytes` with. A sample may end inside a character. */
export function sniffEncoding(bytes: Uint8Array, declared?: string): string {
  const marked = byteOrderMark(bytes)
  if (marked !== undefined) return marked
  const wide = wideEncoding(bytes)
  if (wide !== undefined) return wide
  if (isUtf8(bytes)) return declared !== undefined && isStateful(declared) ? declared : 'utf-8'
  return declared !== undefined && !/^utf-?(8|16)/i.test(declared) && isKnown(declared) ? declared : 'windows-1252'
}

/** Decodes a text that comes in pieces. */
export interface PieceDecoder {
  /** As told so far. */
  readonly encoding: string
  decode(piece: Uint8Array, isLast: boolean): string
}

/** Decodes by the beginning of a text, or, where that holds nothing but ASCII, by the first piece that holds more. */
export function openDecoder(head: Uint8Array): PieceDecoder {
  let encoding = sniffEncoding(head)
  let decoder = new TextDecoder(encoding)
  let isSettled = encoding !== 'utf-8' || !isAscii(head)
  return {
    get encoding() {
      return encoding
    },
    decode(piece, isLast) {
      if (!isSettled && !isAscii(piece)) {
        isSettled = true
        encoding = isUtf8(piece) ? 'utf-8' : 'windows-1252'
        decoder = new TextDecoder(encoding)
      }
      return decoder.decode(piece, { stream: !isLast })
    },
  }
}

const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80)

/** A decoder label for a declared charset, or undefined when the platform does not know it. */
export const knownEncoding = (label: string | undefined): string | undefined => (label !== undefined && isKnown(label) ? label : undefined)

function byteOrderMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return undefined
}

/** UTF-16 without a mark: every other byte of Western text is zero. */
function wideEncoding(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, 512)
  if (sample.length < 8) return undefined
  let even = 0
  let odd = 0
  for (let index = 0; index < sample.length; index++) if (sample[index] === 0) index % 2 === 0 ? even++ : odd++
  const half = sample.length / 2
  if (odd > half * 0.7 && even < half * 0.1) return 'utf-16le'
  return even > half * 0.7 && odd < half * 0.1 ? 'utf-16be' : undefined
}

/** Whether bytes are UTF-8, allowing a character cut off at the end. */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

/** Seven-bit encodings with shifts are valid UTF-8 byte for byte, so only the declaration can tell them. */
const isStateful = (label: string): boolean => /^(iso-2022-jp|utf-7)$/i.test(label) && isKnown(label)

function isKnown(label: string): boolean {
  try {
    new TextDecoder(label)
    return true
  } catch {
    return false
  }
}
