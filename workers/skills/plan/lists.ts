import type { Deed } from './cues'
import { customField, knownFields, type NamedField } from './fields'
import type { Piece } from './goal'
import type { Ledger } from './ledger'

const READS =
  /(?<![\p{L}])(?:read|note down|grab|collect|find out|determine|capture|lies|lese|ermittle\p{L}*|hol\p{L}*|notier\p{L}*|übernimm)(?![\p{L}])/iu
const TAKES = /(?<![\p{L}])(?:take|get|nimm)(?![\p{L}])/iu
/** German verbs that end a list of what is to be read. */
const ENDS_LIST = /(?<![\p{L}])(?:auslesen|auszulesen|ausgelesen|extrahieren|extrahiert|erfassen|ermitteln|herauslesen|lesen)(?![\p{L}])/iu
/** Words that also name people and things: fields only where something is read. */
const SOFT: ReadonlySet<string> = new Set(['customer', 'issuer', 'parties', 'term', 'date', 'subject', 'currency'])
/** Where what is read ends: the document that it is read from. */
const SOURCE =
  /(?<![\p{L}])(?:(?:from|out of|aus|von|per|for|and then|in|into|with)(?![\p{L}])|(?:of|der|des) (?:the|each|every|an?|all|any|this|our|uploaded|\p{L}+ ?(?:invoice|contract|document|mail|rechnung|vertrag|dokument))(?![\p{L}])).*$/iu
const VERBS =
  /^(?:(?:and|then|please|und|dann|bitte|also|auch|zuerst|first)\s+)*(?:extract\p{L}*|read(?: out)?|capture|note down|grab|collect|determine|pull(?: out)?|lies|lese|ermittle\p{L}*|extrahiere?|erfasse?|notiere?|entnimm)(?: (?:dabei|bitte|aus (?:(?:der|jeder|jedem|den|dem|einer|einem|allen|unseren|eingehenden) )*\p{L}+))?(?![\p{L}])/iu

interface Around {
  index: number
  found: readonly Deed[]
  sends: number
  isCondition: boolean
}

/** Gathers the fields that a goal wants read: lists go over several pieces. */
export class FieldLists {
  readonly fields: NamedField[] = []
  private sentence = -1
  private extracts = false
  private reads = false

  constructor(
    private readonly pieces: readonly Piece[],
    private readonly ledger: Ledger,
  ) {}

  /** Fields that something else needs, such as a condition. Known ones are read anyway, unless a list names others. */
  want(fields: readonly NamedField[]): void {
    for (const field of fields) {
      const same = this.fields.find(({ name }) => name === field.name)
      if (same) same.isNumber ||= field.isNumber
      else this.fields.push({ ...field })
    }
  }

  /** Notes the fields that a piece wants read. True: it needs an extraction that it has not named itself. */
  read(text: string, piece: Piece, { index, found, sends, isCondition }: Around): boolean {
    if (piece.sentence !== this.sentence) {
      this.sentence = piece.sentence
      this.extracts = false
      this.reads = false
    }
    const isNamed = found.includes('analysis.extract')
    this.extracts ||= isNamed || this.endsBehind(index)
    this.reads ||= READS.test(piece.text) || TAKES.test(piece.text) || this.extracts
    const others = found.filter((deed) => deed !== 'analysis.extract').length + sends
    const mayBeCustom =
      !isCondition &&
      piece.joint !== 'condition' &&
      (isNamed ||
        ((this.extracts || READS.test(piece.text)) && others === 0) ||
        (this.reads && !TAKES.test(piece.text) && others === 0 && this.isItem(index)))
    const known = knownFields(text).filter(({ field }) => this.reads || !SOFT.has(field.name))
    const custom = mayBeCustom && known.length === 0 ? this.custom(text) : undefined
    for (const { start, end } of known) this.ledger.claim(piece.start + start, piece.start + end)
    if (custom) {
      const at = piece.text.indexOf(custom.words)
      this.ledger.claim(piece.start + at, piece.start + at + custom.words.length)
    }
    if (this.reads) this.claimVerbs(piece)
    this.want(custom ? [custom] : known.map(({ field }) => field))
    return (custom !== undefined || known.length > 0) && !isNamed
  }

  private custom(text: string): NamedField | undefined {
    const bare = text
      .replace(ENDS_LIST, ' ')
      .replace(VERBS, ' ')
      .replace(/⟦.*$/, '')
      .replace(/^\s*(?:and|und|sowie|as well as)\s+/i, '')
      .replace(SOURCE, '')
    const words = bare.replace(/\s+/g, ' ').trim()
    if (this.extracts || this.reads) {
      const mail = /^(?:the |die |der |seine |ihre )?(?<words>e-?mail(?: ?-?(?:address|adresse))?)$/iu.exec(words)?.groups?.words
      if (mail !== undefined) return { name: 'email', words: mail, isNumber: false, isCustom: true }
    }
    return customField(words)
  }

  private claimVerbs(piece: Piece): void {
    for (const pattern of [READS, TAKES, ENDS_LIST]) {
      const match = pattern.exec(piece.text)
      if (match) this.ledger.claim(piece.start + match.index, piece.start + match.index + match[0].length)
    }
  }

  /** "Name, Telefonnummer und Gehaltswunsch auslesen": the verb stands behind the list. */
  private endsBehind(index: number): boolean {
    const sentence = this.pieces[index]?.sentence
    for (let at = index; at < this.pieces.length && this.pieces[at]?.sentence === sentence; at += 1) {
      const text = this.pieces[at]?.text ?? ''
      if (ENDS_LIST.test(text)) return true
      if (text.includes('⟦') || text.split(/\s+/).length > 4) return false
    }
    return false
  }

  /** A piece of a few words between others of its sentence is one more thing of a list. */
  private isItem(index: number): boolean {
    const text = this.pieces[index]?.text ?? ''
    return text.split(/\s+/).length <= 8
  }
}
