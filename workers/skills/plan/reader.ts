import { ClauseReader } from './clause-reader'
import { aboutOf, type Condition, conditionOf, excludes, extended, hasFlag, noneOf, type Stated } from './conditions'
import { type Deed, deedsIn } from './cues'
import { allClassesIn } from './documents'
import { durationPlace } from './durations'
import type { NamedField } from './fields'
import type { Flag } from './findings'
import { isException, type Piece } from './goal'
import type { Ledger } from './ledger'
import { AWAITED, EACH_LINE, INSTEAD, JOINING, NAMES_ONLY, SOMEBODY, STARTS } from './phrases'
import { type Refrain, refrainIn } from './refrains'
import { receiversOnly, sendsIn } from './sends'
import type { If, Statement } from './statements'
import { blank } from './triggers'

interface Reading {
  pieces: readonly Piece[]
  labels: readonly string[]
  ledger: Ledger
  /** Conditions by the number of the piece, where the goal parts documents by class. */
  scopes: ReadonlyMap<number, Condition>
  /** The words that say how runs start are taken out already, and may leave half a clause behind. */
  startsItself: boolean
}

type Before = { list: Statement[]; count: number; sentence: number }

/** Puts what the pieces of a goal say together, in their order, under the conditions that reach them. */
export class Reader {
  private readonly root: Statement[] = []
  private list: Statement[] = this.root
  private lastIf: { node: If; at: Statement[] } | undefined
  /** Conditions that stand side by side and exclude each other, so that `otherwise` is about all of them. */
  private chain: If[] = []
  /** A condition that the next piece may go on with. */
  private open: If | undefined
  private sentence = 0
  private ofLine = false
  /** What the piece before has added, and where. */
  private before: Before | undefined
  /** Where a person was asked, something was waited for or a question was answered: what depends on that stands there too. */
  private readonly prior = new Map<Deed, Statement[]>()
  private readonly clauses: ClauseReader

  constructor(private readonly reading: Reading) {
    this.clauses = new ClauseReader(reading.pieces, reading.labels, reading.ledger)
  }

  read(): { statements: Statement[]; fields: NamedField[]; settled: ReadonlyMap<number, string>; attachmentTest: string | undefined } {
    for (const [index, piece] of this.reading.pieces.entries()) this.piece(piece, index)
    const { fields } = this.clauses.lists
    return { statements: this.root, fields, settled: this.clauses.settled, attachmentTest: this.clauses.attachmentTest }
  }

  private piece(piece: Piece, index: number): void {
    this.enterSentence(piece)
    if (piece.joint === 'else') this.enterElse(index)
    else if (INSTEAD.test(piece.text) && this.lastIf) this.list = this.lastIf.node.then
    const lined = this.enterLines(piece, index)
    const told = this.conditionOf({ ...piece, text: lined }, index)
    const refrain = refrainBehind(lined, piece, told)
    const stated = told ?? (refrain ? undefined : this.untold(piece))
    const rest = stated ? this.clauses.claimCondition(piece, lined, stated) : lined
    const goesOn = this.before?.sentence === piece.sentence
    const isDone = refrain !== undefined || this.addReceivers(piece, index)
    const acts = isDone ? [] : this.clauses.actsOf(rest, piece, { index, isCondition: stated !== undefined, goesOn })
    const statements: Statement[] = acts.map((act) => ({ kind: 'act', act }))
    if (INSTEAD.test(piece.text)) this.clauses.claimWords(piece, piece.text, INSTEAD)
    if (refrain) {
      this.clauses.claim(piece, refrain.start, refrain.end)
      statements.push({ kind: 'refrain', clause: index, words: lined.slice(refrain.start, refrain.end), from: refrain.from })
      this.clauses.settled.set(index, 'nothing is done')
    }
    if (stated) this.awaits(piece, stated.condition, index)
    const target = stated ? this.enter(stated.condition, statements.length > 0, index) : this.list
    target.push(...statements)
    for (const act of acts)
      if (['approval', 'wait', 'analysis.answer', 'analysis.compare'].includes(act.deed)) this.prior.set(act.deed as Deed, target)
    if (statements.length > 0) {
      this.before = { list: target, count: statements.length, sentence: piece.sentence }
      if (!stated) this.open = undefined
    }
    this.clauses.remember(piece)
  }

