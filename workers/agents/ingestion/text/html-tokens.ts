import { decodeEntities } from './html-entities'

export type HtmlToken =
  | { kind: 'text'; text: string }
  | { kind: 'open'; name: string; attributes: Record<string, string>; selfClosing: boolean }
  | { kind: 'close'; name: string }

/** Elements whose content is no markup. */
const RAW = new Set(['script', 'style', 'textarea', 'title', 'xmp', 'noembed', 'noframes'])

/**
 * Cuts HTML into tags and text, tolerant of anything: every input ends in linear time, and what is no tag is text. Comments,
 * declarations and processing instructions give nothing.
 */
export function* readHtmlTokens(html: string): Generator<HtmlToken> {
  let at = 0
  while (at < html.length) {
    const less = html.indexOf('<', at)
    if (less < 0) return yield { kind: 'text', text: decodeEntities(html.slice(at)) }
    if (less > at) yield { kind: 'text', text: decodeEntities(html.slice(at, less)) }
    const next = html[less + 1] ?? ''
    if (next === '!' || next === '?') {
      at = skipDeclaration(html, less)
    } else if (/[a-zA-Z]/.test(next)) {
      const tag = readTag(html, less + 1)
      at = tag.end
      yield { kind: 'open', name: tag.name, attributes: tag.attributes, selfClosing: tag.selfClosing }
      if (RAW.has(tag.name) && !tag.selfClosing) {
        const end = closingTag(html, tag.name, at)
        if (end > at)
          yield {
            kind: 'text',
            text: tag.name === 'title' || tag.name === 'textarea' ? decodeEntities(html.slice(at, end)) : html.slice(at, end),
          }
        at = end
      }
    } else if (next === '/' && /[a-zA-Z]/.test(html[less + 2] ?? '')) {
      const end = html.indexOf('>', less)
      yield { kind: 'close', name: /^[^\s/>]*/.exec(html.slice(less + 2, less + 66))?.[0].toLowerCase() ?? '' }
      at = end < 0 ? html.length : end + 1
    } else {
      yield { kind: 'text', text: '<' }
      at = less + 1
    }
  }
}

function skipDeclaration(html: string, at: number): number {
  const [mark, skip] = html.startsWith('<!--', at) ? ['-->', 4] : html.startsWith('<![CDATA[', at) ? [']]>', 9] : ['>', 1]
  const end = html.indexOf(mark as string, at + (skip as number))
  return end < 0 ? html.length : end + (mark as string).length
}

function closingTag(html: string, name: string, from: number): number {
  const pattern = new RegExp(`</${name}[\\s/>]`, 'gi')
  pattern.lastIndex = from
  return pattern.exec(html)?.index ?? html.length
}

const ATTRIBUTE = /[\s/]*([^\s=>/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/y

function readTag(html: string, start: number): { name: string; attributes: Record<string, string>; selfClosing: boolean; end: number } {
  let at = start
  while (at < html.length && /[^\s/>]/.test(html[at] ?? '')) at++
  const name = html.slice(start, at).toLowerCase()
  const attributes: Record<string, string> = {}
  while (at < html.length && html[at] !== '>') {
    ATTRIBUTE.lastIndex = at
    const match = ATTRIBUTE.exec(html)
    if (match === null || match[0] === '') {
      at++
      continue
    }
    attributes[(match[1] ?? '').toLowerCase()] ??= decodeEntities(match[2] ?? match[3] ?? match[4] ?? '')
    at = ATTRIBUTE.lastIndex
  }
  return { name, attributes, selfClosing: html[at - 1] === '/', end: Math.min(html.length, at + 1) }
}
