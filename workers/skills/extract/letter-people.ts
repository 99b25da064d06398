import { findDates } from '../text/dates'
import type { Line } from '../text/lines'
import type { Candidate } from './labelled'
import type { Reading } from './reading'
import { foldWords } from './words'

const CLOSING =
  /^(?:mit (?:freundlichen|besten|herzlichen|vielen) grüßen|mit freundlichem gruß|freundliche grüße|(?:viele|beste|herzliche|liebe) grüße|hochachtungsvoll|mfg|(?:yours|very) (?:sincerely|faithfully|truly)(?: yours)?|(?:kind|best|warm|with kind|with best) (?:regards|wishes)|regards|best|sincerely|cordialement|saludos(?: cordiales)?)\s*[,.!]?$/iu
const SALUTATION =
  /^(?:dear|sehr geehrter?|liebe[rs]?|guten (?:tag|morgen)|hallo|hello|hi)\s+(?<who>(?:(?:herrn?|frau|mr|mrs|ms|miss|dr|prof)\.?\s+)*\p{Lu}[\p{L}.'’-]+(?:\s+\p{Lu}[\p{L}.'’-]+){0,3})\s*[,!]?$/iu
const NOBODY = /^(?:damen|sir|madam|team|all|customer|colleagues|kollegen|kunde|kundin|kunden|herren|together|zusammen|there)\b/iu
const NAME =
  /^(?:i\. ?[AV]\.\s+)?(?<name>(?:(?:Dr|Prof|Dipl)\.?(?:-\p{L}+\.)?\s+)*\p{Lu}[\p{L}.'’-]*(?:\s+(?:von|van|de|der|zu|\p{Lu}[\p{L}.'’-]*)){1,4})$/u
const ORGANISATION =
  /\b(?:GmbH|AG|KG|Ltd|Limited|Inc|LLC|LLP|plc|Team|Department|Service|Bank|Office|Council|Company)\b|sparkasse|versicherung|abteilung|praxis|verlag|stadtwerke|amt\b|verein|kasse\b/iu
const LINES_AFTER = 4

const SIGNER = /\b(?:signed|signatory|signer|signs|sender|author|writer)\b|unterzeichne|absender|verfasser|unterschrift/u
const ADDRESSEE = /\b(?:recipient|addressee)\b|empfanger|adressat/u

const candidate = (line: Line, at: number, text: string, score: number): Candidate => ({
  page: line.page,
  start: line.start + at,
  end: line.start + at + text.length,
  normalized: text,
  score,
  line: line.index,
})

/** Who signed a letter: the name after its closing words. */
function signer(lines: Line[]): Candidate[] {
  const closing = lines.findLast(({ text }) => CLOSING.test(text.trim()))
  if (!closing) return []
  for (const line of lines.slice(closing.index + 1, closing.index + 1 + LINES_AFTER)) {
    const name = NAME.exec(line.text.trim())?.groups?.name
    if (line.page === closing.page && name !== undefined && !ORGANISATION.test(name))
      return [candidate(line, line.text.indexOf(name), name, 0.78)]
  }
  return []
}

/** Whom a letter greets. */
function addressee(lines: Line[]): Candidate[] {
  for (const line of lines) {
    const who = SALUTATION.exec(line.text.trim())?.groups?.who
    if (who !== undefined && !NOBODY.test(who)) return [candidate(line, line.text.indexOf(who), who, 0.68)]
  }
  return []
}

/** The people of a letter whom a property's words ask for: who signed it, or to whom it is written. */
export function peopleOf(lines: Line[], words: string): Candidate[] {
  const folded = foldWords(words)
  if (SIGNER.test(folded)) return signer(lines)
  return ADDRESSEE.test(folded) ? addressee(lines) : []
}

const OWN_DATE =
  /\b(?:letter|document|issue|issued|signature|signed|writing)\b|brief|schreiben|ausstell|unterschrift|unterzeichn|dokument/iu
/** A town before a date, as letters and certificates end or begin: `Siegen, den 19.05.2025`. */
const TOWN = /^(?:\p{Lu}[\p{L}. -]{1,30},?\s+)?(?:den|the|le|on|am)?\s*$/u

/** The day of a letter or certificate itself: a line of its own, after a town or alone. */
export function datesOf(reading: Reading, words: string): Candidate[] {
  if (!OWN_DATE.test(words)) return []
  return reading.lines.flatMap((line) => {
    const [date] = findDates(line.text, reading.order)
    if (!date || line.text.slice(date.end).trim() !== '' || !TOWN.test(line.text.slice(0, date.start))) return []
    return [{ ...candidate(line, date.start, line.text.slice(date.start, date.end), 0.65), normalized: date.iso }]
  })
}
