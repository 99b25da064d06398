import { indexOfAscii } from '../detect'

/** A stream of a PDF file as its bytes show it, found without the file's own table of places, which may lie. */
export interface PdfStream {
  /** Of its first byte in the file. */
  start: number
  /** Names of its filters, in the order in which they are undone; empty where none or none that can be told. */
  filters: string[]
  /** A picture, with what its dictionary declares. */
  image: { width: number; height: number; bits: number } | undefined
}

/** Dictionaries of streams are short; what stands further up belongs to something else. */
const MAX_DICTIONARY_BYTES = 4_096

/** The streams of a file, in order. Nothing is unpacked. */
export function* streamsOf(bytes: Uint8Array): Generator<PdfStream> {
  for (let at = find(bytes, 0); at >= 0; at = find(bytes, at + KEYWORD.length)) {
    // `endstream` holds the word too.
    if (bytes[at - 1] === LETTER_D) continue
    const end = at + KEYWORD.length
    const start = bytes[end] === 13 ? end + (bytes[end + 1] === 10 ? 2 : 1) : bytes[end] === 10 ? end + 1 : end
    yield { start, ...described(dictionaryBefore(bytes, at)) }
  }
}

const KEYWORD = 'stream'
const LETTER_D = 0x64

function find(bytes: Uint8Array, from: number): number {
  const at = indexOfAscii(bytes.subarray(from), KEYWORD)
  return at < 0 ? -1 : from + at
}

/** The text between the object's beginning and its stream, names without their `#` escapes. */
function dictionaryBefore(bytes: Uint8Array, at: number): string {
  const text = new TextDecoder('latin1').decode(bytes.subarray(Math.max(0, at - MAX_DICTIONARY_BYTES), at))
  return text
    .slice(Math.max(0, text.lastIndexOf(' obj')))
    .replace(/#([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function described(dictionary: string): Pick<PdfStream, 'filters' | 'image'> {
  const filter = /\/(?:Filter|F)\s*(?:\[([^\]]*)\]|(\/[A-Za-z0-9]+))/.exec(dictionary)
  const filters = [...(filter?.[1] ?? filter?.[2] ?? '').matchAll(/\/([A-Za-z0-9]+)/g)].map(([, name = '']) => name)
  const declared = (name: string) => Number(new RegExp(`/${name}\\s+(\\d+)`).exec(dictionary)?.[1] ?? 0)
  const isImage = /\/Subtype\s*\/Image(?![A-Za-z])/.test(dictionary)
  return {
    filters,
    image: isImage ? { width: declared('Width'), height: declared('Height'), bits: declared('BitsPerComponent') || 8 } : undefined,
  }
}
