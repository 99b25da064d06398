import { COMPANY, foldName, isLegalForm } from './names'

/** A place where a company or a person is named. */
export interface PartyMention {
  start: number
  end: number
  name: string
  kind: 'company' | 'person'
  /** Words that say what it is follow the name: a kind of company, a defined term. */
  described: boolean
}

/** Parties are named in the first pages; the rest only repeats them. */
export const HEAD_CHARS = 6_000
/** They sign on the last. */
export const TAIL_CHARS = 3_000

const WORD = "\\p{Lu}[\\p{L}\\p{N}&.'’-]*"
const PERSON = "(?:[\\p{Lu}][\\p{L}’'-]+|[\\p{Lu}]\\.)(?:\\s+(?:[\\p{Lu}][\\p{L}’'-]+|[\\p{Lu}]\\.|de|van|von|der|del|di)){1,3}"
/** What may stand between a name and the bracket with its defined term. */
const APPOSITION =
  ',?(?:\\s+(?:M\\.?D\\.?|Ph\\.?\\s?D\\s?\\.?|Jr\\.?|Esq\\.?|an individual)\\s?,?)*(?:,?\\s+(?:an? |the |whose |residing |with |having |located )[^()“”"]{3,160}?)?,?\\s*'
const TERM =
  '(?:\\(\\s*(?:the |hereinafter |hereafter |herein |each,? |as |collectively,? |individually,? |referred to |called |together |nachfolgend |im folgenden |ci-après |en adelante |“|"|\')*[“"„«\'‘]?[\\p{Lu}]|,?\\s*\\(?(?:hereinafter|hereafter|nachfolgend|ci-après|en adelante)\\b)'
const DEFINED = new RegExp(`(?<name>${PERSON})${APPOSITION}${TERM}`, 'gu')
/** `Ixia, a California corporation`, `99¢ Only Stores (the “Company”)`. */
const DESCRIBED = new RegExp(
  `(?<name>(?:\\d+\\S? )?${WORD}(?:\\s+(?:&|and|of|${WORD})){0,5}),?\\s+an?\\s+(?:[\\p{L}-]+\\s+){0,4}(?:corporation|limited liability|company|partnership|trust|bank|subsidiary|association)`,
  'gu',
)
const TERMED = new RegExp(
  `(?<name>(?:\\d+\\S? )?${WORD}(?:\\s+(?:&|of|${WORD})){0,5})\\s*\\((?:the |hereinafter |together |collectively )*[“"][\\p{Lu}]`,
  'gu',
)
const SIDES = new RegExp(
  `(?:between|among)\\s*:?\\s*(?<first>${WORD}(?:\\s+${WORD}){0,5})(?:\\s*,[^,]{0,80},)?\\s+and\\s+(?<second>${WORD}(?:\\s+${WORD}){0,5})`,
  'gu',
)
/** A signature: `/s/ Name`, or a name alone on its line. */
const SIGNED = new RegExp(`/s/\\s*(?<name>${PERSON})`, 'gu')
const NAME_LINE = new RegExp(`(?:^|\\n)[ \\t]*(?:Name:\\s*|Print(?:ed)? Name:\\s*)?(?<name>${PERSON})[ \\t]*(?=\\n|$)`, 'gu')

const ROLE =
  /^(?:company|employer|employee|executive|director|consultant|contractor|recipient|discloser|party|parties|agreement|board|cayman islands|third|buyer|seller|purchaser|licensee|licensor|effective|auftraggeber|auftragnehmer|this|confidential|state|exhibit|section|non-?\p{L}+|mutual|date|each|limited|general|disclosing|receiving|second|first|by|name|title|signature|address|witness|counterparty)\b/iu
/** `a Delaware Corporation` says what a party is, not who. */
const KIND_ONLY = /^\p{L}+(?:\s+\p{L}+)? (?:corporation|company|limited|partnership|trust)$/iu
const STATES =
  /^(?:delaware|nevada|california|new york|texas|florida|ohio|georgia|virginia|maryland|washington|oregon|utah|minnesota|michigan|massachusetts|new jersey|pennsylvania|illinois|colorado|arizona|indiana|wisconsin|british columbia|ontario|cayman islands|english|german|swiss|dutch|french|japanese|israeli|canadian)\b/iu
const NOT_PERSON =
  /\b(?:agreement|corporation|company|state|street|avenue|road|suite|floor|delaware|california|york|exhibit|confidential(?:ity)?|disclosure|effective|date|section|laws?|county|information|inc|llc|ltd|board|directors?|services?|vereinbarung|vertrag|contrat|contrato|united states|president|officer|chairman|secretary|general|counsel|chief|vice|manager|resources|signature|witness|whereof|human|executive|employee|capital|group|partners|holdings|bank|plan|gentlemen|ladies|dear|attention|january|february|march|april|may|june|july|august|september|october|november|december)\b/iu
