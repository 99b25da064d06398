const DAYS: readonly (readonly [RegExp, string])[] = [
  [/^(?:mon|mo(?![\p{L}]))/iu, '1'],
  [/^(?:tue|die)/iu, '2'],
  [/^(?:wed|mit)/iu, '3'],
  [/^(?:thu|don)/iu, '4'],
  [/^(?:fri|fre)/iu, '5'],
  [/^(?:sat|sam)/iu, '6'],
  [/^(?:sun|son)/iu, '0'],
]
const DAY = '(?:mon|tues|wednes|thurs|fri|satur|sun)days?|montags?|dienstags?|mittwochs?|donnerstags?|freitags?|samstags?|sonntags?'
const TIME = `(?:,? (?:at|um|gegen|by) (?<hour>\\d{1,2})(?:[:.](?<minute>\\d{2}))? ?(?<half>am|pm|a\\.m\\.|p\\.m\\.)?(?: ?uhr| o'clock)?)?`
const SCHEDULE = new RegExp(
  `(?<![\\p{L}])(?:(?<day>(?:(?:every|each|on|jeden?|am) )(?:other )?(?:single )?(?:${DAY})(?: (?:and|und) (?:${DAY}))?|(?:montags|dienstags|mittwochs|donnerstags|freitags|samstags|sonntags))|(?<weekday>(?:every|each|on) (?:weekdays?|working days?|business days?|work days?)|on (?:weekdays|working days)|jede[nrs]? (?:werk|arbeits)tag|werktags|an (?:jedem werktag|werktagen))|(?<monthly>(?:every|each|on the) first (?:day )?of (?:the|every|each|a) month|(?:every|each) first of the month|am (?:monatsersten|ersten (?:jedes|des|eines) monats)|jeden ersten (?:des|im) monats?|(?:every|each) month|monthly|once a month|jeden monat|monatlich)|(?<weekly>(?:every|each) (?:other )?week|weekly|once a week|jede woche|wöchentlich|einmal (?:die|pro) woche)|(?<quarterly>(?:every|each) quarter|quarterly|jedes quartal|quartalsweise)|(?<hourly>(?:every|each) hour|hourly|jede stunde|stündlich)|(?<evening>(?:every|each|in the) (?:evening|night)|nightly|jede[nr]? (?:abend|nacht)|abends)|(?<daily>(?:every|each) (?:single )?(?:morning|day)|daily|once a day|jede[nr]? (?:morgen|tag)|täglich|morgens|einmal (?:am|pro) tag))${TIME}(?![\\p{L}])`,
  'iu',
)

export interface Clock {
  words: string
  start: number
  /** Five fields. */
  cron: string
  /** Whether hour and minute were said. */
  isExact: boolean
}

/** When a goal wants to be started by the clock. Undefined: it does not say so. */
export function readClock(text: string): Clock | undefined {
  const match = SCHEDULE.exec(text)
  const said = match?.groups
  if (match === null || said === undefined) return undefined
  const hour = hourOf(said)
  const minute = Number(said.minute ?? 0)
  const time = `${minute} ${hour}`
  return {
    words: match[0],
    start: match.index,
    cron: cronOf(said, minute, time),
    isExact: said.hour !== undefined || said.hourly !== undefined,
  }
}

const EARLY = 7
const LATE = 19

function hourOf({ hour, half = '', evening }: Record<string, string | undefined>): number {
  if (hour === undefined) return evening === undefined ? EARLY : LATE
  const number = Number(hour) % 24
  if (/^p/i.test(half) && number < 12) return number + 12
  return /^a/i.test(half) && number === 12 ? 0 : number
}

function cronOf(said: Record<string, string | undefined>, minute: number, time: string): string {
  if (said.day !== undefined) {
    const words = said.day.split(' ').filter((word) => new RegExp(`^(?:${DAY})$`, 'iu').test(word))
    const days = words.flatMap((word) => DAYS.find(([pattern]) => pattern.test(word))?.[1] ?? [])
    return `${time} * * ${days.join(',')}`
  }
  if (said.weekday !== undefined) return `${time} * * 1-5`
  if (said.monthly !== undefined) return `${time} 1 * *`
  if (said.quarterly !== undefined) return `${time} 1 1,4,7,10 *`
  if (said.weekly !== undefined) return `${time} * * 1`
  if (said.hourly !== undefined) return `${minute} * * * *`
  return `${time} * * *`
}