  /** "…, b@x and c@x": further receivers of the mail before. */
  private addReceivers(piece: Piece, index: number): boolean {
    const also = receiversOnly(piece.text)
    const last = this.before?.list.at(-1)
    if (also.length === 0 || last?.kind !== 'act' || last.act.deed !== 'action.mail' || this.before?.sentence !== piece.sentence)
      return false
    last.act.mails.push(...also)
    this.clauses.claim(piece, 0, piece.text.length)
    this.clauses.settled.set(index, 'one more receiver')
    return true
  }

  private enterSentence(piece: Piece): void {
    const isClass = this.lastIf && /class/.test(aboutOf(this.lastIf.node.condition))
    if (piece.sentence !== this.sentence || piece.joint === 'after' || (piece.joint === 'before' && !isClass)) {
      this.list = this.root
      this.open = undefined
    }
    if (piece.sentence !== this.sentence) this.ofLine = false
    this.sentence = piece.sentence
  }

  /** `otherwise`: of the last condition, or of all that stood side by side. */
  private enterElse(index: number): void {
    this.open = undefined
    if (this.lastIf === undefined) return
    this.clauses.settled.set(index, 'otherwise')
    if (this.chain.length < 2) {
      this.list = this.lastIf.node.else
      return
    }
    const node: If = { kind: 'if', clause: index, condition: noneOf(this.chain.map(({ condition }) => condition)), then: [], else: [] }
    this.lastIf.at.push(node)
    this.list = node.then
  }

  /** Opens "for each line item"; gives the piece without these words. */
  private enterLines(piece: Piece, index: number): string {
    const match = EACH_LINE.exec(piece.text)
    if (match === null) return piece.text
    const node: Statement = { kind: 'lines', clause: index, list: [] }
    this.list.push(node)
    this.list = node.list
    this.ofLine = true
    this.clauses.claim(piece, match.index, match.index + match[0].length)
    return blank(piece.text, match.index, match.index + match[0].length)
  }

  private conditionOf(piece: Piece, index: number): Stated | undefined {
    const stated = conditionOf(piece, this.clauses.mentioned(this.ofLine), this.continues(piece, index))
    const scope = this.reading.scopes.get(index)
    if (scope === undefined || (stated && /class/.test(aboutOf(stated.condition)))) return stated
    const at = piece.text.indexOf(scope.words)
    const spans = [{ start: at, end: at + scope.words.length }]
    if (stated === undefined) return { condition: scope, spans, asks: piece.joint === 'condition' }
    return { ...stated, condition: extended(scope, stated.condition, ''), spans: [...spans, ...stated.spans] }
  }

  /** Whether a piece may go on with the condition before it: "… and …", or one more of a list of tests. */
  private continues(piece: Piece, index: number): boolean {
    if (this.open === undefined || piece.joint !== 'next' || this.reading.scopes.has(index)) return false
    return (
      !piece.comma ||
      (deedsIn(piece.text).found.length === 0 &&
        !/⟦/.test(piece.text) &&
        !/^(?:then|dann)(?![\p{L}])/iu.test(piece.text) &&
        sendsIn(piece.text).length === 0)
    )
  }

  /** Of "A, B or C" each comma stands for the word before the last. */
  private isDisjunct(index: number): boolean {
    const sentence = this.reading.pieces[index]?.sentence
    const run = this.reading.pieces.slice(index).filter((piece) => piece.sentence === sentence)
    return run.some(({ text }) => /(?<![\p{L}])(?:or|oder)(?![\p{L}])/iu.test(text))
  }

  /** A condition that nobody can tell: what depends on it must not be done as if it held. */
  private untold(piece: Piece): Stated | undefined {
    const { ledger, startsItself } = this.reading
    if (piece.joint !== 'condition' || (STARTS.test(piece.text) && !SOMEBODY.test(piece.text))) return undefined
    if (
      startsItself &&
      !isException(piece.text) &&
      /^(?:and |und )?(?:when|whenever|as soon as|sobald|wenn|once|if)(?![\p{L}])/iu.test(piece.text) &&
      NAMES_ONLY.test(withoutClasses(piece.text))
    )
      return undefined
    if (ledger.unread(piece.start + (JOINING.exec(piece.text)?.[0].length ?? 0), piece.start + piece.text.length).length === 0)
      return undefined
    const { found } = deedsIn(piece.text)
    const end = found[0]?.start ?? piece.text.length
    return {
      condition: { kind: 'unknown', words: piece.text.slice(0, end).trim(), negated: false },
      spans: [{ start: 0, end }],
      asks: true,
    }
  }

