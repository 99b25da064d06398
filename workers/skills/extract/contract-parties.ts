import type { WholeText } from '../text/whole'
import { COMPANY, foldName, isLegalForm } from './names'

export interface Party {
  start: number
  end: number
  name: string
  score: number
}

/** Parties are named in the first pages; the rest only repeats them. */
const HEAD_CHARS = 6_000
const WINDOW_CHARS = 700
const MAX_PARTIES = 12

const OPENING =
  /(?<![\p{L}])(?:(?:by and )?(?:between|among)|(?:is )?(?:made|entered into|executed)(?: and entered into)?[^.]{0,60}? by|zwischen|entre les soussignés|entre las partes|entre|tra|tussen)(?![\p{L}])\s*:?/giu
const CLOSING = /\b(?:WHEREAS|RECITALS?|WITNESSETH|NOW,? THEREFORE|Präambel|wird folgende|Il a été convenu|EXPONEN|PREMESSO)\b/u
const PERSON = "(?:[\\p{Lu}][\\p{L}’'-]+|[\\p{Lu}]\\.)(?:\\s+(?:[\\p{Lu}][\\p{L}’'-]+|[\\p{Lu}]\\.|de|van|von|der|del|di)){1,3}"
/** `Name, a Delaware corporation (the “Company”)`: what stands before a defined term. */
const DEFINED = new RegExp(
  `(?<name>${PERSON})(?:,?\\s+(?:M\\.?D\\.?|Ph\\.?\\s?D\\.?|Jr\\.?|Esq\\.?))*(?:,\\s+(?:an? |the |whose |residing |with )[^()“”"]{3,160}?)?,?\\s*\\((?:the |hereinafter |herein |each,? |as |collectively,? |individually,? |“|"|'|nachfolgend |im folgenden |ci-après |en adelante )*[“"„«'‘]?(?:[\\p{Lu}])`,
  'gu',
)
const ROLE =
  /^(?:company|employer|employee|executive|director|consultant|contractor|recipient|discloser|party|parties|agreement|board|buyer|seller|purchaser|licensee|licensor|effective date|auftraggeber|auftragnehmer|the|this|confidential|state|exhibit|section|non-?\p{L}+|mutual|date)\b/iu
/** `a Delaware Corporation` says what a party is, not who. */
const KIND_ONLY = /^\p{L}+(?:\s+\p{L}+)? (?:corporation|company|limited|partnership|trust)$/iu
const STATES =
  /^(?:delaware|nevada|california|new york|texas|florida|ohio|georgia|virginia|maryland|washington|oregon|utah|minnesota|michigan|massachusetts|new jersey|pennsylvania|illinois|colorado|arizona|indiana|wisconsin|british columbia|ontario|cayman islands|english|german|swiss|dutch|french)\b/iu
const NOT_PERSON =
  /\b(?:agreement|corporation|company|state|street|avenue|road|suite|delaware|california|york|exhibit|confidential(?:ity)?|disclosure|effective|date|section|laws?|county|information|inc|llc|board|directors|services?|vereinbarung|vertrag|contrat|contrato|united states)\b/iu

const clean = (name: string): string =>
  name
    .replace(/\s+/g, ' ')
    .replace(/^(?:and|the|between|among|by|und|et|der|die|das|y|e)\s+/iu, '')
    .replace(/\s+([,.])/g, '$1')
    .trim()

/** Companies by their legal form in a stretch of text. */
function companies(text: string, from: number, to: number, score: number): Party[] {
  return [...text.slice(from, to).matchAll(COMPANY)].flatMap((match) => {
    const name = clean(match[0])
    const lead = match[0].length - match[0].trimStart().length + Math.max(0, match[0].indexOf(name.split(' ')[0] ?? ''))
    return ROLE.test(name) || foldName(name).length < 2 || (KIND_ONLY.test(name) && STATES.test(name))
      ? []
      : [{ start: from + match.index + lead, end: from + match.index + match[0].length, name, score }]
  })
}

/** People and companies that a defined term follows. */
function defined(text: string, from: number, to: number, score: number): Party[] {
  return [...text.slice(from, to).matchAll(DEFINED)].flatMap((match) => {
    const name = clean(match.groups?.name ?? '')
    const start = from + match.index + (match.groups?.name ?? '').indexOf(name.split(' ')[0] ?? '')
    return NOT_PERSON.test(name) || ROLE.test(name) || !name.includes(' ')
      ? []
      : [{ start, end: start + (match.groups?.name ?? '').length, name, score }]
  })
}

/** `Ixia, a California corporation`: a name that its kind of company follows. */
const DESCRIBED =
  /(?<name>\p{Lu}[\p{L}\p{N}&.'’-]*(?:\s+(?:&|and|of|\p{Lu}[\p{L}\p{N}&.'’-]*)){0,5}),?\s+an?\s+(?:\p{Lu}\p{L}+\s+){0,3}(?:corporation|limited liability|company|partnership|limited partnership|general partnership|trust|bank)/gu

function described(text: string, from: number, to: number, score: number): Party[] {
  return [...text.slice(from, to).matchAll(DESCRIBED)].flatMap((match) => {
    const name = clean(match.groups?.name ?? '')
    const start = from + match.index + match[0].indexOf(name.split(' ')[0] ?? '')
    return ROLE.test(name) || isLegalForm(name) ? [] : [{ start, end: from + match.index + (match.groups?.name ?? '').length, name, score }]
  })
}

/** The two sides of `between A and B`, where they carry neither form nor defined term. */
function plainSides(text: string, from: number, to: number): Party[] {
  const sides = new RegExp(`^\\s*(?<first>${PERSON})\\s*(?:,[^,]{0,80},)?\\s+(?:and|und|et|y|e|en)\\s+(?<second>${PERSON})`, 'u').exec(
    text.slice(from, to),
  )
  return [sides?.groups?.first, sides?.groups?.second].flatMap((raw) => {
    const name = clean(raw ?? '')
    if (!raw || NOT_PERSON.test(name) || ROLE.test(name)) return []
    const start = from + text.slice(from, to).indexOf(raw)
    return [{ start, end: start + raw.length, name, score: 0.55 }]
  })
}

/** Each party once, in order of standing; the longer way of writing it stays. */
function distinct(parties: Party[]): Party[] {
  const kept: Party[] = []
  for (const party of [...parties].sort((a, b) => b.score - a.score || a.start - b.start)) {
    const folded = foldName(party.name)
    if (
      !kept.some(
        (other) => foldName(other.name) === folded || foldName(other.name).includes(folded) || folded.includes(foldName(other.name)),
      )
    )
      kept.push(party)
  }
  return kept.sort((a, b) => a.start - b.start).slice(0, MAX_PARTIES)
}

/** Who concludes a contract: named after `between`, before a defined term, or as companies at its beginning. */
export function findParties({ text }: WholeText): Party[] {
  const head = text.slice(0, HEAD_CHARS)
  const opening = [...head.matchAll(OPENING)][0]
  const found: Party[] = []
  if (opening) {
    const from = opening.index + opening[0].length
    const rest = head.slice(from, from + WINDOW_CHARS)
    const closing = CLOSING.exec(rest)?.index ?? rest.length
    found.push(
      ...companies(head, from, from + closing, 0.85),
      ...described(head, from, from + closing, 0.8),
      ...defined(head, from, from + closing, 0.8),
      ...plainSides(head, from, from + closing),
    )
  }
  if (found.length < 2) found.push(...defined(head, 0, 2_500, 0.6), ...companies(head, 0, 2_500, 0.5).slice(0, 2))
  return distinct(found)
}
