import { beyondIn } from './beyond'
import { fieldsIn, hasFlag, type Stated } from './conditions'
import { type Deed, deedsIn } from './cues'
import { allClassesIn } from './documents'
import { knownFields, type NamedField } from './fields'
import type { Flag } from './findings'
import type { Piece } from './goal'
import { labelFor } from './labels'
import type { Ledger } from './ledger'
import { FieldLists } from './lists'
import { objectsOf, SUBJECTS } from './objects'
import { AMOUNT, CONTINUES, EACH, JOINING, READS_IT, STARTS } from './phrases'
import { sendPlaces, sendsIn } from './sends'
import type { Act } from './statements'
import type { Mentioned } from './tests'
import { blank } from './triggers'

interface Around {
  index: number
  isCondition: boolean
  /** The piece before it in the sentence has said what is to be done. */
  goesOn: boolean
}

/** Reads single clauses: what each asks for, and which of its words that has used up. */
export class ClauseReader {
  readonly lists: FieldLists
  /** Clauses of which no step has to become, and why. */
  readonly settled = new Map<number, string>()
  /** Words of the test that asks whether anything is attached. */
  attachmentTest: string | undefined
  private number: NamedField | undefined
  private documentClass: string | undefined
  private flag: Flag | undefined

  constructor(
    private readonly pieces: readonly Piece[],
    private readonly labels: readonly string[],
    private readonly ledger: Ledger,
  ) {
    this.lists = new FieldLists(pieces, ledger)
  }

  mentioned(ofLine: boolean): Mentioned {
    const { number, documentClass, flag } = this
    return {
      number,
      documentClass,
      flag,
      ofLine,
      labels: this.labels,
      custom: this.lists.fields.filter(({ isCustom }) => isCustom),
    }
  }