  /** Opens a condition, goes on with the one before, or takes in what stands before it. */
  private enter(condition: Condition, hasActs: boolean, index: number): Statement[] {
    const piece = this.reading.pieces[index]
    if (this.open && piece && this.continues(piece, index) && !isException(piece.text)) {
      const joint = piece.comma && this.isDisjunct(index) ? 'or' : piece.text
      this.open.condition = extended(this.open.condition, condition, joint)
      const { then } = this.open
      if (hasActs) this.open = undefined
      this.clauses.settled.set(index, 'condition')
      return then
    }
    const trails = this.trails(index, hasActs)
    const node: If = { kind: 'if', clause: index, condition, then: [], else: [] }
    const at = this.place(condition, trails, index)
    if (trails && this.before) node.then.push(...this.governed(condition, this.before))
    at.push(node)
    this.chain =
      this.chain.length > 0 && this.lastIf?.at === at && excludes(condition, this.lastIf.node.condition) ? [...this.chain, node] : [node]
    this.lastIf = { node, at }
    if (trails) this.before = { list: at, count: 1, sentence: this.sentence }
    else this.list = node.then
    this.open = hasActs ? undefined : node
    return node.then
  }

  /** Whether a condition stands behind what it governs: "ask a person if …", "…, unless …". */
  private trails(index: number, hasActs: boolean): boolean {
    const piece = this.reading.pieces[index]
    if (hasActs || piece === undefined || this.before?.sentence !== piece.sentence || piece.joint !== 'condition') return false
    if (isException(piece.text) || !piece.comma) return !/^(?:and|und) /iu.test(piece.text)
    const next = this.reading.pieces[index + 1]
    return next === undefined || next.sentence !== piece.sentence || next.joint !== 'next' || !next.comma
  }

  /** What a condition behind it governs. Waiting itself goes on: it is what the condition looks at. */
  private governed(condition: Condition, { list, count }: Before): Statement[] {
    const taken = list.splice(-count)
    if (!hasFlag(condition, 'arrived') && !hasFlag(condition, 'missed')) return taken
    const waits = taken.filter((one) => one.kind === 'act' && one.act.deed === 'wait')
    const [event] = [AWAITED.exec(condition.words)?.groups?.what]
    for (const one of waits) if (one.kind === 'act' && event !== undefined) one.act.event = event
    list.push(...waits)
    return taken.filter((one) => !waits.includes(one))
  }

  /** The list that a condition stands in. */
  private place(condition: Condition, trails: boolean, index: number): Statement[] {
    const prior = PRIOR.find(([flag]) => hasFlag(condition, flag))?.[1]
    const asked = prior && this.prior.get(prior)
    if (trails) return this.before?.list ?? this.list
    if (asked) return asked
    const piece = this.reading.pieces[index]
    const isAlternative = this.lastIf && this.list === this.lastIf.node.then && this.lastIf.node.then.length > 0
    if (!isAlternative || this.lastIf === undefined || piece === undefined) return this.list
    return excludes(condition, this.lastIf.node.condition) ||
      (piece.joint === 'condition' && piece.comma && !/^(?:and|und) /iu.test(piece.text))
      ? this.lastIf.at
      : this.list
  }

  /** "If no answer comes in 7 days": the run has to wait for it first. */
  private awaits(piece: Piece, condition: Condition, index: number): void {
    const event = AWAITED.exec(condition.words)?.groups?.what
    if (event === undefined || this.prior.has('wait') || !(hasFlag(condition, 'missed') || hasFlag(condition, 'arrived'))) return
    const duration = durationPlace(piece.text)
    if (duration === undefined) return
    this.clauses.claim(piece, duration.start, duration.end)
    this.list.push({ kind: 'act', act: { deed: 'wait', words: duration.words, clause: index, event } })
    this.prior.set('wait', this.list)
  }
}

/** What is forbidden; in a piece with a condition only behind it: "if the customer does not answer" forbids nothing. */
function refrainBehind(text: string, piece: Piece, stated: Stated | undefined): Refrain | undefined {
  const refrain = refrainIn(text)
  if (refrain === undefined || piece.joint !== 'condition') return refrain
  return refrain.start >= (stated?.spans.at(-1)?.end ?? text.length) ? refrain : undefined
}

/** A piece without the classes that it names. */
const withoutClasses = (text: string): string =>
  allClassesIn(text)
    .reduce((words, { start, words: name }) => blank(words, start, start + name.length), text)
    .trim()

/** What a finding needs to have been asked for before. */
const PRIOR: readonly (readonly [Flag, Deed])[] = [
  ['rejected', 'approval'],
  ['approved', 'approval'],
  ['missed', 'wait'],
  ['arrived', 'wait'],
  ['abstained', 'analysis.answer'],
  ['changed', 'analysis.compare'],
]
