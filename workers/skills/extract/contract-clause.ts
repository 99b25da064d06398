import { roleIn } from './contract-roles'
import { type Name, nameAt } from './party-names'

/** A side of a contract as its opening names it. Offsets are those of the text. */
export interface NamedParty {
  start: number
  end: number
  name: string
  /** What the contract calls it: `Provider`, `Auftragnehmerin`. */
  role: string | undefined
  /** A legal form, a form of address or a role stands with the name, so that it is no place and no subject. */
  isSure: boolean
}

/** Contracts name their parties at the beginning. */
const HEAD_CHARS = 4_000
const CLAUSE_CHARS = 1_500
const MAX_PARTIES = 12

const OPENING =
  /(?<![\p{L}])(?:(?:by and )?(?:between|among)|zwischen|entre les soussignés|entre las partes|entre|tra|tussen|the parties are|die parteien sind|parties|vertragsparteien|parteien)(?![\p{L}])\s*:?/giu
const CLOSING =
  /\b(?:WHEREAS|RECITALS?|Recitals|BACKGROUND|Background|WITNESSETH|NOW,? THEREFORE|Präambel|(?:wird|werden|ist)\s+(?:\p{L}+\s+){0,4}?folgende|schließen|vereinbaren|Il a été convenu|EXPONEN|PREMESSO|agree(?:s|d)?\s+(?:as|that|to))\b|\n\s*(?:§|Article\s|ARTICLE\s|Artikel\s)/u
/** A sentence ends; not at an abbreviation or an initial. */
const SENTENCE_END =
  /(?<!(?:^|[^\p{L}])(?:Inc|Ltd|Co|Corp|[Ss]tr|Dr|Prof|Nr|No|no|St|Mr|Mrs|Ms|L|S|A|B|V|e|geb|vertr|[A-Z])|(?:^|\s|\()\d{1,2})(?<!str)\.(?=\s+["“„]?\p{Lu}|\s*\n|\s+\d|\s*$)/u
const NUMBERED_CLAUSE = /\n\s*1\.\s/u

const CONNECTOR = /(?<![\p{L}])(?:[Aa]nd|[Uu]nd|sowie|et|y|e|en)(?![\p{L}])|;|\n|\(\s*(?:\d|[a-d]|i{1,3})\s*\)|(?<![\p{L}\p{N}.])\d\.\s|,/gu
/** What stands between a name and who acts for it, or where it is entered: names after it are no parties. */
const ACTING =
  /(?:vertreten durch|represented by|acting (?:by|through)|registered in|eingetragen (?:im|beim)|laws of|organi[sz]ed under|mit Sitz in|subsidiar|affiliates|formerly|tochter|attn|c\/o)(?![\s\S]*(?:[;)–—]|\n\s*-|\s-\s))/iu

/** A line that begins something, not one into which a sentence was broken. */
const LINE_BEGINS = /(?:[,;:)–—-]|(?<![\p{L}])(?:and|und|sowie)|\n)[ \t]*\n$/u

interface Start {
  at: number
  by: 'opening' | 'number' | 'and' | 'line' | 'comma'
}

function startsIn(clause: string): Start[] {
  const starts: Start[] = [{ at: 0, by: 'opening' }]
  for (const match of clause.matchAll(CONNECTOR)) {
    const sign = match[0]
    const by = sign === ',' ? 'comma' : sign === '\n' ? 'line' : sign === ';' || /\d|\(/.test(sign) ? 'number' : 'and'
    starts.push({ at: match.index + sign.length, by })
  }
  return starts
}

/** Whether what stands at a start is a party, by how it is led up to and what follows. */
function isParty(name: Name, { by, isAfterBracket }: Start & { isAfterBracket: boolean }, role: string | undefined, text: string): boolean {
  const words = text.split(/\s+/).length
  if (name.isFormal) return by !== 'line' || role !== undefined || words > 1
  if (name.isAddressed) return true
  if (by === 'comma' || by === 'line') return role !== undefined && words > 1 && (by === 'line' || isAfterBracket)
  if (by === 'and') return words > 1
  return true
}

/** Names in the words about a party are not parties; a comma parts those only that are listed straight after each other. */
const mayFollow = (between: string, by: Start['by']): boolean =>
  !ACTING.test(between) && (by !== 'line' || LINE_BEGINS.test(between)) && (by !== 'comma' || /^,$|\),$/.test(between.trim()))

function partiesIn(clause: string, offset: number): NamedParty[] {
  const parties: NamedParty[] = []
  const starts = startsIn(clause)
  let open = 0
  for (const [index, { at, by }] of starts.entries()) {
    if (at < open || parties.length >= MAX_PARTIES) continue
    const name = nameAt(clause, at)
    if (!name || (index === 0 && name.start > 60)) continue
    const last = parties.at(-1)
    const between = last ? clause.slice(last.end - offset, at) : ''
    if (last && !mayFollow(between, by)) continue
    const text = clause.slice(name.start, name.end)
    const role = roleIn(clause.slice(name.end, nextStart(clause, starts, name)))
    if (!isParty(name, { at, by, isAfterBracket: /\),$/.test(between.trim()) }, role, text)) continue
    parties.push({
      start: offset + name.start,
      end: offset + name.end,
      name: text.replace(/\s+/g, ' '),
      role,
      isSure: name.isFormal || name.isAddressed || ((role !== undefined || by === 'number') && text.includes(' ')),
    })
    open = name.end
  }
  return parties
}

