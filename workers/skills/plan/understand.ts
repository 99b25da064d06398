import { beyondIn } from './beyond'
import { type Condition, conditionIn, type Flag, type Mentioned } from './conditions'
import { type Deed, deedsIn } from './cues'
import { classesIn } from './documents'
import { customField, knownFields, type NamedField } from './fields'
import { type Goal, type Piece, piecesOf } from './goal'
import { readLabels } from './labels'
import { type Send, sendsIn } from './sends'
import { readTrigger } from './triggers'

export type Act = Send | { deed: Deed; words: string } | { deed: 'beyond'; words: string; about: string[] }
export type Statement = { kind: 'act'; act: Act } | { kind: 'if'; condition: Condition; then: Statement[]; else: Statement[] }

/** What a goal says, in its order, before it is known which steps there are. */
export interface Understanding {
  trigger: ReturnType<typeof readTrigger>
  statements: Statement[]
  /** Fields that are to be read, in the order of the goal. */
  fields: NamedField[]
  /** Classes of documents that the goal speaks of. */
  classes: string[]
  /** The tenant's own classes. */
  labels: string[]
  /** Whether each attachment is to be worked on by itself. */
  eachAttachment: boolean
}

const ATTACHMENTS = /(?<![\p{L}])(?:attachments?|attached|anh(?:ang|änge\p{L}*)|angehängte\p{L}*|beigefügte\p{L}*)(?![\p{L}])/iu
const STARTS =
  /(?<![\p{L}])(?:arriv\p{L}*|comes? in|received?|upload\p{L}*|lands?|kommt|komm|eintrifft|eingeht|hochgeladen|hochlädt|reinkommt|there is|somebody|someone)(?![\p{L}])/iu
/** Pieces that only say that something is read, which every run does first. */
const HARMLESS =
  /^(?:and |then |und |dann )*(?:please |bitte )?(?:read|open|take|process|handle|look at|receive|lies|lese|nimm|verarbeite\p{L}*|öffne|bearbeite\p{L}*|get|fetch)(?![\p{L}])/iu
const READS =
  /(?<![\p{L}])(?:read|take|note|grab|collect|find out|determine|lies|nimm|ermittle\p{L}*|hol\p{L}*|notier\p{L}*|übernimm)(?![\p{L}])/iu
/** Words that also name people and things: fields only where something is read. */
const SOFT: ReadonlySet<string> = new Set(['customer', 'issuer', 'parties', 'term', 'date', 'subject', 'currency'])
/** A further thing of a list, not a further thing to do: "and the new price list", "und Excel". */
const CONTINUES = /^(?:and|or|und|oder)\s+(?:(?:the|an?|its|their|our|my|die|der|das|den|dem|ein|eine|einen|alle)(?![\p{L}])|\p{Lu})/u
const JOIN = /^\s*(?:and|und)\s+/i
const FROM = /(?<![\p{L}])(?:from|of|in|out of|aus|von|der|des|aus)(?![\p{L}]).*$/iu

/** Reads a goal: what is to be done, under which conditions, in which order. */
export function understand(goal: Goal): Understanding {
  const trigger = readTrigger(goal.text)
  const { labels, text } = readLabels(trigger.rest)
  const reader = new Reader(piecesOf({ text }), labels, trigger.kind !== 'api')
  return {
    trigger,
    ...reader.read(),
    labels,
    classes: [...new Set(classesIn(goal.text).map(({ name }) => name))],
    eachAttachment: ATTACHMENTS.test(goal.text),
  }
}

type If = Extract<Statement, { kind: 'if' }>

class Reader {
  private readonly root: Statement[] = []
  private list: Statement[] = this.root
  private lastIf: If | undefined
  private sentence = 0
  private fields: NamedField[] = []
  private number: NamedField | undefined
  private documentClass: string | undefined
  private flag: Flag | undefined
  private extracts = false
  private reads = false
  /** What the piece before has added, and where. */
  private before: { list: Statement[]; count: number } | undefined

  constructor(
    private readonly pieces: Piece[],
    private readonly labels: string[],
    /** The words that say how runs start are taken out already, and may leave half a clause behind. */
    private readonly startsItself: boolean,
  ) {}

  read(): { statements: Statement[]; fields: NamedField[] } {
    for (const [index, piece] of this.pieces.entries()) this.piece(piece, index)
    return { statements: this.root, fields: this.fields }
  }

  private piece(piece: Piece, index: number): void {
    if (piece.sentence !== this.sentence || piece.joint === 'after' || piece.joint === 'before') this.list = this.root
    if (piece.sentence !== this.sentence) {
      this.extracts = false
      this.reads = false
    }
    this.sentence = piece.sentence
    if (piece.joint === 'else' && this.lastIf) this.list = this.lastIf.else
    const asks = piece.joint === 'condition' || /(?<![\p{L}])(?:if|wenn|falls|unless)(?![\p{L}])/iu.test(piece.text)
    const stated = conditionIn(piece.text, asks, this.mentioned())
    const acts = this.actsOf(stated?.rest ?? piece.text, piece, stated !== undefined)
    const target = stated ? this.enter(stated.condition, acts.length > 0, index) : this.list
    const wrapped = stated ? undefined : this.labelled(piece.text, acts)
    for (const act of acts) (wrapped?.then ?? target).push({ kind: 'act', act })
    if (acts.length > 0) this.before = { list: wrapped ? this.list : target, count: wrapped ? 1 : acts.length }
    this.remember(piece.text)
  }