/** Headings and notes of a filing that run into the name after them. */
const BEFORE_NAME =
  /^.*(?:\.htm\b|\.txt\b|(?:EX|Exhibit|EXHIBIT)[- ]?[\d.()A-Za-z]*\s|\bLOGO\b|\bAGREEMENT,?\s|\bAgreement\s|\bCONTRACTORS\s|\bCopy\s|\bVersion\s|\bBETWEEN\s|\bWITH\s|\bAND OUR\s|\bCONFIDENTIAL\s|\bVERSION\s|\bEMPLOYEE\)?\s|\b(?:Directors|Chairman|President|Officer|Secretary|Counsel|Member|Affiliates?|Vice|Board) (?:of|and)\s(?:the\s)?|\bMr\.\s|\bMs\.\s|\b(?:19|20)\d{2}\s|\b[A-Z]{2} \d{5}(?:-\d{4})?\s(?:and\s)?|\bParty and\s)/u

/** Words, years, postcodes and numbers of sections that are no part of a name. */
const LEAD = /^(?:\s|(?:and|the|between|among|by|und|et|der|die|das|y|e)\s|\d{4,5},?\s|\d+\.\d*\s|[B-HJ-Z]\s(?=\p{Lu}{3}))+/u

/** A name without what runs into it; `offset` says how much was taken away before it. */
function clean(raw: string): { name: string; offset: number } {
  const cut = BEFORE_NAME.exec(raw)?.[0].length ?? 0
  const lead = LEAD.exec(raw.slice(cut))?.[0].length ?? 0
  return {
    name: raw
      .slice(cut + lead)
      .replace(/\s+/g, ' ')
      .replace(/\s+([,.])/g, '$1')
      .trim(),
    offset: cut + lead,
  }
}

const isCompanyName = (name: string): boolean =>
  !ROLE.test(name.replace(/^The /, '')) &&
  !isLegalForm(name) &&
  foldName(name).length >= 2 &&
  !(KIND_ONLY.test(name) && STATES.test(name)) &&
  name.replace(STATES, '') !== ''

/** `Sony Corporation of America`, `Heritage Bank of Nevada`. */
const OF_PLACE = /^\s+of\s+\p{Lu}\p{L}+/u

function companiesIn(text: string, from: number, to: number): PartyMention[] {
  return [...text.slice(from, to).matchAll(COMPANY)].flatMap((match) => {
    const tail = /(?:Corporation|Company|Bank|CORPORATION)$/.test(match[0])
      ? (OF_PLACE.exec(text.slice(from + match.index + match[0].length))?.[0] ?? '')
      : ''
    const { name, offset } = clean(match[0] + tail)
    const start = from + match.index + offset
    return isCompanyName(name)
      ? [{ start, end: from + match.index + match[0].length + tail.length, name, kind: 'company' as const, described: false }]
      : []
  })
}

function namedIn(text: string, from: number, to: number, pattern: RegExp, kind: PartyMention['kind'], described: boolean): PartyMention[] {
  return [...text.slice(from, to).matchAll(pattern)].flatMap((match) =>
    [match.groups?.name, match.groups?.first, match.groups?.second].flatMap((raw) => {
      if (raw === undefined) return []
      const { name, offset } = clean(raw)
      const start = from + match.index + match[0].indexOf(raw) + offset
      const isName =
        kind === 'person'
          ? !NOT_PERSON.test(name) && !ROLE.test(name) && name.includes(' ')
          : isCompanyName(name) && !/\bAGREEMENT\b/i.test(name)
      return isName && /^[\p{Lu}\d]/u.test(name) ? [{ start, end: start + raw.length - offset, name, kind, described }] : []
    }),
  )
}

/** All places at the head and the end of a contract where a company or a person may be named, in order. `lines` is the text with its line breaks. */
export function findPartyMentions(text: string, lines: string): PartyMention[] {
  const head = Math.min(HEAD_CHARS, text.length)
  const tail = Math.max(head, text.length - TAIL_CHARS)
  return [
    ...companiesIn(text, 0, head),
    ...companiesIn(text, tail, text.length),
    ...namedIn(text, 0, head, DESCRIBED, 'company', true),
    ...namedIn(text, 0, head, TERMED, 'company', true),
    ...namedIn(text, 0, head, DEFINED, 'person', true),
    ...namedIn(text, 0, head, SIDES, 'person', false),
    ...namedIn(lines, 0, 1_500, NAME_LINE, 'person', false),
    ...namedIn(lines, tail, text.length, SIGNED, 'person', false),
    ...namedIn(lines, tail, text.length, NAME_LINE, 'person', false),
  ].sort((a, b) => a.start - b.start || b.end - a.end)
}
