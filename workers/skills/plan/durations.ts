const NUMBERS: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  ten: 10,
  fourteen: 14,
  ein: 1,
  eine: 1,
  einen: 1,
  einer: 1,
  einem: 1,
  zwei: 2,
  drei: 3,
  vier: 4,
  fünf: 5,
  sechs: 6,
  sieben: 7,
  zehn: 10,
  vierzehn: 14,
}
/** Weeks are not a unit of workflows: they are seven days. */
const UNITS: readonly (readonly [RegExp, string, number])[] = [
  [/^(?:second|sekunde)/i, 's', 1],
  [/^minute/i, 'm', 1],
  [/^(?:hour|stunde)/i, 'h', 1],
  [/^(?:day|tag)/i, 'd', 1],
  [/^(?:week|woche)/i, 'd', 7],
]
const DURATION = new RegExp(
  `(?<![\\p{L}\\d])(?<count>\\d+|${Object.keys(NUMBERS).join('|')})\\s+(?<unit>seconds?|minutes?|hours?|days?|weeks?|sekunden?|minuten?|stunden?|tage?n?|wochen?)(?![\\p{L}])`,
  'iu',
)

/** A duration in words as workflows write it: "two weeks" is 14d. */
export function readDuration(words: string): string | undefined {
  const { count = '', unit = '' } = DURATION.exec(words)?.groups ?? {}
  const found = UNITS.find(([pattern]) => pattern.test(unit))
  if (found === undefined) return undefined
  return `${(NUMBERS[count.toLowerCase()] ?? Number(count)) * found[2]}${found[1]}`
}

/** Where a duration stands, with the word before it: "after 7 days", "nach einer Woche". */
export function durationPlace(text: string): { words: string; start: number; end: number } | undefined {
  const match = DURATION.exec(text)
  if (match === null) return undefined
  const lead = /(?:(?:after|within|in|for|nach|innerhalb von|binnen) )$/iu.exec(text.slice(0, match.index))?.[0].length ?? 0
  return { words: match[0], start: match.index - lead, end: match.index + match[0].length }
}
