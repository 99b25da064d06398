/** Numbers as words by language; the tens of English and German are joined with the units below. */
const WORDS: readonly (readonly [number, readonly string[]])[] = [
  [1, ['one', 'ein', 'eine', 'einen', 'einem', 'einer', 'eines', 'un', 'une', 'uno', 'una', 'een']],
  [2, ['two', 'zwei', 'deux', 'dos', 'due', 'twee']],
  [3, ['three', 'drei', 'trois', 'tres', 'tre', 'drie']],
  [4, ['four', 'vier', 'quatre', 'cuatro', 'quattro']],
  [5, ['five', 'fünf', 'cinq', 'cinco', 'cinque', 'vijf']],
  [6, ['six', 'sechs', 'seis', 'sei', 'zes']],
  [7, ['seven', 'sieben', 'sept']],
  [8, ['eight', 'acht', 'huit']],
  [9, ['nine', 'neun', 'neuf']],
  [10, ['ten', 'zehn', 'dix']],
  [11, ['eleven', 'elf']],
  [12, ['twelve', 'zwölf', 'douze', 'doce', 'dodici', 'twaalf']],
  [13, ['thirteen', 'dreizehn']],
  [14, ['fourteen', 'vierzehn']],
  [15, ['fifteen', 'fünfzehn']],
  [16, ['sixteen', 'sechzehn']],
  [17, ['seventeen', 'siebzehn']],
  [18, ['eighteen', 'achtzehn']],
  [19, ['nineteen', 'neunzehn']],
]
const TENS: readonly (readonly [number, readonly string[]])[] = [
  [20, ['twenty', 'zwanzig', 'vingt']],
  [30, ['thirty', 'dreißig', 'trente']],
  [40, ['forty', 'vierzig']],
  [50, ['fifty', 'fünfzig']],
  [60, ['sixty', 'sechzig']],
  [70, ['seventy', 'siebzig']],
  [80, ['eighty', 'achtzig']],
  [90, ['ninety', 'neunzig']],
]
const joined = TENS.flatMap(([tens, [english = '', german = '']]) =>
  WORDS.slice(0, 9).flatMap(([unit, [one = '', ein = '']]): [string, number][] => [
    [`${english}-${one}`, tens + unit],
    [`${english} ${one}`, tens + unit],
    [`${ein}und${german}`, tens + unit],
  ]),
)
const NUMBERS: Record<string, number> = Object.fromEntries([
  ...[...WORDS, ...TENS].flatMap(([value, names]) => names.map((name): [string, number] => [name, value])),
  ...joined,
])
const UNITS: [string, RegExp][] = [
  ['day', /^(?:calendar |business )?(?:days?|tag\p{L}*|jours?|días?|giorn\p{L}|dag\p{L}*)/iu],
  ['week', /^(?:weeks?|wochen?|semaines?|semanas?|settiman\p{L}|wek\p{L}*)/iu],
  ['month', /^(?:months?|monat\p{L}*|mois|mes(?:es)?|mes\p{L}|maand\p{L}*)/iu],
  ['year', /^(?:years?|jahr\p{L}*|ans?|années?|años?|ann\p{L}|jaar|jaren)/iu],
]
const COUNT = `(?<count>${Object.keys(NUMBERS)
  .sort((a, b) => b.length - a.length)
  .join('|')}|\\d{1,3})`
const UNIT =
  '(?<unit>(?:calendar |business )?(?:days?|weeks?|months?|years?|tag\\p{L}*|wochen?|monat\\p{L}*|jahr\\p{L}*|jours?|semaines?|mois|années?|ans?|días?|semanas?|meses|mes|años?|giorn\\p{L}|mesi|mese|ann[io]|dagen|weken|maand\\p{L}*|jaar|jaren))'
/** A written duration: groups `count`, `digits` (in brackets) and `unit`. */
export const DURATION = `${COUNT}\\s*(?:\\(\\s*(?<digits>\\d{1,3})\\s*\\)\\s*)?[-]?\\s*${UNIT}(?![\\p{L}])`

/** The duration of a match that has the groups of DURATION and their indices (flag `d`), with its place. */
export function durationIn(match: RegExpExecArray): { start: number; end: number; normalized: string } | undefined {
  const normalized = normalizeDuration(match.groups ?? {})
  const [from, to] = [match.indices?.groups?.count, match.indices?.groups?.unit]
  return normalized && from && to ? { start: from[0], end: to[1], normalized } : undefined
}

/** `2 years` for the groups of a match of DURATION; undefined for what is no positive number of a known unit. */
export function normalizeDuration(groups: Record<string, string | undefined>): string | undefined {
  const count = Number(groups.digits ?? NUMBERS[(groups.count ?? '').toLowerCase()] ?? groups.count)
  const unit = UNITS.find(([, pattern]) => pattern.test(groups.unit ?? ''))?.[0]
  return unit && Number.isFinite(count) && count > 0 ? `${count} ${unit}${count === 1 ? '' : 's'}` : undefined
}
