import { SaxesParser } from 'saxes'

/** An element with its own text; names come without prefix. */
export interface XmlElement {
  name: string
  attributes: Record<string, string>
  text: string
  children: XmlElement[]
}

/** Larger than any e-invoice; past it the tree would not be worth its memory. */
const MAX_XML_CHARS = 8_000_000

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/** The tree of an XML text, or undefined when it is not well-formed. Entities are never expanded, nothing is fetched. */
export function parseXml(text: string): XmlElement | undefined {
  if (text.length > MAX_XML_CHARS || /<!\s*(?:ENTITY|DOCTYPE)/i.test(text.slice(0, 4_000))) return undefined
  const parser = new SaxesParser({ xmlns: false, position: false })
  const root: XmlElement = { name: '', attributes: {}, text: '', children: [] }
  const stack = [root]
  let broken = false
  parser.on('error', () => {
    broken = true
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element: XmlElement = { name: localName(name), attributes, text: '', children: [] }
    stack.at(-1)?.children.push(element)
    stack.push(element)
  })
  parser.on('closetag', () => {
    stack.pop()
  })
  parser.on('text', (piece) => {
    const top = stack.at(-1)
    if (top) top.text += piece
  })
  parser.write(text.replace(/^\ufeff/, '')).close()
  return broken ? undefined : root.children[0]
}

/** The first element at a path of names (`a/b/c`), searched level by level; each step may match several. */
export function elementsAt(element: XmlElement, path: string): XmlElement[] {
  return path
    .split('/')
    .reduce((level, name) => level.flatMap((parent) => parent.children.filter((child) => child.name === name)), [element])
}

/** The trimmed text of the first element at one of the paths that has any. */
export function textAt(element: XmlElement, ...paths: string[]): string | undefined {
  for (const path of paths) {
    const text = elementsAt(element, path)
      .map((found) => found.text.trim())
      .find((found) => found !== '')
    if (text) return text
  }
  return undefined
}

/** The first element below with that name, in document order. */
export function descendant(element: XmlElement, name: string): XmlElement | undefined {
  for (const child of element.children) {
    const found = child.name === name ? child : descendant(child, name)
    if (found) return found
  }
  return undefined
}
