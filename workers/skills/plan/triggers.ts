import type { PlanTrigger } from './schema'

interface Started {
  kind: PlanTrigger
  /** The words that say when, where a clock would have to. */
  schedule?: string
  /** The goal without the words that say how a run starts: they are nothing to do. */
  rest: string
}

const DAYS = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag'
const SCHEDULE = new RegExp(
  `(?:(?:every|each|on) (?:other )?(?:single )?(?:morning|evening|night|day|weekday|week|month|quarter|hour|(?:${DAYS})s?)|daily|weekly|monthly|hourly|nightly|once an? (?:day|week|month)|jede[nrs]? (?:morgen|abend|nacht|tag|werktag|woche|monat|stunde|(?:${DAYS}))|täglich|wöchentlich|monatlich|stündlich)(?: (?:at|um) \\d{1,2}(?::\\d{2})?(?: ?(?:am|pm|uhr|o'clock))?)?`,
  'iu',
)
const ARRIVES =
  '(?:arriv(?:es?|ing)|comes? in|coming in|is received|are received|gets? in|lands?|kommt|eintrifft|eingeht|reinkommt|ankommt)'
const VIA_MAIL = '(?:(?:by|via|per|als) (?:e-?)?mail|(?:in|into) (?:the|our|my) (?:inbox|mailbox)|im posteingang)'
const EMAIL: readonly RegExp[] = [
  new RegExp(`(?:${ARRIVES} )?${VIA_MAIL}(?: ${ARRIVES})?`, 'giu'),
  new RegExp(`${ARRIVES} (?:by|via|per) (?:e-?)?mail`, 'giu'),
  /(?<![\p{L}])(?:from|of|in|aus|in der|aus der) (?:the |an? |this |der |einer )?(?:incoming )?(?:e-?)?mails?(?![\p{L}-])/giu,
  /(?<![\p{L}])(?:(?:the|an?|each|every|this|die|eine|jede) )?(?:(?:incoming|inbound|received|new|customer|customers['’]|eingehende[nr]?|neue) )+(?:e-?)?mails?(?![\p{L}-])/giu,
  /(?<![\p{L}])kunden-?(?:e-?)?mails?(?![\p{L}-])/giu,
  /(?<![\p{L}])(?:wenn|sobald|when|whenever|once) (?:an?|eine) (?:e-?)?mail(?: with an? [\p{L}]+| mit (?:einer?|einem) [\p{L}]+)?(?: attached)? (?:arrives|comes in|kommt|eintrifft|eingeht)/giu,
  /(?<=(?:^|[.,;] )(?:prüfe|lies|ordne|klassifiziere|analysiere|sortiere|read|check|classify|screen|analyse|analyze|sort) )(?:the|die|jede|each|every|eine) (?:e-?)?mails?(?![\p{L}-])/giu,
]
const UPLOAD = /(?<![\p{L}])(?:upload(?:s|ed|ing)?|hochgeladen\p{L}*|hochlade\p{L}*|hochlädt)(?![\p{L}])/iu
const WEBHOOK =
  /(?:when|whenever|once|if|sobald|wenn) (?:[\p{L}]+ ){1,4}(?:calls? (?:us|the|our)|posts? (?:json|a|an|data)|sends? (?:a )?(?:json|webhook))|(?:incoming|inbound|eingehende[rn]?) webhooks?/iu

/** How runs of the goal begin; `api` where it does not say. */
export function readTrigger(text: string): Started {
  const schedule = SCHEDULE.exec(text)
  if (schedule) return { kind: 'schedule', schedule: schedule[0], rest: text.replace(SCHEDULE, ' ') }
  const rest = EMAIL.reduce((words, pattern) => words.replace(pattern, (found) => ' '.repeat(found.length)), text)
  if (rest !== text) return { kind: 'email', rest: rest.replace(/ {2,}/g, ' ') }
  if (UPLOAD.test(text)) return { kind: 'upload', rest: text }
  if (WEBHOOK.test(text)) return { kind: 'webhook', rest: text.replace(WEBHOOK, ' ') }
  return { kind: 'api', rest: text }
}
