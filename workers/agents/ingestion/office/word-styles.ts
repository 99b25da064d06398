import type { Archive } from '../archive'
import { attribute, readXml } from '../xml'

export interface WordStyle {
  name: string
  basedOn?: string
  /** 0 for the first heading level. */
  outline?: number
  numId?: string
  level?: number
}

/** The paragraph styles of a Word file, each with what it inherits filled in. */
export function readStyles(archive: Archive): Map<string, WordStyle> {
  const own = new Map<string, WordStyle>()
  const entry = archive.find('word/styles.xml')
  if (entry === undefined) return own
  let style: WordStyle | undefined
  const open = (tag: string, attributes: Record<string, string>) => {
    const value = attribute(attributes, 'val')
    if (tag === 'style') {
      style = { name: '' }
      own.set(attribute(attributes, 'styleId') ?? '', style)
    }
    if (style === undefined) return
    if (tag === 'name') Object.assign(style, { name: value ?? '', ...namedOutline(value ?? '') })
    else if (tag === 'basedOn') style.basedOn = value
    else if (tag === 'outlineLvl') style.outline = Number(value)
    else if (tag === 'numId') style.numId = value
    else if (tag === 'ilvl') style.level = Number(value)
  }
  const close = (tag: string) => {
    if (tag === 'style') style = undefined
  }
  readXml(entry.chunks(), { open, close }, entry.name)
  return new Map([...own].map(([id, each]) => [id, inherit(each, own)]))
}

function inherit(style: WordStyle, all: Map<string, WordStyle>): WordStyle {
  let merged = style
  let parent = style.basedOn
  // A chain of styles that loops ends here too.
  for (let guard = 0; parent !== undefined && guard < 20; guard++) {
    const next = all.get(parent)
    if (next === undefined) break
    merged = { ...next, ...Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined)), name: merged.name }
    parent = next.basedOn
  }
  return merged
}

/** Heading level 1–6 of a style, or undefined for a style of text. */
export const headingLevel = (style: WordStyle | undefined): number | undefined =>
  style?.outline !== undefined && style.outline < 9 ? Math.min(6, style.outline + 1) : undefined

/** Files without outline levels name their heading styles in the language of the Word that wrote them. */
function namedOutline(name: string): Pick<WordStyle, 'outline'> {
  const level =
    /^(?:heading|überschrift|titre|título|titolo|kop|nagłówek)\s?(\d)/i.exec(name)?.[1] ?? (/^title$/i.test(name) ? '1' : undefined)
  return level === undefined ? {} : { outline: Number(level) - 1 }
}
