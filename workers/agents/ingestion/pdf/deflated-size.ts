/** Lengths 3–258 of the symbols 257–285, and distances, by RFC 1951, section 3.2.5: only how many further bits each takes matters here. */
const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258]
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
const MAX_CODE_BITS = 15
/** Codes up to this length, nearly all that occur, are looked up at once instead of bit by bit. */
const QUICK_BITS = 10

/**
 * How many bytes a deflated stream (RFC 1951, without its zlib header) at `start` unpacks to, without unpacking it: no memory beside
 * its code tables. Counting ends at the stream's own last block, at broken data, or as soon as `limit` is passed.
 */
export function deflatedSize(bytes: Uint8Array, start: number, limit: number): number {
  const bits = new BitReader(bytes, start)
  let size = 0
  while (size <= limit && !bits.isSpent) {
    const isLast = bits.take(1) === 1
    const kind = bits.take(2)
    if (kind === 3) return size
    if (kind === 0) size += bits.skipStored()
    else {
      const codes = kind === 1 ? FIXED : readCodes(bits)
      if (codes === undefined) return size
      const block = blockSize(bits, codes, limit - size)
      size += block.size
      if (block.isBroken) return size
    }
    if (isLast) return size
  }
  return size
}

class BitReader {
  #at: number
  #buffer = 0
  #held = 0

  constructor(
    private readonly bytes: Uint8Array,
    start: number,
  ) {
    this.#at = start
  }

  /** Past the end bits read as 0; what is read there counts for nothing. */
  get isSpent(): boolean {
    return this.#at > this.bytes.length + 4
  }

  take(count: number): number {
    const value = this.peek(count)
    this.#buffer >>>= count
    this.#held -= count
    return value
  }

  /** The next bits, left in place. */
  peek(count: number): number {
    while (this.#held < count) {
      this.#buffer |= (this.bytes[this.#at++] ?? 0) << this.#held
      this.#held += 8
    }
    return this.#buffer & ((1 << count) - 1)
  }

  skipStored(): number {
    this.#at -= this.#held >> 3
    this.#buffer = 0
    this.#held = 0
    const size = this.take(16)
    this.take(16)
    const left = Math.max(0, this.bytes.length - this.#at)
    this.#at += size
    return Math.min(size, left)
  }
}

/** A canonical Huffman code: how many codes each length has, and their symbols in order. */
interface Code {
  counts: Uint16Array
  symbols: Uint16Array
  /** By the next `QUICK_BITS` bits: symbol × 16 + length, or 0 for longer codes. */
  quick: Uint16Array
}

function toCode(lengths: number[]): Code {
  const counts = new Uint16Array(MAX_CODE_BITS + 1)
  for (const length of lengths) if (length > 0) counts[length] = (counts[length] ?? 0) + 1
  const offsets = new Uint16Array(MAX_CODE_BITS + 2)
  for (let length = 1; length <= MAX_CODE_BITS; length++) offsets[length + 1] = (offsets[length] ?? 0) + (counts[length] ?? 0)
  const symbols = new Uint16Array(lengths.length)
  lengths.forEach((length, symbol) => {
    if (length === 0) return
    const place = offsets[length] ?? 0
    symbols[place] = symbol
    offsets[length] = place + 1
  })
  return { counts, symbols, quick: quickTable(counts, symbols) }
}

function quickTable(counts: Uint16Array, symbols: Uint16Array): Uint16Array {
  const quick = new Uint16Array(1 << QUICK_BITS)
  let code = 0
  let index = 0
  for (let length = 1; length <= QUICK_BITS; length++) {
    for (let nth = 0; nth < (counts[length] ?? 0); nth++, code++) {
      // Codes come with their first bit lowest; more codes than fit belong to a broken table, which the slow way ends at.
      for (let at = reversed(code, length); at < quick.length; at += 1 << length) quick[at] = ((symbols[index] ?? 0) << 4) | length
      index++
    }
    code <<= 1
  }
  return quick
}

function reversed(code: number, length: number): number {
  let result = 0
  for (let bit = 0; bit < length; bit++) result |= ((code >> bit) & 1) << (length - 1 - bit)
  return result
}

/** The next symbol, or -1 where no code fits. */
function nextSymbol(bits: BitReader, { counts, symbols, quick }: Code): number {
  const known = quick[bits.peek(QUICK_BITS)] ?? 0
  if (known !== 0) {
    bits.take(known & 15)
    return known >> 4
  }
  let code = 0
  let first = 0
  let index = 0
  for (let length = 1; length <= MAX_CODE_BITS; length++) {
    code |= bits.take(1)
    const count = counts[length] ?? 0
    if (code - count < first) return symbols[index + code - first] ?? -1
    index += count
    first = (first + count) << 1
    code <<= 1
  }
  return -1
}

interface Codes {
  lengths: Code
  distances: Code
}

const FIXED: Codes = {
  lengths: toCode(Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8))),
  distances: toCode(Array.from({ length: 30 }, () => 5)),
}

/** The codes that a block brings along; undefined where they are broken. */
function readCodes(bits: BitReader): Codes | undefined {
  const lengthCount = bits.take(5) + 257
  const distanceCount = bits.take(5) + 1
  const codeCount = bits.take(4) + 4
  const own = new Array<number>(19).fill(0)
  for (const symbol of CODE_LENGTH_ORDER.slice(0, codeCount)) own[symbol] = bits.take(3)
  const code = toCode(own)
  const lengths: number[] = []
  while (lengths.length < lengthCount + distanceCount) {
    const symbol = nextSymbol(bits, code)
    if (symbol < 0 || bits.isSpent) return undefined
    if (symbol < 16) lengths.push(symbol)
    else {
      const [value, times] =
        symbol === 16 ? [lengths.at(-1) ?? 0, 3 + bits.take(2)] : [0, symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7)]
      for (let time = 0; time < times; time++) lengths.push(value)
    }
  }
  return { lengths: toCode(lengths.slice(0, lengthCount)), distances: toCode(lengths.slice(lengthCount, lengthCount + distanceCount)) }
}

const END_OF_BLOCK = 256

function blockSize(bits: BitReader, { lengths, distances }: Codes, limit: number): { size: number; isBroken: boolean } {
  let size = 0
  while (size <= limit) {
    const symbol = nextSymbol(bits, lengths)
    if (symbol === END_OF_BLOCK) return { size, isBroken: false }
    if (symbol < 0 || bits.isSpent) return { size, isBroken: true }
    if (symbol < END_OF_BLOCK) {
      size++
      continue
    }
    const row = symbol - END_OF_BLOCK - 1
    size += (LENGTH_BASE[row] ?? 0) + bits.take(LENGTH_BITS[row] ?? 0)
    const distance = nextSymbol(bits, distances)
    if (distance < 0) return { size, isBroken: true }
    bits.take(distance < 4 ? 0 : (distance >> 1) - 1)
  }
  return { size, isBroken: false }
}
