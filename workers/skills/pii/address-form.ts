import { findAmounts } from '../text/amounts'
import { findAddresses } from './addresses'

/** A stretch of a text, characters `[start, end)`. */
interface Stretch {
  start: number
  end: number
}

const UNIT = /(?<!\p{L})(?:apt|apartment|suite|ste|unit|psc|box|apo|fpo|dpo|p\.?\s?o\.? ?box|postfach|postbox)\.? ?#?\d/iu
const CORNER = /(?<!\p{L})(?:corner of|apo|fpo|dpo) /iu
/** A street by its own word, with a number or without. */
const STREET =
  /\p{L}{2,40}(?:straße|strasse|str\.|gasse|allee|straat|laan|gatan|gata|gade|vägen|katu|utca|ulice|vej|veien)(?!\p{L})|\p{Lu}[\p{L}'’-]{1,40} (?:Street|St|Avenue|Ave|Road|Rd|Lane|Drive|Boulevard|Square|Terrace|Crescent|Close|Court|Highway|Parkway|Straße|Allee|Gasse)(?!\p{L})|(?<!\p{L})(?:rue|avenue|calle|via|viale|piazza|rua|ulica|ul\.|avenida|chemin|boulevard) (?:\p{L}{1,3} )?\p{Lu}/u
const POSTCODE =
  /(?<![\d.,/-])(?:[A-Z]{1,2}-)?\d{5}(?:-\d{4})? \p{Lu}\p{L}|\p{Lu}\p{L}{1,40}\)?,? (?:[A-Z]{2,3} )?\d{5}(?!\d)|(?<![\p{L}\d])[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}(?![\p{L}\d])/u
