/** Decoders of the simple PDF filters (ISO 32000-1, section 7.4), each ending at `limit` bytes: what comes after is not needed. */
export type Decode = (bytes: Uint8Array, start: number, limit: number) => Uint8Array

/** Bytes collected up to a bound. */
class Collected {
  #bytes = new Uint8Array(64 * 1024)
  length = 0

  constructor(private readonly limit: number) {}

  get isFull(): boolean {
    return this.length >= this.limit
  }

  add(bytes: ArrayLike<number>): void {
    if (this.length + bytes.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + bytes.length))
      grown.set(this.#bytes.subarray(0, this.length))
      this.#bytes = grown
    }
    this.#bytes.set(bytes, this.length)
    this.length += bytes.length
  }

  done(): Uint8Array {
    return this.#bytes.subarray(0, this.length)
  }
}

const GREATER = 0x3e
const TILDE = 0x7e

const decodeHex: Decode = (bytes, start, limit) => {
  const out = new Collected(limit)
  let high: number | undefined
  for (let at = start; at < bytes.length && bytes[at] !== GREATER && !out.isFull; at++) {
    const digit = Number.parseInt(String.fromCharCode(bytes[at] ?? 0), 16)
    if (Number.isNaN(digit)) continue
    if (high !== undefined) out.add([high * 16 + digit])
    high = high === undefined ? digit : undefined
  }
  return out.done()
}

const decode85: Decode = (bytes, start, limit) => {
  const out = new Collected(limit)
  let group: number[] = []
  const flush = (missing: number) => {
    const value = group.reduce((sum, digit) => sum * 85 + digit, 0) % 2 ** 32
    out.add([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].slice(0, 4 - missing))
    group = []
  }
  for (let at = start; at < bytes.length && bytes[at] !== TILDE && !out.isFull; at++) {
    const code = bytes[at] ?? 0
    if (code === 0x7a && group.length === 0) out.add([0, 0, 0, 0])
    else if (code >= 0x21 && code <= 0x75) group.push(code - 0x21)
    if (group.length === 5) flush(0)
  }
  const missing = 5 - group.length
  if (group.length > 1) {
    group.push(...new Array<number>(missing).fill(84))
    flush(missing)
  }
  return out.done()
}

const decodeRunLength: Decode = (bytes, start, limit) => {
  const out = new Collected(limit)
  for (let at = start; at < bytes.length && !out.isFull; ) {
    const length = bytes[at] ?? 128
    if (length === 128) break
    if (length < 128) out.add(bytes.subarray(at + 1, at + 2 + length))
    else out.add(new Uint8Array(257 - length).fill(bytes[at + 1] ?? 0))
    at += length < 128 ? length + 2 : 2
  }
  return out.done()
}

const CLEAR = 256
const END = 257
const MAX_CODES = 4096

/** With early change, as nearly every writer has it: the width grows one code early. */
const decodeLzw: Decode = (bytes, start, limit) => {
  const out = new Collected(limit)
  let table: Uint8Array[] = []
  let width = 9
  let last: Uint8Array | undefined
  let buffer = 0
  let held = 0
  for (let at = start; !out.isFull; ) {
    while (held < width && at < bytes.length) {
      buffer = ((buffer << 8) | (bytes[at++] ?? 0)) & 0xffffff
      held += 8
    }
    if (held < width) break
    held -= width
    const code = (buffer >> held) & ((1 << width) - 1)
    if (code === END) break
    if (code === CLEAR) {
      table = []
      width = 9
      last = undefined
      continue
    }
    const known = code < CLEAR ? Uint8Array.of(code) : table[code - END - 1]
    const entry: Uint8Array | undefined = known ?? (last && Uint8Array.of(...last, last[0] ?? 0))
    if (entry === undefined) break
    out.add(entry)
    if (last && table.length + END + 1 < MAX_CODES) table.push(Uint8Array.of(...last, entry[0] ?? 0))
    last = entry
    const next = table.length + END + 2
    width = next >= 2048 ? 12 : next >= 1024 ? 11 : next >= 512 ? 10 : 9
  }
  return out.done()
}

/** By the names of a stream's dictionary, long and short. Flate is measured elsewhere; picture codecs are no filters of this kind. */
export const DECODERS: Readonly<Record<string, Decode>> = {
  ASCIIHexDecode: decodeHex,
  AHx: decodeHex,
  ASCII85Decode: decode85,
  A85: decode85,
  RunLengthDecode: decodeRunLength,
  RL: decodeRunLength,
  LZWDecode: decodeLzw,
  LZW: decodeLzw,
}
