import type { Condition } from './conditions'
import { allClassesIn } from './documents'
import type { Piece } from './goal'
import { labelFor } from './labels'

const RECEIVER = /⟦[um]\d+⟧|(?<![\p{L}])(?:go(?:es)?|gehen|geht|nowhere|nirgendwohin)(?![\p{L}])/iu
/** What may stand before the class that a piece is about. */
const LEAD =
  /^(?:(?:and|und|then|dann|but|aber|please|bitte|only|nur|all|alle|any|every|each|jede[nrs]?|new|neue|incoming|eingehende|the|die|an?|eine?|forward|send|mail|post|route|pass|leite?|schicke?|sende|when|whenever|once|as soon as|if|wenn|sobald|falls|uploaded|hochgeladene)\s+)*$/iu
const ARRIVES =
  /(?<![\p{L}])(?:arrives?|comes? in|comes|is received|is uploaded|uploaded|kommt|eintrifft|eingeht|hochgeladen|lands?)(?![\p{L}])/iu

/** A kind of paper that no table knows, where the goal parts papers: "parking tickets to …". */
const UNKNOWN =
  /^(?:(?:and|und|forward|send|mail|route|pass|leite|schicke?|sende)\s+)*(?<noun>(?!(?:it|them|this|that|everything|anything|all|the|a|an|and|und|it|reply|summary|results?|fields?|to|an|alles|alle|die|der|das|den|sie|ihn|es|others?|rest)(?![\p{L}]))\p{L}+(?: \p{L}+)?) (?:go(?:es)? to|gehen an|geht an|to|an) ⟦/iu

function unknownIn({ text, joint }: Piece): { name: string; words: string; start: number } | undefined {
  const words = joint === 'condition' || joint === 'else' ? undefined : UNKNOWN.exec(text)?.groups?.noun
  return words === undefined || /(?<![\p{L}])(?:mail|it|copy|message|answer|report|contents?)s?(?![\p{L}])/iu.test(words)
    ? undefined
    : { name: words.replace(/(?<=[a-z]{3})s$/, ''), words, start: text.indexOf(words) }
}

/**
 * Pieces that say what happens to documents of one class where the goal parts documents by class: "sick notes to …, invoices to …,
 * everything else to …". Gives the condition of each by the number of the piece. A goal about one class parts nothing.
 */
export function classScopes(
  pieces: readonly Piece[],
  labels: readonly string[],
  hasTests: (piece: Piece) => boolean,
): Map<number, Condition> {
  const isParted = pieces.filter(({ text }) => allClassesIn(text).length > 0 && RECEIVER.test(text)).length > 0
  const subjects = pieces.flatMap((piece, index) => {
    const first = allClassesIn(piece.text)[0] ?? (isParted && pieces.length > 1 ? unknownIn(piece) : undefined)
    const receiver = RECEIVER.exec(piece.text)?.index ?? (piece.joint === 'condition' ? ARRIVES.exec(piece.text)?.index : undefined)
    if (first === undefined || receiver === undefined || receiver < first.start || !LEAD.test(piece.text.slice(0, first.start))) return []
    return [{ index, name: labelFor(first.words, labels) ?? first.name, words: first.words, isBare: !hasTests(piece) }]
  })
  const hasElse = pieces.some(({ joint }) => joint === 'else')
  const parts =
    new Set(subjects.map(({ name }) => name)).size > 1 || (hasElse && subjects.length === 1 && subjects.every(({ isBare }) => isBare))
  const isListed = subjects.some(({ name }) => labels.includes(name))
  if (!parts && !isListed) return new Map()
  return new Map(
    subjects.map(({ index, name, words }) => [
      index,
      { kind: 'test', test: { kind: 'class', name }, words, negated: false } satisfies Condition,
    ]),
  )
}