const NAME = "(?:\\p{Lu}|\\p{Lo})[\\p{L}\\p{M}'’.-]{1,40}"
/** A name with a house number: `Pagari 18`, `214 Pavlou Drandaki`. */
const NUMBERED = new RegExp(
  `(?<![\\p{L}\\p{N}.,/#-])(?<!§ ?)(?:\\d{1,5}[a-zA-Z]?,? ${NAME} ${NAME}|${NAME}(?: (?:\\p{Ll}{1,3}|${NAME})){0,4},? \\d{1,4}[a-zA-Z]?)(?![\\p{L}\\p{N}%€$£]|[.,:/]\\d| ?(?:%|mm|cm|kg|km|EUR|USD|GBP|CHF|Euro)(?!\\p{L}))`,
  'gu',
)
/** The same in a text without capitals. */
const NUMBERED_SMALL = /(?<![\p{L}\p{N}.,/#-])(?:\d{1,5} \p{L}{3,40}|\p{L}{3,40} \d{1,4})(?![\p{L}\p{N}%]|[.,:/]\d)/gu

/** Words before a number that make it the number of something else. */
const COUNTED =
  /(?<!\p{L})(?:annex|appendix|schedule|exhibit|rule|paragraph|para|note|question|option|stage|zone|gate|team|group|vol|volume|issue|klasse|gruppe|stufe|band|heft|paragraf|section|sec|chapter|clause|article|art|part|page|pp?|table|figure|fig|item|items|no|nr|number|nummer|version|step|line|row|room|week|day|year|years|month|months|phase|level|grade|class|type|model|invoice|order|rechnung|bestellung|kapitel|abschnitt|absatz|abs|artikel|ziffer|punkt|seite|tabelle|anlage|anhang|pos|position|menge|stück|qty|quantity|§|iso|en|din|top|teil|raum|zimmer|woche|kw|tag|jahr|zzgl|mwst|ust|vat|iban|bic|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|january|february|march|may|june|july|october|december|jan|feb|mar|apr|jun|jul|aug|sep|oct|okt|nov|dec|dez|um|ab|bis|vom|zum|am|seit|since|until|by|in)\.?$/iu
/** Words after a number that it counts. */
const MEASURED =
  /^(?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|january|february|march|may|june|july|october|december|eur|usd|gbp|chf|euro|euros|dollars?|pounds?|prozent|percent|mm|cm|km|kg|m|stück|pcs|pieces|units|uhr|tage?n?|wochen?|monaten?|jahren?|days?|weeks?|months?|years?|hours?|stunden|minuten|minutes|mitarbeiter|employees|items|grad)$/iu

/**
 * Whether a stretch has the form of a postal address or of a part of one: a street, a unit or box, a postcode with its place, a name
 * with a house number. `small`: in a text without capitals any word may be a name.
 */
export function hasAddressForm(words: string, small: boolean): boolean {
  if (findAddresses(words).length > 0 || UNIT.test(words) || CORNER.test(words) || STREET.test(words) || POSTCODE.test(words)) return true
  return [...words.matchAll(small ? NUMBERED_SMALL : NUMBERED)].some(([match]) => !isCount(match))
}

/** `Section 12`, `May 17`, `30 Days`. */
function isCount(words: string): boolean {
  const [, before = ''] = /^(.*?)[ ,]+\d+\p{L}?$/su.exec(words) ?? []
  const [, after = ''] = /^\d+\p{L}? ([\p{L}]+)/u.exec(words) ?? []
  return COUNTED.test(before.split(/\s+/).at(-1) ?? '') || MEASURED.test(after)
}

/** Ends of sentences, empty lines, gaps between columns, numbered headings: no address goes over them. */
const BREAK =
  /(?<=\p{Ll}{3}|\))[.!?:;]\s+(?=\p{Lu})|\n\s*\n|(?<=\S)(?:[ \t]{3,}|\t)(?=\S)|\n(?=\s*\d{1,2}\.\s)|(?<=^\s{0,3}\d{1,2})\.\s|[!?]\s|(?<=\p{Ll}{4},) (?=\p{Ll}{3,30} \p{Ll}{3})/gu

/** Words of the sentence before an address, up to its first figure. */
const LEAD =
  /^[^\d]*(?<![\p{L}])(?:am|im|an|at|in|is|ist|to|sitzt|lives|wohnt|wohne|wohnhaft|adresse|anschrift|address|lautet|nach|bei|von|zur|zum|(?<!\b(?:An|Auf|In|Hinter|Vor|Unter|Bei) )der|dem|den):?\s+(?=[\p{Lu}\d])/u
/** Words of the sentence after an address, behind its first figure; a bracket that no figure follows is one of the sentence. */
const TAIL =
  /\((?!\D*\d)|[\s,;:](?:und|and|or|oder|bin|ist|is|im|unter|erreichbar|nachfolgend|hereinafter|tel|tél|telefon|telephone|phone|fax|mobil|mobile|handy|e-?mail|geboren|born|mit|with|für|for|iban|ust|steuer\p{L}{0,20})(?![\p{L}])/iu

/** A stretch without the words of its sentence around it. */
function narrowed(text: string, { start, end }: Stretch): Stretch {
  const from = start + (LEAD.exec(text.slice(start, end))?.[0].length ?? 0)
  const figure = text.slice(from, end).search(/\d/)
  const tail = figure < 0 ? -1 : text.slice(from + figure, end).search(TAIL)
  return { start: from, end: tail < 0 ? end : from + figure + tail }
}

/** The pieces of a claimed address that have the form of one; sentences, table rows and amounts of money around them are left out. */
export function addressPieces(text: string, { start, end }: Stretch): { found: Stretch[]; rest: Stretch[] } {
  const claimed = text.slice(start, end)
  const small = !/\p{Lu}\p{Ll}/u.test(text)
  const money = findAmounts(claimed).filter(({ currency, decimals }) => currency !== undefined || decimals === 2)
  const breaks = [...claimed.matchAll(BREAK)].map(({ 0: { length }, index }) => ({ start: index, end: index + length }))
  const found: Stretch[] = []
  const rest: Stretch[] = []
  let at = 0
  for (const cut of [...breaks, ...money, { start: claimed.length, end: claimed.length }].toSorted((a, b) => a.start - b.start)) {
    if (cut.start > at) {
      const piece = { start: start + at, end: start + cut.start }
      if (hasAddressForm(claimed.slice(at, cut.start), small)) found.push(narrowed(text, piece))
      else rest.push(piece)
    }
    at = Math.max(at, cut.end)
  }
  return { found, rest }
}
