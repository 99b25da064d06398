import { findAmounts } from '../text/amounts'
import { findDates } from '../text/dates'
import type { Line } from '../text/lines'
import { COMPANY, hasLegalForm } from './names'

/** Words of streets, buildings and quarters in the languages that are read. */
const STREET =
  /(?<!\p{L})(?:street|st\.|road|rd|avenue|ave|lane|drive|highway|block|blk|unit|suite|floor|flr|level|lot|plot|plaza|mall|tower|square|centre|center|park|stra(?:ß|ss)e|str\.|\p{L}+(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|straat|laan|gatan|vägen|vej)|rue|boulevard|bd|chemin|place|quai|calle|avenida|avda|plaza|paseo|via|viale|piazza|corso|jalan|jln|jl|lorong|lrg|persiaran|lebuh\p{L}*|lingkaran|leboh|taman|tmn|kampung|kg|bandar|kawasan|seksyen|section|sek|pusat|wisma|menara|bangunan|kompleks|tingkat|batu|desa|pekan|ulica|ul\.|rua)(?![\p{L}])/iu
/** States, regions and countries that end an address. */
const REGION =
  /(?<!\p{L})(?:selangor|johor|kuala|lumpur|k\.?l\.?|perak|penang|pinang|melaka|malacca|negeri|sembilan|pahang|kedah|kelantan|terengganu|sabah|sarawak|darul|ehsan|takzim|d\.e\.?|malaysia|singapore|w\.?p\.?|wilayah|usa|uk|england|france|deutschland|germany|österreich|schweiz|italia|españa|nederland|belgi\p{L}+|polska|portugal|india|[A-Z]{2} \d{5})(?![\p{L}])/iu
const POSTCODE = /(?<![\d/.-])(?:[A-Z]{1,2}-)?\d{4,6}(?![\d/.-]|\s*[-)])/u
const CONTACT =
  /(?<!\p{L})(?:tel\p{L}*|phone|ph|fax|hotline|mobile|h\/p|hp|e-?mail|www|http\p{L}*|call)(?![\p{L}])|@|\+?\d[\d -]{7,}\d\s*$/iu
const TAX =
  /(?<!\p{L})(?:gst|vat|sst|tax|ust|mwst|tva|iva|btw|reg(?:istration)?|roc|co\.?\s?(?:no|reg)\p{L}*|company no|siret|siren|ein|abn)(?![\p{L}])/iu
const TITLE =
  /(?<!\p{L})(?:invoice|receipt|bill|cash|order|copy|rechnung|quittung|facture|ticket|factura|ricevuta|bon|welcome|thank|table|counter|cashier|salesperson|member|customer|date|time|no\.?\s*:|doc\p{L}*)(?![\p{L}])/iu
const REGISTRATION = /\(?\s*(?:co\.?\s*)?(?:[A-Z]{0,2}\d{5,}\s?-?\s?[A-Z]{1,2}|\d{12})\s*\)?/iu
const OPENING = /^(?:no\.?\s?:?\s?\d|\d+[A-Z]?\s?[,.\-&/]|lot|unit|suite|level|block|blk|g-?\d|address|[A-Z]?-?\d+)/iu
/** Lines further down belong to what was sold. */
const PLACES = [1, 2, 3, 4, 6, 9, 13, 20]
/** Only the head of a page can hold its letterhead. */
export const LETTERHEAD_LINES = 24

/** A line's own marks, by name. */
function marksOf(line: Line, position: number): string[] {
  const text = line.text.trim()
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  const digits = text.match(/\d/g)?.length ?? 0
  const plain = text.replace(/\([^)]*\)?\s*$/u, '').trim()
  const marks: [string, boolean][] = [
    ['street', STREET.test(text)],
    ['region', REGION.test(text)],
    ['postcode', POSTCODE.test(text)],
    ['contact', CONTACT.test(text)],
    ['tax', TAX.test(text)],
    ['title', TITLE.test(text)],
    ['registration', REGISTRATION.test(text)],
    ['onlyRegistration', text.replace(REGISTRATION, '').replace(/[^\p{L}\d]/gu, '').length < 4],
    ['opening', OPENING.test(text)],
    ['legalForm', hasLegalForm(plain) || text.match(COMPANY) !== null],
    [
      'trade',
      /(?<!\p{L})(?:enterprise|trading|restaurant|store|shop|mart|market|cafe|company|industries|services|bakery|pharmacy|hardware)s?(?!\p{L})/iu.test(
        text,
      ),
    ],
    ['date', findDates(text, 'dmy').length > 0],
    ['time', /\d{1,2}:\d{2}/.test(text)],
    ['money', findAmounts(text).some(({ decimals, currency }) => decimals === 2 || currency !== undefined)],
    ['colon', /[:：]/.test(text)],
    ['endsInComma', /,$/.test(text)],
    ['endsInStop', /\.$/.test(text)],
    ['commas', (text.match(/,/g)?.length ?? 0) >= 2],
    ['capitals', letters > 3 && text === text.toUpperCase()],
    ['bracketed', /^\(.*\)?$/.test(text)],
    ['noDigit', digits === 0],
    ['manyDigits', digits > letters],
    ['short', text.length < 6],
    ['long', text.length > 34],
    ['oneWord', !/\s/.test(text)],
    ['cells', line.cells.length > 1],
  ]
  return [...marks.flatMap(([name, holds]) => (holds ? [name] : [])), `place${PLACES.findIndex((place) => position < place)}`]
}

/** The marks of the lines at the head of a document: each line's own, those of its neighbours, and some that only count together. */
export function letterheadFeatures(lines: Line[]): string[][] {
  const marks = lines.slice(0, LETTERHEAD_LINES).map(marksOf)
  return marks.map((own, index) => {
    const before = marks[index - 1]?.map((mark) => `<${mark}`) ?? ['<none']
    const after = marks[index + 1]?.map((mark) => `>${mark}`) ?? ['>none']
    const earlier = marks.slice(0, index)
    const summary = [
      ...(earlier.some((each) => each.includes('legalForm')) ? ['afterForm'] : []),
      ...(earlier.some((each) => each.includes('postcode') && each.includes('street')) ? ['afterAddress'] : []),
      ...(earlier.some((each) => each.includes('postcode')) ? ['afterPostcode'] : []),
      ...(earlier.some((each) => each.includes('street')) ? ['afterStreet'] : []),
      ...(earlier.some((each) => each.includes('contact')) ? ['afterContact'] : []),
      ...(earlier.every((each) => each.includes('short') || each.includes('onlyRegistration')) ? ['firstReal'] : []),
    ]
    const pairs = own.includes('postcode') && own.includes('region') ? ['postcode+region'] : []
    return [...own, ...before, ...after, ...summary, ...pairs]
  })
}
