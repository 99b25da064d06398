import { knownEncoding } from '../charset'
import type { Draft } from '../draft'
import type { RtfToken } from './rtf-tokens'

/** What a group of braces sets and its end takes back. */
interface Group {
  hidden: boolean
  encoding: string
  /** Plain characters to skip after each \u, for readers that know no Unicode. */
  fallback: number
  /** Where text goes: the body, a property, a field's instruction, the font table. */
  target: 'text' | 'info' | 'field' | 'fonts'
  margin: 'header' | 'footer' | undefined
  info: string
}

/** Destinations that hold nothing to read. */
const HIDDEN = new Set(
  'colortbl stylesheet listtable listoverridetable rsidtbl generator pict objdata themedata colorschememapping datastore latentstyles xmlnstbl wgrffmtfilter filetbl revtbl fldtype nonshppict bkmkstart bkmkend pntext pntxta pntxtb shpinst picprop blipuid formfield template passwordhash mmathPr'.split(
    ' ',
  ),
)

const CHARACTERS: Record<string, string> = {
  tab: '\t',
  line: '\n',
  emdash: '—',
  endash: '–',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
  emspace: '\u2003',
  enspace: '\u2002',
  qmspace: '\u2005',
  '~': '\u00a0',
  _: '\u2011',
  '-': '\u00ad',
  zwj: '\u200d',
  zwnj: '\u200c',
  ltrmark: '\u200e',
  rtlmark: '\u200f',
}

/** Windows character sets of fonts, by \fcharset number. */
const CHARSETS: Record<number, string> = {
  0: 'windows-1252',
  77: 'macintosh',
  128: 'shift_jis',
  129: 'euc-kr',
  134: 'gbk',
  136: 'big5',
  161: 'windows-1253',
  162: 'windows-1254',
  163: 'windows-1258',
  177: 'windows-1255',
  178: 'windows-1256',
  186: 'windows-1257',
  204: 'windows-1251',
  222: 'windows-874',
  238: 'windows-1250',
}

const INFO: Record<string, string> = {
  title: 'title',
  author: 'author',
  subject: 'subject',
  keywords: 'keywords',
  company: 'company',
  operator: 'lastModifiedBy',
}

/** Groups nested deeper than this are hostile. */
const MAX_DEPTH = 1_000

/** Turns RTF tokens into blocks. */
export class RtfReader {
  holdsObjects = false
  readonly #draft: Draft
  #groups: Group[] = []
  #group: Group = { hidden: false, encoding: 'windows-1252', fallback: 1, target: 'text', margin: undefined, info: '' }
  #fonts = new Map<number, string>()
  #font = 0
  #bytes: number[] = []
  #skip = 0
  #optional = false
  #paragraph = ''
  #field = ''
  #links: { start: number; url: string; depth: number }[] = []
  #row: string[] | undefined
  #rows: string[][] = []
  /** Between \intbl and \pard: paragraphs belong to the cell that is being filled. */
  #inTable = false

  constructor(draft: Draft) {
    this.#draft = draft
  }