  private mentioned(): Mentioned {
    return { number: this.number, documentClass: this.documentClass, flag: this.flag, labels: this.labels }
  }

  private remember(text: string): void {
    this.number = knownFields(text).findLast(({ field }) => field.isNumber)?.field ?? this.number
    this.documentClass = classesIn(text).at(-1)?.name ?? this.documentClass
  }

  /** Opens a condition; one that stands behind what it governs takes that in. */
  private enter(condition: Condition, hasActs: boolean, index: number): Statement[] {
    const next = this.pieces[index + 1]
    const leads = hasActs || (next !== undefined && next.sentence === this.sentence && !['after', 'before', 'else'].includes(next.joint))
    const node: If = { kind: 'if', condition, then: [], else: [] }
    if (!leads && this.before) node.then.push(...this.before.list.splice(-this.before.count))
    ;(leads ? this.list : (this.before?.list ?? this.list)).push(node)
    this.lastIf = node
    if (leads) this.list = node.then
    else this.before = { list: this.before?.list ?? this.list, count: 1 }
    return node.then
  }

  /** "Mail applications to …" after "is it an application or a pitch": what is sent says for which class. */
  private labelled(text: string, acts: Act[]): If | undefined {
    if (!acts.some(({ deed }) => deed === 'action.mail' || deed === 'action.webhook')) return undefined
    const label = this.labels.find((name) => {
      const last = name.toLowerCase().split(/\s+/).at(-1) ?? ''
      return last.length > 3 && new RegExp(`(?<![\\p{L}])${last.replace(/[^\p{L}\d]/gu, '')}(?:s|en|n|e)?(?![\\p{L}])`, 'iu').test(text)
    })
    if (label === undefined) return undefined
    const node: If = { kind: 'if', condition: { kind: 'class', name: label, words: text, negated: false }, then: [], else: [] }
    this.list.push(node)
    this.lastIf = node
    return node
  }

  private actsOf(text: string, piece: Piece, isCondition: boolean): Act[] {
    const { found, rest } = deedsIn(text)
    const about = beyondIn(text)
    // "Have a person approve" names a person who gets no mail, and "draft a reply" sends none.
    const namesNobody = found.some(({ deed }) => deed === 'approval' || deed === 'analysis.draft')
    const sends = about.length > 0 ? [] : sendsIn(namesNobody ? rest : text)
    this.noteFlags(found.map(({ deed }) => deed))
    const extraction = found.find(({ deed }) => deed === 'analysis.extract')
    this.extracts ||= extraction !== undefined
    this.reads ||= READS.test(text) || this.extracts
    const listGoesOn = this.extracts && found.length + sends.length === 0 && !isCondition
    const named = extraction ? text.slice(extraction.start + extraction.words.length) : rest
    const fields = this.fieldsOf(named, extraction !== undefined || listGoesOn)
    const acts: Act[] = [
      ...found.map(({ deed, words }) => ({ deed, words })),
      ...(fields && !extraction ? [{ deed: 'analysis.extract' as const, words: text }] : []),
      ...(about.length > 0 ? [{ deed: 'beyond' as const, words: text, about }] : []),
      ...sends,
    ]
    if (acts.length > 0 || isCondition || this.isNothing(piece)) return acts
    return [{ deed: 'beyond', words: piece.text, about: [] }]
  }

  private noteFlags(deeds: Deed[]): void {
    if (deeds.includes('analysis.pii')) this.flag = 'pii'
    if (deeds.includes('analysis.injection')) this.flag = 'suspicious'
    if (deeds.includes('quality.check')) this.flag = 'failed'
  }

  /** Notes the fields that a piece wants read; true when there are any. The field of a condition is added where it is checked. */
  private fieldsOf(text: string, mayBeCustom: boolean): boolean {
    const known = knownFields(text).flatMap(({ field }) => (this.reads || !SOFT.has(field.name) ? [field] : []))
    const custom = mayBeCustom && known.length === 0 ? customField(text.replace(/⟦.*$/, '').replace(JOIN, '').replace(FROM, '')) : undefined
    const wanted = custom ? [custom] : known
    for (const field of wanted) if (!this.fields.some(({ name }) => name === field.name)) this.fields.push(field)
    return wanted.length > 0
  }

  private isNothing({ text, joint }: Piece): boolean {
    return (
      (joint === 'next' && this.before !== undefined && CONTINUES.test(text)) ||
      /^(?:for|für) (?:each|every|all|jede\p{L}*|alle)(?![\p{L}])/iu.test(text) ||
      (joint === 'condition' && (STARTS.test(text) || (this.startsItself && classesIn(text).length > 0))) ||
      HARMLESS.test(text) ||
      STARTS.test(text) ||
      text.includes('⟦l') ||
      !/\p{L}{4}/u.test(text)
    )
  }
}
