import { SaxesParser } from 'saxes'
import { AppError } from '../../domain/error'
import { decodeText } from './charset'
import { MAX_MARKUP_DEPTH } from './limits'
import { refuseCorrupt } from './refusals'

export type XmlAttributes = Record<string, string>

/** Element names come without their namespace prefix: producers choose prefixes freely. */
export interface XmlHandlers {
  open?: (name: string, attributes: XmlAttributes) => void
  close?: (name: string) => void
  text?: (text: string) => void
}

/**
 * The one place where XML is read. Nothing outside the bytes is ever fetched; documents that declare entities are refused
 * as corrupt, and so are undeclared entities, broken markup and absurd nesting.
 */
export function readXml(source: string | Uint8Array | Iterable<Uint8Array>, handlers: XmlHandlers, what: string): void {
  const parser = openParser(handlers, what)
  reading(what, () => {
    for (const piece of decodePieces(source)) parser.write(piece)
    parser.close()
  })
}

/** The same for what is too long to be read at once: `pause` is awaited after every piece. */
export async function readXmlInPieces(
  source: Iterable<Uint8Array>,
  handlers: XmlHandlers,
  what: string,
  pause: () => Promise<void>,
): Promise<void> {
  const parser = openParser(handlers, what)
  const pieces = decodePieces(source)
  const next = () => reading(what, () => pieces.next())
  for (let piece = next(); !piece.done; piece = next()) {
    const { value } = piece
    reading(what, () => parser.write(value))
    await pause()
  }
  reading(what, () => parser.close())
}

/** What a parser of a third party throws is a fault of the file. */
function reading<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof AppError) throw error
    throw refuseCorrupt(what, error)
  }
}

function openParser(handlers: XmlHandlers, what: string): SaxesParser {
  const parser = new SaxesParser({ xmlns: false, position: false })
  let depth = 0
  parser.on('doctype', (doctype) => {
    if (/<!\s*ENTITY/i.test(doctype)) throw refuseCorrupt(`${what} declares XML entities, which are never expanded here; it`)
  })
  parser.on('opentag', (tag) => {
    if (++depth > MAX_MARKUP_DEPTH) throw refuseCorrupt(`${what} nests its elements too deep; it`)
    handlers.open?.(localName(tag.name), tag.attributes)
  })
  parser.on('closetag', (tag) => {
    depth--
    handlers.close?.(localName(tag.name))
  })
  parser.on('text', (text) => handlers.text?.(text))
  parser.on('cdata', (text) => handlers.text?.(text))
  return parser
}

export const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/** An attribute by its local name, whatever its prefix. */
export function attribute(attributes: XmlAttributes, name: string): string | undefined {
  if (name in attributes) return attributes[name]
  const key = Object.keys(attributes).find((candidate) => localName(candidate) === name)
  return key === undefined ? undefined : attributes[key]
}

/** The relationship id of an element: `r:id` beside a plain `id` means the prefixed one. */
export function relationshipId(attributes: XmlAttributes, name = 'id'): string | undefined {
  const key = Object.keys(attributes).find((candidate) => candidate.includes(':') && localName(candidate) === name)
  return key === undefined ? undefined : attributes[key]
}

function* decodePieces(source: string | Uint8Array | Iterable<Uint8Array>): Generator<string> {
  if (typeof source === 'string') return yield source
  if (source instanceof Uint8Array) return yield decodeText(source, declaredEncoding(source)).text
  let decoder: TextDecoder | undefined
  for (const chunk of source) {
    decoder ??= new TextDecoder(encodingOf(chunk))
    yield decoder.decode(chunk, { stream: true })
  }
  const rest = decoder?.decode()
  if (rest) yield rest
}

const encodingOf = (head: Uint8Array): string => {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}

/** The encoding that the XML declaration names, where the first bytes are readable as ASCII. */
export function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 200))
  return /^\s*(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']/i.exec(head)?.[1]
}
