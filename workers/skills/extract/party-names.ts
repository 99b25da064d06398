import { COMPANY_NAME, isLegalForm, LEGAL_FORM } from './names'

const LEAD =
  /(?:[\s,;:•*–—-]+|\(?\s*(?:\d{1,2}|[a-d]|i{1,3})\s*[.)]\s|(?:and|und|sowie|et|y|the|der|Der|die|Die|den|dem|das|by|between|Firma|Fa\.)(?=\s))/uy
const ADDRESSED =
  /(?:(?:Herrn?|Frau|Eheleuten?|Familie|Mr|Mrs|Ms|Miss|Mme|M|Dr|Prof)(?:\.|(?=\s))\s*(?:(?:med|jur|h\. ?c|rer\. ?nat|Dr|Prof|Ing)\.\s*)*)+/uy
const WORD = "\\p{Lu}[\\p{L}\\p{N}&.'’-]*"
const RUN = new RegExp(`${WORD}(?:[ \\t]+(?:of the|of|de|van|von|der|del|di|&|${WORD})){0,6}`, 'uy')
/** `Klaus und Petra Reimann`. */
const COUPLE = /\p{Lu}\p{Ll}+ (?:und|and) \p{Lu}\p{Ll}+(?: \p{Lu}[\p{L}-]+)+/uy
const NAMES_PLACE = /^(?:\p{L}+(?:straße|strasse|str\.?|weg|platz|allee|gasse|ring)\b|\d|(?:suite|floor|street|road|avenue|unit)\b)/iu
const NO_NAME =
  /^(?:company|companies|parties|party|this|that|these|whereas|agreement|vertrag|vertragsparteien|section|exhibit|whose|each|both|all|its|his|her|effective|date|seller|buyer|datum|ort|person|state|county|affiliates?|directors?|confidential|information|employees?|customers?|clients?)\b/iu
/** A name as it stands in a text, and what shows that it is one: a legal form, a form of address. */
export interface Name {
  start: number
  end: number
  isFormal: boolean
  isAddressed: boolean
}

/** The name that stands at a place, without what leads up to it. */
export function nameAt(clause: string, from: number): Name | undefined {
  let at = from
  for (let lead = sticky(LEAD, clause, at); lead !== ''; lead = sticky(LEAD, clause, at)) at += lead.length
  const addressed = sticky(ADDRESSED, clause, at).length
  at += addressed
  const company = companyAt(clause, at)
  if (company !== '') return { start: at, end: at + company.length, isFormal: true, isAddressed: false }
  const couple = addressed > 0 ? sticky(COUPLE, clause, at) : ''
  const run = (couple || sticky(RUN, clause, at)).replace(/(?:\s+(?:of|the|de|van|von|der|del|di|&))+$/u, '').replace(/[.'’-]+$/u, '')
  if (run.length < 2 || NO_NAME.test(run) || NAMES_PLACE.test(run)) return undefined
  return { start: at, end: at + run.length, isFormal: false, isAddressed: addressed > 0 }
}

/** A second legal form, and the country of a group: `Villere & Company, L.L.C.`, `Sony Corporation of America`. */
const FURTHER = new RegExp(`,?\\s(?:${LEGAL_FORM})(?![\\p{L}\\p{N}])`, 'uy')
const OF_PLACE = /\s+of\s+\p{Lu}\p{L}+/uy

/** A company's name at a place; postcodes and bracketed roles before another name are no part of one. */
function companyAt(clause: string, at: number): string {
  const name = sticky(COMPANY_NAME, clause, at)
  if (name === '' || isLegalForm(name) || /(?:^|\s)\d{4,6}\s|\)\s+(?:and|und|et|y)\s/u.test(name)) return ''
  const formal = name + sticky(FURTHER, clause, at + name.length)
  return formal + (/(?:Corporation|Company|Bank|CORPORATION)$/u.test(formal) ? sticky(OF_PLACE, clause, at + formal.length) : '')
}

/** What a sticky pattern finds exactly at a place. */
const sticky = (pattern: RegExp, text: string, at: number): string => {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}
