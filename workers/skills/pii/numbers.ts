import type { PiiFinding, PiiType } from '../../domain/guardrails'
import { findIbans, findVatIds } from '../text/checksums'
import { findDates } from '../text/dates'
import {
  isCardNumber,
  isDutchBsn,
  isFrenchSocialSecurity,
  isGermanSocialSecurity,
  isGermanTaxId,
  isItalianTaxCode,
  isSpanishId,
  isUkInsuranceNumber,
  isUsSocialSecurity,
} from './checks'
import { findPhones } from './phones'

interface Rule {
  type: PiiType
  pattern: RegExp
  /** Of what a checksum proves 1; of a shape alone less. */
  confidence: number
  /** Gets the match without spaces, dots and hyphens, in capitals. */
  check?: (compact: string) => boolean
  /** What must stand before the number in the same line, within a few words. */
  after?: RegExp
}

/** Label and number stand at most so far apart. */
const LABEL_REACH = 48
const EDGE = '(?<![\\p{L}\\p{N}_])'
const END = '(?![\\p{L}\\p{N}_])'
const bounded = (source: string, flags = 'gu'): RegExp => new RegExp(`${EDGE}(?:${source})${END}`, flags)

/** First come those that need least goodwill; of two that overlap the first wins. */
const RULES: Rule[] = [
  {
    type: 'email',
    confidence: 1,
    pattern: bounded("[\\p{L}\\p{N}](?:[\\p{L}\\p{N}._%+'-]{0,63}[\\p{L}\\p{N}_%+-])?@(?:[\\p{L}\\p{N}-]{1,63}\\.){1,4}\\p{L}{2,24}"),
  },
  { type: 'url', confidence: 1, pattern: /(?<![\p{L}\p{N}@])(?:https?:\/\/|www\.)[^\s<>"'()[\]{}]*[^\s<>"'()[\]{}.,;:!?]/giu },
  {
    type: 'iban',
    confidence: 0.85,
    pattern: bounded('[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?'),
    after: /\b(?:iban|konto)/i,
    check: hasDigits(10),
  },
  { type: 'ip', confidence: 0.95, pattern: bounded('(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?!\\.\\d)') },
  {
    type: 'ip',
    confidence: 0.95,
    pattern: bounded('(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){2,6}(?::[0-9a-f]{1,4}){1,5}', 'giu'),
  },
  { type: 'crypto_wallet', confidence: 0.95, pattern: bounded('bc1[ac-hj-np-z02-9]{25,59}|0x[0-9a-fA-F]{40}') },
  {
    type: 'crypto_wallet',
    confidence: 0.7,
    pattern: bounded('[13][a-km-zA-HJ-NP-Z1-9]{25,34}'),
    check: (compact) => /\d/.test(compact) && /[A-Z]/.test(compact),
  },
  { type: 'credit_card', confidence: 1, pattern: bounded('\\d(?:[ -]?\\d){11,18}'), check: isCardNumber },
  {
    type: 'credit_card',
    confidence: 0.8,
    pattern: bounded('\\d(?:[ -]?\\d){11,18}'),
    after: /\b(?:card|karte|kreditkarte|carte|tarjeta|visa|mastercard|amex|cc)\b/i,
  },
  { type: 'social_security', confidence: 1, pattern: bounded('\\d{2} ?\\d{6} ?[A-Z] ?\\d{3}'), check: isGermanSocialSecurity },
  {
    type: 'social_security',
    confidence: 1,
    pattern: bounded('[1278] ?\\d{2} ?\\d{2} ?(?:\\d{2}|2[AB]) ?\\d{3} ?\\d{3} ?\\d{2}'),
    check: isFrenchSocialSecurity,
  },
  { type: 'social_security', confidence: 0.9, pattern: bounded('[A-Z]{2} ?\\d{2} ?\\d{2} ?\\d{2} ?[A-D]'), check: isUkInsuranceNumber },
  { type: 'social_security', confidence: 0.9, pattern: bounded('\\d{3}-\\d{2}-\\d{4}') },
  {
    type: 'social_security',
    confidence: 0.95,
    pattern: bounded('\\d{3}[- ]?\\d{2}[- ]?\\d{4}'),
    check: isUsSocialSecurity,
    after: /\b(?:ssn|social security)\b/i,
  },
  {
    type: 'social_security',
    confidence: 0.8,
    pattern: bounded('[\\dA-Z][\\dA-Z -]{6,16}\\d'),
    after: /(?:sozialversicherungs|rentenversicherungs|sv-?|versicherten)-?(?:nummer|nr)|sécurité sociale|seguridad social/i,
    check: hasDigits(6),
  },
  { type: 'identity_number', confidence: 1, pattern: bounded('(?:[XYZ]-?)?\\d{7,8}-?[A-Z]'), check: isSpanishId },
  {
    type: 'identity_number',
    confidence: 1,
    pattern: bounded('\\d{4}[ .]?\\d{2}[ .]?\\d{3}'),
    check: isDutchBsn,
    after: /\b(?:bsn|burgerservicenummer|sofinummer)\b/i,
  },
  { type: 'tax_id', confidence: 1, pattern: bounded('[A-Z]{6}\\d{2}[A-EHLMPRST]\\d{2}[A-Z]\\d{3}[A-Z]'), check: isItalianTaxCode },
  {
    type: 'tax_id',
    confidence: 1,
    pattern: bounded('\\d{2} ?\\d{3} ?\\d{3} ?\\d{3}'),
    check: isGermanTaxId,
    after: /steuer|tax|idnr|identifikations/i,
  },
  {
    type: 'tax_id',
    confidence: 0.9,
    pattern: bounded('\\d{2,3}[ /]\\d{3,4}[ /]\\d{4,5}'),
    after: /steuer-?(?:nummer|nr|no)|st\.?-?nr|tax (?:no|number|id)/i,
  },
  {
    type: 'tax_id',
    confidence: 0.85,
    pattern: bounded('\\d{2} ?\\d{3} ?\\d{3} ?\\d{3}'),
    after: /steuer-?(?:id|identifikations|ident)|id-?nr|\btin\b/i,
  },
  {
    type: 'tax_id',
    confidence: 0.8,
    pattern: bounded('\\d{2}-\\d{7}|\\d{9,13}'),
    after: /\b(?:ein|itin|tax(?:payer)? id(?:entification)?|tin|steuernummer|steuer-id)\b/i,
  },
  {
    type: 'passport',
    confidence: 0.85,
    pattern: bounded('[A-Z0-9]{6,10}'),
    after: /passport|(?:reise)?pass(?:-?nummer|-?nr)|reisepass|passeport|pasaporte/i,
    check: hasDigits(5),
  },
  {
    type: 'identity_number',
    confidence: 0.85,
    pattern: bounded('[A-Z0-9]{6,12}'),
    after: /ausweis|\bperso\b|identity (?:card|document|number)|id card|\bid (?:no|number)|national id|carte d.identité/i,
    check: hasDigits(4),
  },
  {
    type: 'driver_licence',
    confidence: 0.85,
    pattern: bounded('[A-Z]{0,2}\\d[A-Z0-9-]{4,17}'),
    after: /driv(?:er|ing)['’]?s? (?:licen[cs]e|permit)|führerschein|\bDL\b|permis de conduire/i,
    check: hasDigits(5),
  },
  {
    type: 'bank_account',
    confidence: 0.85,
    pattern: bounded('\\d[\\d -]{4,16}\\d'),
    after: /(?:bank )?account (?:no|number|#)|kontonummer|konto-?nr|routing|blz|sort code|rib\b/i,
  },
  {
    type: 'age',
    confidence: 0.9,
    pattern: bounded(
      '\\d{1,3}(?=[ -](?:years?|yrs?)[ -](?:old|of age)|[ -]?y\\/?o\\b|[ -]jährige?[rns]?\\b| Jahre alt| ans\\b(?! )| años)',
      'giu',
    ),
  },
  {
    type: 'age',
    confidence: 0.85,
    pattern: /(?<=\b(?:aged?|age of|age:|alter:?|im alter von|turned|turning|turn) )\d{1,3}\b(?!\.\d|%|[/:])/giu,
  },
]

function hasDigits(count: number): (compact: string) => boolean {
  return (compact) => compact.replace(/\D/g, '').length >= count
}

const compact = (text: string): string => text.replace(/[\s.-]/g, '').toUpperCase()

/** Whether a label stands before a number in its line, or alone in the line above, with no other number between. */
function labelled(text: string, start: number, label: RegExp): boolean {
  const before = text.slice(Math.max(0, start - LABEL_REACH), start).replace(/^[\s\S]*\d\S*/, '')
  return label.test(/[^\n]*$/.exec(before)?.[0] ?? '') || label.test(/[^\n]*\n[ \t]*$/.exec(before)?.[0] ?? '')
}

function byRules(text: string): PiiFinding[] {
  return RULES.flatMap(({ type, pattern, confidence, check, after }) =>
    [...text.matchAll(pattern)].flatMap((match): PiiFinding[] => {
      if (check && !check(compact(match[0]))) return []
      if (after && !labelled(text, match.index, after)) return []
      return [finding(text, type, match.index, match.index + match[0].trimEnd().length, confidence)]
    }),
  )
}

const BIRTH = /(?:born|birth(?:day|date)?|d\.?o\.?b\.?|geboren|geb\.|geburts(?:tag|datum)|né(?:e)? le|nacid[oa]|nat[oa] il)[^\n\d]{0,24}$/iu

function dates(text: string): PiiFinding[] {
  return findDates(text, 'dmy').map(({ start, end }) =>
    BIRTH.test(text.slice(Math.max(0, start - LABEL_REACH), start))
      ? finding(text, 'date_of_birth', start, end, 0.95)
      : finding(text, 'date', start, end, 0.9),
  )
}

const finding = (text: string, type: PiiType, start: number, end: number, confidence: number): PiiFinding => ({
  type,
  start,
  end,
  text: text.slice(start, end),
  confidence,
})

/** What rules find: numbers proven by their check digits or by the words before them, addresses of the net, dates. May overlap; the surest come first. */
export function findNumbers(text: string): PiiFinding[] {
  return [
    ...findIbans(text).map(({ start, end }) => finding(text, 'iban', start, end, 1)),
    ...findVatIds(text).map(({ start, end }) => finding(text, 'tax_id', start, end, 0.95)),
    ...byRules(text),
    ...dates(text),
    ...findPhones(text),
  ]
}
