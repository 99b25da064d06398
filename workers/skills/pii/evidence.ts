import type { PiiType } from '../../domain/guardrails'
import { KINDS, type Kind, type Lexicon } from '../entities/tagger/lexicon'
import { hasPhoneForm, isNumberOfPaper } from './phones'

/** A stretch of a text that a tagger takes for personal data. */
export interface Claim {
  type: PiiType
  start: number
  end: number
}

type Form = (words: string, at: { text: string; lexicon: Lexicon } & Claim) => boolean

const CURRENCY = /^(?:EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|Euro|Qty|VAT|MwSt|USt|IBAN|BIC|Nr|No|Tel|Fax|Pos)\.?$/iu
const JOB_ENDING =
  /(?:[eo]rs?|ist|ians?|m[ae]n|woman|nurse|clerk|chief|head|leads?|ants?|ents?|yst|ive|eur|aide|cook|pilot|judge|leit(?:er|erin|ung)|in|frau|kraft)$/iu
const FORM_OF_ADDRESS = /^(?:mr|mrs|ms|miss|mx|dr|prof|sir|madam|herrn?|frau|dipl|rev|hon|lady|lord|ing|mag)\b/iu
const NATIONAL_ENDING = /(?:ese|ish|i?an|[st]sch\p{Ll}{0,2}|isch\p{Ll}{0,2}|i|ic|ch|ard|greek|dutch|swiss|thai|czech|welsh|irish)s?$/iu

/** As countries write them: 10969, 12345-6789, 3610-114, 53-320, 840 24, 1012 AB, BS1 4TT, B0J 2H0. */
const POSTCODE =
  /^(?:[A-Z]{1,2}-)?(?:\d{4,6}|\d{5}-\d{4}|\d{4}-\d{3}|\d{2}-\d{3}|\d{3} \d{2}|\d{4} ?[A-Z]{2}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)$/iu

const IN_TABLE = /(?:\t|[ ]{3,})$/u
const DAY_OR_MONTH =
  /(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|\p{L}*(?:januar|februar|märz|april|\bmai\b|juni|juli|august|september|oktober|november|dezember|january|february|march|\bmay\b|june|july|october|december)/iu
/** Words that letters, forms and invoices begin sentences and lines with, and that a tagger takes for names. */
const NO_NAMES =
  /^(?:(?:\p{L}{2,20}-(?:nr|nummer|no)\.?|steuer-?(?:nummer|id)|telefon|telefax|adresse|anschrift|konto|kontonummer|rechnung|rechnungsnummer|betrag|datum|kunde|kundin|bonjour|hallo|guten|tag|morgen|abend|sehr|geehrte[rn]?|damen|herren|liebe[rn]?|viele|grüße|gruß|freundliche[nr]?|mit|für|dear|sirs?|hello|hi|best|kind|regards|yours|sincerely|faithfully|thanks|invoice|address|phone|total|subtotal|amount|description|note|json|yaml|csv|xml|pdf)[\s,]*)+$/iu

const digitsIn = (words: string): number => words.replace(/\D/g, '').length
const capitalised = (text: string): boolean => /\p{Lu}\p{Ll}/u.test(text)
const isOf = (lexicon: Lexicon, words: string, kind: Kind): boolean => {
  const bit = 1 << KINDS.indexOf(kind)
  const lower = words.toLowerCase()
  return (lexicon.phrase(lower) & bit) !== 0 || lower.split(/[\s-]+/).some((word) => (lexicon.word(word).kinds & bit) !== 0)
}
/** Names begin with a capital, where the text has any. */
const begins = (words: string, text: string): boolean =>
  !capitalised(text) || /^[^\p{L}]*(?:\p{Lu}|\p{Lo}|(?:von|van|de|d'|al-|el|la|le|da|di|dos|the) )/u.test(words)

const isWordOnly = (words: string): boolean => CURRENCY.test(words) || NO_NAMES.test(words)

/** What a word of each kind must look like, whatever is said of its neighbours. Kinds that are not named here are found by rules alone. */
const FORMS: Partial<Record<PiiType, Form>> = {
  person: (words, { text }) => begins(words, text) && !/\d|[|<>{}=]/.test(words) && !isWordOnly(words),
  organisation: (words, { text }) =>
    begins(words, text) && /\p{L}{2}/u.test(words) && !/^[\p{L}-]{0,4}[-/]?\d[\d/-]*$/u.test(words) && !isWordOnly(words),
  place: (words, { text }) => begins(words, text) && !/\d/.test(words) && !isWordOnly(words),
  address: () => true,
  phone: (_, { text, start, end }) => hasPhoneForm(text, start, end),
  credit_card: (words) => digitsIn(words) >= 12 && digitsIn(words) <= 19 && !/\p{L}/u.test(words),
  social_security: (words) => digitsIn(words) >= 8,
  driver_licence: (words) => digitsIn(words) >= 5 && !/[.,]\d{1,2}$/.test(words),
  postcode: (words, { text, start }) =>
    POSTCODE.test(words) &&
    !/^(?:19|20)\d\d$/.test(words) &&
    !isNumberOfPaper(text, start) &&
    !IN_TABLE.test(text.slice(Math.max(0, start - 3), start)),
  age: (words) => /^\d{1,3}$/.test(words) && Number(words) <= 120,
  date: (words) => /\d{4}|\d[./: -]\d/.test(words) || DAY_OR_MONTH.test(words),
  title: (words, { lexicon }) =>
    !/\s{2}|\n|\d/.test(words) &&
    (FORM_OF_ADDRESS.test(words) || JOB_ENDING.test(words) || isOf(lexicon, words.split(' ').at(-1) ?? '', 'job')),
  nationality: (words, { lexicon }) => NATIONAL_ENDING.test(words) || isOf(lexicon, words, 'nationality'),
}

/** `Anna: Good morning.`: who speaks in a protocol or chat, where two lines of a text or more begin with a first name. */
const SPEAKER = /^[> ]{0,8}(\p{Lu}[\p{L}\p{M}]{1,20}): (?=[^\n]*[.!?])/gmu

/** Speakers of a dialogue by their first names. */
export function speakersIn(text: string, lexicon: Lexicon): Claim[] {
  const found = [...text.matchAll(SPEAKER)].flatMap(({ 0: line, 1: name = '', index }): Claim[] => {
    const start = index + line.indexOf(name)
    return isOf(lexicon, name, 'first') && !isWordOnly(name) ? [{ type: 'person', start, end: start + name.length }] : []
  })
  return found.length > 1 ? found : []
}

/** Whether what a tagger claims has the form of its kind: a tagger knows contexts, and in a text unlike its own it sees them everywhere. */
export function hasForm(claim: Claim, text: string, lexicon: Lexicon): boolean {
  const form = FORMS[claim.type]
  return form?.(text.slice(claim.start, claim.end), { ...claim, text, lexicon }) ?? true
}
