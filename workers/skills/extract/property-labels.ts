import { literal } from '../text/pattern'
import { synonymsOf } from './form-words'
import type { Label } from './labels'
import type { ScalarProperty } from './schema'

/** A property's name in words: `unitPrice` and `unit_price` are `unit Price` and `unit price`. */
export const wordsOf = (name: string): string =>
  name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()

/** How surely words from these places name the field. */
const WEIGHT = { given: 1, title: 0.95, name: 0.9, hint: 0.85, variant: 0.85, synonym: 0.8, bare: 0.62 } as const

/** Labels in a description: quoted words, what `also called` and its like introduce, an abbreviation in brackets, a description of few words. */
function hintsOf(description: string): string[] {
  const quoted = [...description.matchAll(/["“„'‘`]([^"”“'’`]{2,40})["”“'’`]/g)].map((match) => match[1] ?? '')
  const also =
    /(?:also (?:called|known as|labelled|labeled)|labelled|labeled|shown as|aka|auch|genannt|steht (?:hinter|neben|unter))\s+([^;()]{2,80})/i
      .exec(description)?.[1]
      ?.split(/\.(?:\s+\p{Lu}|$)/u)[0] ?? ''
  const abbreviations = [...description.matchAll(/\((\p{Lu}{2,6})\)/gu)].map((match) => match[1] ?? '')
  const whole = description.trim().split(/\s+/).length <= 4 && !/["“„(]/.test(description) ? [description.trim().replace(/[.:]$/, '')] : []
  return [...quoted, ...also.split(/,|\bor\b|\boder\b|\//), ...abbreviations, ...whole]
    .map((hint) => hint.replace(/["“”„'‘’`]/g, '').trim())
    .filter((hint) => hint.length > 1)
}

const NUMBER = /[\s-]*(?:number|numbers|no|nr|num|id|code|nummer)\.?$/iu
const DATE = /[\s-]*(?:date|datum|tag|day)$/iu
/** Words of a name that say what kind of value it is, not what it is of. */
const BARE_AMOUNT = /\s+(?:amount|value|total|cost|rate|betrag|wert)$/iu

/** `accident date` is `date of accident` and, less surely, `accident`; `Kundennummer` is `Kunden-Nr.`. */
function variantsOf(label: string): [weight: number, label: string][] {
  const found: [number, string][] = []
  if (DATE.test(label)) {
    const core = label.replace(DATE, '').trim()
    if (core.length > 2) found.push([WEIGHT.variant, `date of ${core}`], [WEIGHT.bare, core])
    const german = /^(?<core>\p{L}{4,}?)(?:s|es)?datum$/iu.exec(label)?.groups?.core
    if (german) found.push([WEIGHT.bare, `${german}*`])
  } else if (NUMBER.test(label)) {
    const core = label.replace(NUMBER, '').trim()
    if (core.length > 2) found.push([WEIGHT.bare, core], [WEIGHT.bare, core.replace(/s$/, '')])
  } else if (BARE_AMOUNT.test(label)) found.push([WEIGHT.bare, label.replace(BARE_AMOUNT, '')])
  const of = /^(?:date|number|name|amount|datum|nummer|anzahl)\s+(?:of|der|des)\s+(?:the\s+)?(?<what>.+)$/iu.exec(label)?.groups?.what
  if (of) found.push([WEIGHT.bare, of])
  return found
}

/**
 * A label as a pattern: blanks and hyphens are the same, `ü` is `ue`, `number` is `no.`, English words may be inflected at the end; `*` goes on
 * to the end of the word.
 */
function patternOf(label: string): string {
  const number = NUMBER.exec(label)
  const core = number ? label.slice(0, number.index) : label
  const words = literal(number ? core : core.replace(/\*$/, '').replace(/(?<=[a-rt-z]{3})s$/, ''))
    .replace(/(?:ä|ae)/giu, '(?:ä|ae)')
    .replace(/(?:ö|oe)/giu, '(?:ö|oe)')
    .replace(/(?:ü|(?<![aeq])ue)/giu, '(?:ü|ue)')
    .replace(/(?:ß|ss)/giu, '(?:ß|ss)')
    .replace(/[’']/g, "[’']?")
    .replace(/[\s-]+/g, '[ -]*')
  const end = label.endsWith('*') ? '[\\p{L}]*' : number ? '' : /[a-z]{3}$/i.test(core) ? "(?:[’']?s|d|ed|in)?" : ''
  return core === '' ? literal(label) : `${words}${end}${number ? '[ -]*(?:number|numbers|no|nos|nr|num|id|code|#|nummer|n°)\\.?' : ''}`
}

/** What a caller calls a property: by its labels, its title, its name and the hints of its description, the surest first. */
const ownNames = (name: string, property: ScalarProperty): [number, string][] => [
  ...(property['x-labels'] ?? []).map((label): [number, string] => [WEIGHT.given, label]),
  ...(property.title ? [[WEIGHT.title, property.title] satisfies [number, string]] : []),
  [WEIGHT.name, wordsOf(name)],
  ...hintsOf(property.description ?? '').map((hint): [number, string] => [WEIGHT.hint, hint]),
]

/** The same as plain texts. */
export const namesOf = (name: string, property: ScalarProperty): string[] => [name, ...ownNames(name, property).map(([, label]) => label)]

/** The words that may stand beside a property's value, the surest first: those given, its title, its name, hints in its description, what forms call the same. */
export function labelsOf(name: string, property: ScalarProperty): Label[] {
  const own = ownNames(name, property)
  const further = own.flatMap(([weight, label]) => [
    ...variantsOf(label).map(([share, variant]): [number, string] => [weight * share, variant]),
    ...synonymsOf(label).map((synonym): [number, string] => [weight * WEIGHT.synonym, synonym]),
  ])
  const labels = [...own, ...further.sort((a, b) => b[0] - a[0])].map(([weight, label]): Label => [weight, patternOf(label)])
  return labels.filter(([, source], index) => labels.findIndex(([, other]) => other.toLowerCase() === source.toLowerCase()) === index)
}
