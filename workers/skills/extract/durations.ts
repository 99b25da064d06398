const NUMBERS: Record<string, number> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fifteen: 15,
  eighteen: 18,
  twenty: 20,
  'twenty-four': 24,
  thirty: 30,
  'thirty-six': 36,
  sixty: 60,
  ninety: 90,
  ein: 1,
  eine: 1,
  einem: 1,
  einer: 1,
  eines: 1,
  zwei: 2,
  drei: 3,
  vier: 4,
  fünf: 5,
  sechs: 6,
  sieben: 7,
  acht: 8,
  neun: 9,
  zehn: 10,
  zwölf: 12,
  achtzehn: 18,
  vierundzwanzig: 24,
  dreißig: 30,
  un: 1,
  une: 1,
  deux: 2,
  trois: 3,
  quatre: 4,
  cinq: 5,
  sept: 7,
  huit: 8,
  neuf: 9,
  dix: 10,
  douze: 12,
  trente: 30,
  uno: 1,
  una: 1,
  dos: 2,
  tres: 3,
  cuatro: 4,
  cinco: 5,
  seis: 6,
  doce: 12,
  due: 2,
  tre: 3,
  quattro: 4,
  cinque: 5,
  sei: 6,
  dodici: 12,
  een: 1,
  twee: 2,
  drie: 3,
  vijf: 5,
  zes: 6,
  twaalf: 12,
}
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

/** `2 years` for the groups of a match of DURATION; undefined for what is no positive number of a known unit. */
export function normalizeDuration(groups: Record<string, string | undefined>): string | undefined {
  const count = Number(groups.digits ?? NUMBERS[(groups.count ?? '').toLowerCase()] ?? groups.count)
  const unit = UNITS.find(([, pattern]) => pattern.test(groups.unit ?? ''))?.[0]
  return unit && Number.isFinite(count) && count > 0 ? `${count} ${unit}${count === 1 ? '' : 's'}` : undefined
}
