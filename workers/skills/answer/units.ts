import { type Figure, figuresOf } from '../citations/figures'
import type { Candidate } from './spans'

const TIME =
  'seconds?|minutes?|hours?|(?:calendar |business |working )?days?|weeks?|months?|quarters?|years?|decades?|centuries|Sekunden?|Minuten?|Stunden?|(?:Kalender|Werk|Arbeits)?[Tt]age?n?|Wochen?|Monate?n?|Quartale?n?|Jahre?n?|Jahrzehnten?|secondes?|heures?|jours?|semaines?|mois|ans?|années?|segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?|ore|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]'
const MEASURE =
  '[mcdk]?m[²³23]?|[kmµ]?g|tonnes?|tons?|lbs?|oz|ounces?|pounds?|[mc]?l|(?:kilo|centi|milli)?(?:met(?:er|re)s?|grams?|grammes?|Meter|Gramm)|lit(?:er|re)s?|Liter|miles?|feet|foot|ft|inch(?:es)?|yards?|Kilometer|Zentimeter|Kilogramm|Tonnen?|square (?:met(?:er|re)s?|kilomet(?:er|re)s?|miles?|feet)|Quadrat(?:kilo)?meter|Kubikmeter|cubic met(?:er|re)s?|hectares?|acres?|Hektar|ha|°\\s?[CF]|degrees(?: (?:Celsius|Fahrenheit))?|Grad(?: Celsius)?|[kMGT]?Wh?p?|[kmM]?V|Volt|Watt|m?A|[kMG]?Hz|h?Pa|[kM]Pa|bar|km/h|mph|dB(?:\\(A\\))?|[KMGT]B|bytes?'
const MONEY =
  'EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|[Ee]uros?|(?:US |Canadian |Australian )?dollars?|pounds? sterling|(?:Swiss )?francs?|Schweizer Franken|Franken|Dollar|Pfund|[Cc]ents?|€|£|%|‰|percent|per cent|Prozent(?:punkte)?|percentage points?'
const UNIT = `(?:${TIME}|${MEASURE}|${MONEY})(?![\\p{L}\\p{N}])`
const AFTER = new RegExp(`^(?:\\s*\\(\\s*\\d{1,6}\\s*\\))?[\\s\\u00a0-]?${UNIT}`, 'u')
const ONLY_UNIT = new RegExp(`^${UNIT}$`, 'u')
/** A verb before the figure is no part of it. */
const VERB =
  /^(?:(?:is|are|was|were|be|of|costs?|weighs?|lasts?|measures?|amounts? to|totals?|ist|sind|war|waren|beträgt|betragen|betrug|dauert|dauerte|wiegt|kostet|kostete|misst|liegt bei|lag bei|von)\s+)+(?=[\p{N}\p{L}€$£])/iu

/**
 * A figure with what it is a figure of: `30 days`, `1.200 Euro`, `thirty (30) days`, `4.5 %`; and without the verb before it. Stretches that no
 * figure ends stay as they are.
 */
export function withUnit(candidate: Candidate, sentence: string): Candidate {
  const figures = figuresOf(sentence)
  const whole = counted(candidate, figures, sentence)
  const ending = figures.find((figure) => figure.kind !== 'date' && figure.end === whole.end && figure.start >= whole.start)
  const unit = ending ? (AFTER.exec(sentence.slice(whole.end))?.[0].length ?? 0) : 0
  const end = whole.end + unit
  const holds = figures.some((figure) => figure.kind !== 'date' && figure.start >= whole.start && figure.end <= end)
  const lead = holds ? (VERB.exec(sentence.slice(whole.start, end))?.[0].length ?? 0) : 0
  const start = whole.start + lead
  return { start, end, text: sentence.slice(start, end) }
}

/** A bare unit with the figure before it, and digits in brackets with the words that they repeat. */
function counted({ start, end }: Candidate, figures: readonly Figure[], sentence: string): { start: number; end: number } {
  const before = figures.findLast((figure) => figure.end <= start)
  if (before === undefined || before.kind === 'date') return { start, end }
  const between = sentence.slice(before.end, start)
  if (ONLY_UNIT.test(sentence.slice(start, end)) && /^(?:\s*\(\s*\d{1,6}\s*\))?[\s\u00a0-]?$/u.test(between))
    return { start: before.start, end }
  const close = /^\s*\)/u.exec(sentence.slice(end))
  const unit = close && /^\s*\(\s*$/u.test(between) ? AFTER.exec(sentence.slice(before.end)) : null
  return unit ? { start: before.start, end: before.end + unit[0].length } : { start, end }
}
