import { classScopes } from './class-scopes'
import { conditionOf, testsOf } from './conditions'
import { allClassesIn } from './documents'
import type { NamedField } from './fields'
import { type Goal, type Piece, piecesOf } from './goal'
import { labelFor, readLabels } from './labels'
import { Ledger } from './ledger'
import { Reader } from './reader'
import { type If, listsOf, type Statement, withRefrains } from './statements'
import { readTrigger } from './triggers'

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
  /** Classes by which the goal decides something. */
  gated: string[]
  /** Whether each attachment is to be worked on by itself. */
  eachAttachment: boolean
  /** The clauses of the goal. */
  pieces: Piece[]
  /** Clauses of which nothing has to become of: what they say is done by every run. */
  settled: ReadonlyMap<number, string>
  ledger: Ledger
}

const ATTACHMENTS = /(?<![\p{L}])(?:attachments?|attached|anh(?:ang|änge\p{L}*)|angehängte\p{L}*|beigefügte\p{L}*)(?![\p{L}])/iu

/** Reads a goal: what is to be done, under which conditions, in which order. */
export function understand(goal: Goal): Understanding {
  const ledger = new Ledger(goal.text)
  const trigger = readTrigger(goal.text)
  for (const { start, end } of trigger.places) ledger.claim(start, end)
  const { labels: listed, text, place } = readLabels(trigger.rest)
  if (place) ledger.claim(place.start, place.end)
  const pieces = piecesOf({ text })
  const nothing = { number: undefined, documentClass: undefined, flag: undefined, labels: listed, custom: [], ofLine: false }
  const scopes = classScopes(pieces, listed, (piece) => conditionOf(piece, nothing, false) !== undefined)
  const reader = new Reader({ pieces, labels: listed, ledger, scopes, startsItself: trigger.kind !== 'api' })
  const { statements, fields, settled, attachmentTest } = reader.read()
  const gated = [
    ...new Set(
      ifsOf(statements).flatMap(({ condition }) => [...testsOf(condition)].flatMap((test) => (test.kind === 'class' ? [test.name] : []))),
    ),
  ]
  const classes = [...new Set(allClassesIn(goal.text).map(({ name }) => name))]
  return {
    trigger,
    statements: withRefrains(statements),
    fields,
    labels: labelsFor(listed, gated),
    gated,
    classes: classes.filter((name) => !allClassesIn(name.replace(/_/g, ' ')).some(({ isOwn }) => isOwn)),
    eachAttachment: ATTACHMENTS.test(attachmentTest ? goal.text.replace(attachmentTest, '') : goal.text),
    pieces: withAllWords(goal.text, pieces),
    settled,
    ledger,
  }
}

/** One class of the tenant's own among those that decide makes the built-in classes useless: all are told apart by names then. */
function labelsFor(listed: string[], gated: string[]): string[] {
  const isBuiltIn = (name: string) => allClassesIn(name.replace(/_/g, ' ')).some((place) => !place.isOwn && place.name === name)
  if (listed.length === 0 && gated.every(isBuiltIn)) return []
  return [...new Set([...listed, ...gated.filter((name) => labelFor(name, listed) === undefined)])]
}

const ifsOf = (statements: readonly Statement[]): If[] =>
  statements.flatMap((statement) => [...(statement.kind === 'if' ? [statement] : []), ...listsOf(statement).flatMap((list) => ifsOf(list))])

/** The pieces with the words that were blanked out to read them: each reaches up to the next. */
const withAllWords = (text: string, pieces: Piece[]): Piece[] =>
  pieces.map((piece, index) => {
    const start = index === 0 ? 0 : piece.start
    return { ...piece, start, text: text.slice(start, pieces[index + 1]?.start ?? text.length) }
  })