  take(token: RtfToken): void {
    if (token.kind === 'byte') {
      this.#takeByte(token.value)
      return
    }
    this.#flushBytes()
    if (token.kind === 'open') {
      if (this.#groups.length < MAX_DEPTH) this.#groups.push({ ...this.#group })
      this.#skip = 0
    } else if (token.kind === 'close') this.#closeGroup()
    else this.#takeWord(token.name, token.value)
  }

  end(): void {
    this.#flushBytes()
    this.#inTable = false
    this.#endParagraph()
    this.#endTable()
  }

  #takeByte(value: number): void {
    this.#optional = false
    if (this.#skip > 0) {
      this.#skip--
      return
    }
    if (!this.#group.hidden) this.#bytes.push(value)
  }

  /** Bytes wait until a control word: characters of Asian code pages span several. */
  #flushBytes(): void {
    if (this.#bytes.length === 0) return
    const text = new TextDecoder(this.#group.encoding).decode(Uint8Array.from(this.#bytes))
    this.#bytes = []
    this.#say(text)
  }

  #say(text: string): void {
    if (this.#group.hidden) return
    if (this.#group.target === 'text') this.#paragraph += text
    else if (this.#group.target === 'field') this.#field += text
    else if (this.#group.target === 'info')
      this.#draft.note(this.#group.info, (this.#draft.document.metadata[this.#group.info] ?? '') + text)
  }

  #closeGroup(): void {
    const inner = this.#group
    this.#group = this.#groups.pop() ?? this.#group
    this.#skip = 0
    if (inner.margin && !this.#group.margin) this.#endParagraph(inner.margin)
    const link = this.#links.at(-1)
    if (link && this.#groups.length < link.depth) this.#closeLink()
    if (inner.target === 'field' && this.#group.target !== 'field') this.#openLink()
  }

  #openLink(): void {
    const url = /HYPERLINK\s+(?:\\\w\s+)*"?([^"\s]+)/i.exec(this.#field)?.[1] ?? ''
    this.#field = ''
    if (/^(https?|mailto|ftp):/i.test(url)) this.#links.push({ start: this.#paragraph.length, url, depth: this.#groups.length })
  }

  #closeLink(): void {
    const link = this.#links.pop()
    if (link && !this.#paragraph.slice(link.start).includes(link.url.replace(/^mailto:/, '')) && this.#paragraph.length > link.start)
      this.#paragraph += ` (${link.url})`
  }

  #takeWord(name: string, value: number | undefined): void {
    if (name === '*') {
      this.#optional = true
      return
    }
    const optional = this.#optional
    this.#optional = false
    if (name === 'u') this.#takeUnicode(value ?? 0)
    else if (this.#skip > 0 && CHARACTERS[name] !== undefined) this.#skip--
    else if (this.#openDestination(name) || this.#setCoding(name, value)) return
    else if (optional && !KNOWN_OPTIONAL.has(name)) this.#group.hidden = true
    else if (CHARACTERS[name] !== undefined) this.#say(CHARACTERS[name])
    else this.#takeStructure(name)
  }

  #takeUnicode(value: number): void {
    const code = value < 0 ? value + 65_536 : value
    if (code <= 0xffff) this.#say(String.fromCharCode(code))
    this.#skip = this.#group.fallback
  }

  #openDestination(name: string): boolean {
    if (HIDDEN.has(name)) this.#group.hidden = true
    else if (name === 'fonttbl') this.#group.target = 'fonts'
    else if (name === 'fldinst') this.#group.target = 'field'
    else if (name === 'info') this.#group.target = 'fonts'
    else if (INFO[name] !== undefined && this.#groups.length <= 3) Object.assign(this.#group, { target: 'info', info: INFO[name] })
    else if (/^(header|footer)[lrf]?$/.test(name)) {
      this.#endParagraph()
      this.#group.margin = name.startsWith('header') ? 'header' : 'footer'
    } else if (name === 'object' || name === 'objemb') {
      this.holdsObjects = true
    } else return false
    return true
  }

  #setCoding(name: string, value: number | undefined): boolean {
    if (name === 'uc') this.#group.fallback = Math.max(0, value ?? 1)
    else if (name === 'ansicpg')
      this.#group.encoding =
        knownEncoding(
          value === 65_001
            ? 'utf-8'
            : value === 932
              ? 'shift_jis'
              : value === 936
                ? 'gbk'
                : value === 949
                  ? 'euc-kr'
                  : value === 950
                    ? 'big5'
                    : `windows-${value}`,
        ) ?? 'windows-1252'
    else if (name === 'mac') this.#group.encoding = 'macintosh'
    else if (name === 'f' && this.#group.target === 'fonts') this.#font = value ?? 0
    else if (name === 'fcharset' && this.#group.target === 'fonts') this.#nameFont(value ?? 0)
    else if (name === 'f') this.#group.encoding = this.#fonts.get(value ?? 0) ?? this.#group.encoding
    else return false
    return true
  }

  /** Charset 0 says “the document's own”, so that it leaves the code page alone. */
  #nameFont(charset: number): void {
    const encoding = charset === 0 ? undefined : knownEncoding(CHARSETS[charset])
    this.#fonts.set(this.#font, encoding ?? this.#groups[0]?.encoding ?? 'windows-1252')
  }

  #takeStructure(name: string): void {
    if (name === 'par' || name === 'sect') this.#endParagraph()
    else if (name === 'page') {
      this.#endParagraph()
      if (this.#draft.page.text !== '' && this.#group.margin === undefined) this.#draft.startPage()
    } else if (name === 'pard') this.#inTable = false
    else if (name === 'intbl') this.#inTable = true
    else if (name === 'cell' || name === 'nestcell') {
      this.#row ??= []
      this.#row.push(this.#paragraph)
      this.#paragraph = ''
    } else if (name === 'row' || name === 'nestrow') {
      if (this.#row) this.#rows.push(this.#row)
      this.#row = undefined
    }
  }

  #endParagraph(margin = this.#group.margin): void {
    if (this.#row !== undefined || (this.#inTable && margin === undefined)) {
      this.#paragraph += '\n'
      return
    }
    if (this.#paragraph.trim() !== '') this.#endTable()
    this.#draft.add(margin ?? 'paragraph', this.#paragraph)
    this.#paragraph = ''
    this.#links = []
  }

  #endTable(): void {
    if (this.#row) this.#rows.push(this.#row)
    this.#row = undefined
    if (this.#rows.length > 0) this.#draft.table(this.#rows)
    this.#rows = []
  }
}

/** Destinations marked as optional that hold text all the same. */
const KNOWN_OPTIONAL = new Set(['shptxt', 'nesttableprops', 'fldinst', 'footnote'])
