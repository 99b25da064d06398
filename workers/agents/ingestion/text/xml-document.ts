import type { ParsedDocument } from '../../../domain/documents'
import { Draft } from '../draft'
import { MAX_TEXT_CHARACTERS } from '../limits'
import { holdsTestVirusInBase64 } from '../scan'
import type { InnerTools } from '../tools'
import { attribute, readXml, type XmlAttributes } from '../xml'

/** Elements of UBL and CII whose text is a base64 file. */
const BASE64_ELEMENTS = new Set(['EmbeddedDocumentBinaryObject', 'AttachmentBinaryObject', 'BinaryObject'])
/** Attributes that belong to the value: `1200.00 EUR`, `5 C62`. */
const UNIT_ATTRIBUTES = ['currencyID', 'unitCode']

interface Element {
  name: string
  text: string
  hasChildren: boolean
  attributes: XmlAttributes
}

/**
 * XML as text that reads: one line for each element with text, `Name: value`, indented below the names of its parents. E-invoices
 * (UBL, CII) so become labelled lines. Files carried as base64 are listed and never decoded into files.
 */
export async function parseXmlDocument(bytes: Uint8Array, name: string, tools: InnerTools): Promise<ParsedDocument> {
  const draft = new Draft('xml', 'application/xml')
  const lines: string[] = []
  const open: Element[] = []
  let characters = 0
  const write = (line: string) => {
    characters += line.length + 1
    if (characters <= MAX_TEXT_CHARACTERS) lines.push(line)
  }
  readXml(
    bytes,
    {
      open: (tag, attributes) => {
        const parent = open.at(-1)
        if (parent && !parent.hasChildren) {
          parent.hasChildren = true
          write(`${'  '.repeat(open.length - 1)}${parent.name}${parent.text.trim() === '' ? '' : `: ${parent.text.trim()}`}`)
        }
        if (parent) parent.text = ''
        else draft.note('rootElement', tag)
        open.push({ name: tag, text: '', hasChildren: false, attributes })
      },
      text: (text) => {
        const element = open.at(-1)
        if (element) element.text += text
      },
      close: () => {
        const element = open.pop()
        if (element) closeElement(draft, element, open.length, write)
      },
    },
    `"${name}"`,
  )
  if (characters > MAX_TEXT_CHARACTERS) draft.leaveOut('The text was cut: the file is too long.')
  draft.add('code', lines.join('\n'))
  return await draft.close(tools)
}

function closeElement(draft: Draft, element: Element, depth: number, write: (line: string) => void): void {
  const indent = '  '.repeat(depth)
  const text = element.text.replace(/\s+/g, ' ').trim()
  if (BASE64_ELEMENTS.has(element.name) && text !== '') {
    listBase64(draft, element, text, (line) => write(`${indent}${line}`))
  } else if (element.hasChildren) {
    if (text !== '') write(`${indent}${text}`)
  } else writeLeaf(element, text, indent, write)
}

function writeLeaf(element: Element, text: string, indent: string, write: (line: string) => void): void {
  const unit = UNIT_ATTRIBUTES.map((key) => attribute(element.attributes, key)).find((value) => value !== undefined)
  const others = Object.entries(element.attributes).filter(([key]) => !key.startsWith('xmlns') && !UNIT_ATTRIBUTES.includes(key))
  const value = text === '' ? others.map(([key, each]) => `${key}=${each}`).join(' ') : [text, unit].filter(Boolean).join(' ')
  if (value !== '') write(`${indent}${element.name}: ${value}`)
}

function listBase64(draft: Draft, element: Element, text: string, write: (line: string) => void): void {
  const name = attribute(element.attributes, 'filename') ?? 'unnamed'
  const mediaType = attribute(element.attributes, 'mimeCode') ?? 'application/octet-stream'
  write(`${element.name}: ${name} (${mediaType})`)
  if (holdsTestVirusInBase64(text))
    draft.warn(`The file "${name}" inside the XML holds the EICAR antivirus test string; it was not unpacked.`)
  draft.embed({ name, mediaType, size: Math.floor((text.length * 3) / 4), skipped: 'Files inside XML text are listed, not unpacked.' })
}