/** Where the words about a party end: at the next that could be one, a name with a legal form or after `and`. */
function nextStart(clause: string, starts: readonly Start[], name: Name): number {
  const next = starts.find(({ at, by }) => {
    if (at <= name.end || by === 'comma' || by === 'line') return false
    const other = nameAt(clause, at)
    return (
      other !== undefined &&
      other.start - at < 30 &&
      (other.isFormal || other.isAddressed || by === 'number' || /\s/.test(clause.slice(other.start, other.end)))
    )
  })
  return next?.at ?? clause.length
}

const CONCLUDE = /(?<![\p{L}])(?:schließen|vereinbaren|conclude|(?:hereby\s+)?agree)(?![\p{L}])/gu
const paragraphAt = (text: string, at: number): number => {
  const blank = text.lastIndexOf('\n\n', at)
  return blank < 0 ? 0 : blank + 2
}

/** The words between the opening and what ends it. */
function clauseAt(head: string, from: number): string {
  const rest = head.slice(from, from + CLAUSE_CHARS)
  const ends = [CLOSING.exec(rest)?.index, SENTENCE_END.exec(rest)?.index]
  if (!/^\s*1\./.test(rest)) ends.push(NUMBERED_CLAUSE.exec(rest)?.index)
  return rest.slice(0, Math.min(rest.length, ...ends.filter((end) => end !== undefined)))
}

/** The parties that the opening of a contract names after `between` or its like; none where it names fewer than two. `lines` keeps its line breaks. */
export function partiesOfClause(lines: string): NamedParty[] {
  const head = lines.slice(0, HEAD_CHARS)
  let best: NamedParty[] = []
  const after = [...head.matchAll(OPENING)].slice(0, 6).map((opening) => opening.index + opening[0].length)
  // `X GmbH and Y AG conclude this agreement`: the paragraph begins with the names.
  const before = [...head.matchAll(CONCLUDE)].slice(0, 2).map(({ index }) => paragraphAt(head, index))
  for (const from of [...after, ...before]) {
    const parties = partiesIn(clauseAt(head, from), from)
    if (parties.length >= 2 && parties.filter(({ isSure }) => isSure).length > best.filter(({ isSure }) => isSure).length) best = parties
    if (best.length >= 2 && best.every(({ isSure }) => isSure)) break
  }
  return best
}