  /** Notes what was understood of a condition; gives the piece without it. */
  claimCondition(piece: Piece, text: string, { spans, asks, condition }: Stated): string {
    for (const span of spans) for (const { start, end } of span.known ?? [span]) this.claim(piece, start, end)
    const joining = JOINING.exec(text)?.[0].length ?? 0
    this.claimWords(piece, piece.text.slice(0, (spans.at(-1)?.end ?? 0) + 20), SUBJECTS)
    this.number = fieldsIn(condition).findLast(({ isNumber }) => isNumber) ?? this.number
    if (hasFlag(condition, 'attached')) this.attachmentTest = text.slice(spans[0]?.start, spans.at(-1)?.end)
    this.lists.want(fieldsIn(condition))
    const rest = spans.reduce((words, { start, end }) => blank(words, start, end), text)
    this.claim(piece, 0, joining)
    this.claimWords(
      piece,
      text.slice(0, spans.at(-1)?.end),
      /(?<![\p{L}])(?:not|nicht|keine?\p{L}*|no|neither|nor|either|entweder|weder|noch|only|nur|never)(?![\p{L}])|n['’]t/giu,
    )
    return asks ? blank(rest, 0, spans[0]?.start ?? 0) : rest
  }

  /** What a piece asks for, from its text without the condition. */
  actsOf(text: string, piece: Piece, { index, isCondition, goesOn }: Around): Act[] {
    const { found, rest } = deedsIn(text)
    const about = beyondIn(text)
    // "Have a person approve" names a person who gets no mail, and "draft a reply" sends none.
    const namesNobody = found.some(({ deed }) => deed === 'approval' || deed === 'analysis.draft')
    const sends = about.length > 0 ? [] : sendsIn(namesNobody ? rest : text, namesNobody)
    this.noteFlags(
      found.map(({ deed }) => deed),
      text,
    )
    for (const { deed, known } of found) {
      for (const place of known) this.claim(piece, place.start, place.end)
      const covered = objectsOf(deed)
      if (covered) this.claimWords(piece, piece.text, covered)
    }
    if (sends.length > 0) for (const { start, end } of sendPlaces(text, sends)) this.claim(piece, start, end)
    const before = this.lists.fields.length
    const wants = this.lists.read(rest, piece, { index, found: found.map(({ deed }) => deed), sends: sends.length, isCondition })
    const fields = this.lists.fields.slice(before).map(({ words }) => words)
    if (fields.length > 0 || wants) this.settled.set(index, fields.length > 0 ? `fields ${fields.join(', ')}` : 'fields')
    const acts = [
      ...found.map(({ deed, words }) => ({ deed, words: deed === 'approval' ? text.trim() : words })),
      ...(wants ? [{ deed: 'analysis.extract' as const, words: piece.text }] : []),
      ...(about.length > 0 ? [{ deed: 'beyond' as const, words: text.trim(), about }] : []),
      ...sends,
    ].map((act): Act => ({ ...act, clause: index }))
    if (about.length > 0) this.claim(piece, 0, piece.text.length)
    this.claimCommon(piece, index, acts.length > 0 || isCondition || wants)
    return acts.length > 0 || isCondition || this.isSettled(piece, index, goesOn) ? acts : this.beyond(piece, index)
  }

  /** What nothing is known for is an act that cannot be done. */
  private beyond(piece: Piece, index: number): Act[] {
    this.claim(piece, 0, piece.text.length)
    return [{ deed: 'beyond', words: piece.text, about: [], clause: index }]
  }

  /** Words that every plan honours: what starts a run, the class that its documents are taken for, the order of things. */
  private claimCommon(piece: Piece, index: number, isUsed: boolean): void {
    this.claim(piece, 0, JOINING.exec(piece.text)?.[0].length ?? 0)
    for (const { start, words } of allClassesIn(piece.text)) this.claim(piece, start, start + words.length)
    for (const label of this.labels) this.claimWords(piece, piece.text, new RegExp(escaped(label), 'giu'))
    this.claimWords(piece, piece.text, EACH)
    if (this.pieces[index + 1]?.joint === 'condition')
      this.claimWords(piece, piece.text, /(?<![\p{L}])(?:only then|nur dann|only|nur)(?![\p{L}])/giu)
    if (piece.joint === 'condition' || piece.joint === 'start' || isUsed)
      this.claimWords(piece, piece.text, new RegExp(STARTS.source, 'giu'))
    if (READS_IT.test(piece.text)) this.settled.set(index, 'ingest')
    if (READS_IT.test(piece.text)) this.claimWords(piece, piece.text, READS_IT)
  }

  private isSettled(piece: Piece, index: number, goesOn: boolean): boolean {
    const isRead = this.ledger.unread(piece.start, piece.start + piece.text.length).length === 0
    if (isRead) this.settled.set(index, this.settled.get(index) ?? 'how the run starts or what it is about')
    return isRead || (goesOn && piece.joint === 'next' && CONTINUES.test(piece.text))
  }

  claim(piece: Piece, start: number, end: number): void {
    this.ledger.claim(piece.start + start, piece.start + end)
  }

  claimWords(piece: Piece, text: string, pattern: RegExp): void {
    for (const match of text.matchAll(pattern.global ? pattern : new RegExp(pattern.source, `g${pattern.flags}`)))
      this.claim(piece, match.index, match.index + match[0].length)
  }

  private noteFlags(deeds: Deed[], text: string): void {
    if (deeds.includes('analysis.pii')) this.flag = 'pii'
    if (deeds.includes('analysis.injection')) this.flag = 'suspicious'
    if (deeds.includes('quality.check')) this.flag = /duplicate|dublette|doppelt/i.test(text) ? 'duplicate' : 'failed'
  }

  remember({ text }: Piece): void {
    const amount = this.lists.fields.findLast(({ isCustom, words }) => isCustom && AMOUNT.test(words) && text.includes(words))
    this.number =
      knownFields(text).findLast(({ field }) => field.isNumber)?.field ?? (amount && { ...amount, isNumber: true }) ?? this.number
    const named = allClassesIn(text).at(-1)
    this.documentClass = (named && labelFor(named.words, this.labels)) ?? named?.name ?? this.documentClass
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
