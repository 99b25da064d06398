import type { Archive } from '../archive'
import { attribute, readXml, type XmlAttributes } from '../xml'
import { formatNumber } from './number-formats'

interface Level {
  start: number
  format: string
  /** `%1.%2)` */
  text: string
  legal: boolean
}

interface List {
  abstractId: string
  overrides: Map<number, Partial<Level>>
}

interface AbstractList {
  levels: Map<number, Level>
  /** The style whose list this one repeats. */
  styleLink?: string
}

/** Counts list items the way Word does and gives the label that Word shows before each. */
export class WordNumbering {
  #abstract = new Map<string, AbstractList>()
  #lists = new Map<string, List>()
  #counters = new Map<string, number[]>()
  #restarted = new Set<string>()
  readonly #listOfStyle: (style: string) => string | undefined

  constructor(archive: Archive, listOfStyle: (style: string) => string | undefined) {
    this.#listOfStyle = listOfStyle
    const entry = archive.find('word/numbering.xml')
    if (entry) readXml(entry.chunks(), new NumberingReader(this.#abstract, this.#lists), entry.name)
  }

  /** The label of the next item at a level, or undefined where the list is unknown or has none. */
  next(numId: string, level: number): string | undefined {
    const list = this.#lists.get(numId)
    if (list === undefined || level < 0 || level > 8) return undefined
    const abstractId = this.#resolve(list.abstractId)
    const counters = this.#counters.get(abstractId) ?? []
    this.#counters.set(abstractId, counters)
    const levelAt = (index: number): Level => ({
      ...DEFAULT_LEVEL,
      ...this.#abstract.get(abstractId)?.levels.get(index),
      ...list.overrides.get(index),
    })
    this.#restart(numId, level, list, counters)
    for (let index = 0; index < level; index++) counters[index] ??= levelAt(index).start
    counters[level] = (counters[level] ?? levelAt(level).start - 1) + 1
    counters.length = level + 1
    const own = levelAt(level)
    if (own.format === 'bullet') return '•'
    if (own.format === 'none' && !own.text.includes('%')) return own.text.trim() || undefined
    const label = own.text.replace(/%(\d)/g, (_, digit: string) => {
      const index = Number(digit) - 1
      return formatNumber(counters[index] ?? levelAt(index).start, own.legal ? 'decimal' : levelAt(index).format)
    })
    return label.trim() || undefined
  }

  /** A list that overrides the start of its level starts there once, when it is first met. */
  #restart(numId: string, level: number, list: List, counters: number[]): void {
    const start = list.overrides.get(level)?.start
    const key = `${numId}/${level}`
    if (start === undefined || this.#restarted.has(key)) return
    this.#restarted.add(key)
    counters[level] = start - 1
  }

  #resolve(abstractId: string): string {
    const link = this.#abstract.get(abstractId)?.styleLink
    const numId = link === undefined ? undefined : this.#listOfStyle(link)
    return (numId === undefined ? undefined : this.#lists.get(numId)?.abstractId) ?? abstractId
  }
}

/** For levels that a list does not define. A defined level without a start begins at zero, says the standard. */
const DEFAULT_LEVEL: Level = { start: 1, format: 'decimal', text: '', legal: false }

/** Fills the maps from numbering.xml. */
class NumberingReader {
  #levels: Map<number, Partial<Level>> | undefined
  #abstractList: AbstractList | undefined
  #level: Partial<Level> | undefined
  #list: List | undefined
  readonly #abstract: Map<string, AbstractList>
  readonly #lists: Map<string, List>

  constructor(abstract: Map<string, AbstractList>, lists: Map<string, List>) {
    this.#abstract = abstract
    this.#lists = lists
  }

  open = (tag: string, attributes: XmlAttributes): void => {
    const value = attribute(attributes, 'val') ?? ''
    const index = Number(attribute(attributes, 'ilvl') ?? 0)
    if (tag === 'abstractNum') {
      const levels = new Map<number, Level>()
      this.#levels = levels
      this.#abstractList = { levels }
      this.#abstract.set(attribute(attributes, 'abstractNumId') ?? '', this.#abstractList)
    } else if (tag === 'numStyleLink' && this.#abstractList) this.#abstractList.styleLink = value
    else if (tag === 'num') {
      this.#list = { abstractId: '', overrides: new Map() }
      this.#levels = this.#list.overrides
      this.#lists.set(attribute(attributes, 'numId') ?? '', this.#list)
    } else if (tag === 'abstractNumId' && this.#list) this.#list.abstractId = value
    else if (tag === 'lvlOverride' || tag === 'lvl') {
      this.#level = this.#levels?.get(index) ?? (tag === 'lvl' ? { ...DEFAULT_LEVEL, start: 0 } : {})
      this.#levels?.set(index, this.#level)
    } else if (this.#level) setLevel(this.#level, tag, value)
  }
}

function setLevel(level: Partial<Level>, tag: string, value: string): void {
  if (tag === 'start' || tag === 'startOverride') level.start = Number(value) || 0
  else if (tag === 'numFmt') level.format = value
  else if (tag === 'lvlText') level.text = value
  else if (tag === 'isLgl') level.legal = value !== '0' && value !== 'false'
}
