export type RtfToken =
  | { kind: 'open' }
  | { kind: 'close' }
  | { kind: 'word'; name: string; value: number | undefined }
  /** One byte in the current code page: written plainly or as \'xx. */
  | { kind: 'byte'; value: number; escaped: boolean }

const OPEN = 0x7b
const CLOSE = 0x7d
const BACKSLASH = 0x5c

/** Cuts RTF into groups, control words and bytes. Binary runs (\bin) are skipped by their length. */
export function* readRtfTokens(bytes: Uint8Array): Generator<RtfToken> {
  let at = 0
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0
    if (byte === OPEN) yield { kind: 'open' }
    else if (byte === CLOSE) yield { kind: 'close' }
    else if (byte === BACKSLASH) {
      const read = readControl(bytes, at + 1)
      yield read.token
      at = read.end
      if (read.token.kind === 'word' && read.token.name === 'bin') at += Math.max(0, read.token.value ?? 0)
      continue
    } else if (byte !== 10 && byte !== 13 && byte !== 0) yield { kind: 'byte', value: byte, escaped: false }
    at++
  }
}

const isLetter = (byte: number | undefined): boolean => byte !== undefined && ((byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90))
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57

function readControl(bytes: Uint8Array, start: number): { token: RtfToken; end: number } {
  const first = bytes[start] ?? 0
  if (!isLetter(first)) return readSymbol(bytes, start, first)
  let at = start
  while (isLetter(bytes[at]) && at - start < 32) at++
  const name = String.fromCharCode(...bytes.subarray(start, at))
  const digitsStart = at
  if (bytes[at] === 45 && isDigit(bytes[at + 1])) at++
  while (isDigit(bytes[at]) && at - digitsStart < 11) at++
  const digits = String.fromCharCode(...bytes.subarray(digitsStart, at))
  return { token: { kind: 'word', name, value: digits === '' ? undefined : Number(digits) }, end: bytes[at] === 32 ? at + 1 : at }
}

function readSymbol(bytes: Uint8Array, start: number, first: number): { token: RtfToken; end: number } {
  const symbol = String.fromCharCode(first)
  if (symbol === "'") {
    const value = Number.parseInt(String.fromCharCode(bytes[start + 1] ?? 0, bytes[start + 2] ?? 0), 16)
    return {
      token: Number.isNaN(value) ? { kind: 'word', name: '', value: undefined } : { kind: 'byte', value, escaped: true },
      end: start + 3,
    }
  }
  if (symbol === '\\' || symbol === '{' || symbol === '}') return { token: { kind: 'byte', value: first, escaped: false }, end: start + 1 }
  const name = symbol === '\n' || symbol === '\r' ? 'par' : symbol
  return { token: { kind: 'word', name, value: undefined }, end: start + 1 }
}
