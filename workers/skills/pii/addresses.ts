import type { PiiFinding } from '../../domain/guardrails'

const WORD = "\\p{Lu}[\\p{L}\\p{M}'’.-]*"
const ENDING =
  '(?:Street|St\\.?|Avenue|Ave\\.?|Road|Rd\\.?|Lane|Ln\\.?|Drive|Dr\\.?|Boulevard|Blvd\\.?|Court|Ct\\.?|Place|Pl\\.?|Square|Terrace|Crescent|Close|Parkway|Pkwy\\.?|Highway|Hwy\\.?|Row|Hill|Mews|Way)'
const LEADING =
  '(?:Rue|Avenue|Av\\.|Boulevard|Bd|Place|Chemin|Route|Cité|Cite|Allée|Impasse|Quai|Via|Viale|Piazza|Piazzetta|Corso|Vicolo|Calle|C/|Avenida|Avda\\.?|Plaza|Paseo|Carrer|Rúa|Rua|Travessa|Praça|Largo|Ulica|ul\\.|Jalan|Am|An der|Auf der|Zum|Zur|Im)'
const GERMAN =
  '\\p{Lu}[\\p{L}-]{2,}(?:straße|strasse|str\\.|weg|platz|allee|gasse|ring|damm|ufer|steig|graben|markt|hof|kamp|chaussee)|\\p{Lu}[\\p{L}-]+(?:er|sche)? (?:Straße|Strasse|Str\\.|Weg|Platz|Allee|Gasse|Ring|Damm|Ufer|Chaussee)'
const NORTH = '\\p{Lu}\\p{L}*(?:straat|laan|plein|gracht|kade|gatan|vägen|gata|gade|vej|allé|katu|tie|utca|ulice|veien|vegen)'
const NUMBER = '\\d{1,5}[a-zA-Z]?(?:\\s?[-–/]\\s?\\d{1,4}[a-zA-Z]?)?'
/** House numbers of one-word streets: `Engineering 2024` is none. */
const SHORT_NUMBER = '\\d{1,3}[a-zA-Z]?(?:\\s?[-–/]\\s?\\d{1,3}[a-zA-Z]?)?(?!\\d)'
const UNIT = '(?:,?\\s+(?:Apt\\.?|Apartment|Suite|Ste\\.?|Unit|Floor|Fl\\.?|#|Whg\\.?|App\\.?)\\s?#?\\w{1,6})?'
/** A town's name ends where its sentence does. */
const TOWN_WORD = "\\p{Lu}[\\p{L}\\p{M}'’-]*"
/** Town with its code, behind a comma or on the next line. */
const TOWN = `(?:\\s*[,\\n]\\s*(?:[A-Z]{1,2}-)?\\d{4,5}\\s+${TOWN_WORD}(?:[ -]${TOWN_WORD}){0,3}|,\\s*${TOWN_WORD}(?: ${TOWN_WORD}){0,2},?\\s+[A-Z]{2}\\s+\\d{5}(?:-\\d{4})?)?`

const SHAPES = [
  `${NUMBER} (?:(?:[NSEW]|North|South|East|West)\\.? )?(?:${WORD}|\\d{1,3}(?:st|nd|rd|th))(?: ${WORD}){0,3} ${ENDING}${UNIT}${TOWN}`,
  `(?:${GERMAN}|${NORTH}) ${SHORT_NUMBER}${UNIT}${TOWN}`,
  `(?:${NUMBER},? )${LEADING} ${WORD}(?: (?:\\p{Ll}{1,3} )?${WORD}){0,4}${UNIT}${TOWN}`,
  `${LEADING} ${WORD}(?: (?:\\p{Ll}{1,3} )?${WORD}){0,4},? ${NUMBER}${UNIT}${TOWN}`,
  `(?:P\\.?\\s?O\\.? ?Box|Postfach|PSC) \\d[\\d ]{1,7}(?:, Box \\d{1,5})?${TOWN}`,
].map((source) => new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, 'gu'))

/** Postal addresses by the words that streets are called by in a dozen countries; the longest of those that overlap. */
export function findAddresses(text: string): PiiFinding[] {
  const found = SHAPES.flatMap((shape) =>
    [...text.matchAll(shape)].map(
      (match): PiiFinding => ({
        type: 'address',
        start: match.index,
        end: match.index + match[0].length,
        text: match[0],
        confidence: 0.85,
      }),
    ),
  ).sort((a, b) => b.end - b.start - (a.end - a.start))
  return found.filter((finding, index) => !found.slice(0, index).some((other) => finding.start < other.end && finding.end > other.start))
}
