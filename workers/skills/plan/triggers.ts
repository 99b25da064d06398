import { type Clock, readClock } from './clock'
import type { PlanTrigger } from './schema'

interface Started {
  kind: PlanTrigger
  /** When, where a clock would have to start it. */
  clock?: Clock
  /** The goal with the words that say how a run starts blanked out: they are nothing to do. Every other word stays in its place. */
  rest: string
  /** The words that say so. */
  places: { start: number; end: number }[]
}

const ARRIVES =
  '(?:arriv(?:es?|ing)|comes? in|coming in|comes|is received|are received|gets? in|lands?|kommt|kommen|eintrifft|eingeht|reinkommt|ankommt)'
const VIA_MAIL =
  '(?:(?:by|via|per|als) (?:e-?)?mail(?![\\p{L}])|(?:in|into|from|aus) (?:the|our|my|dem|unserem) (?:inbox|mailbox|posteingang|postfach)|im (?:posteingang|postfach))'
const KIND = '(?:support |customer |kunden|incoming |inbound |received |new |eingehende[nr]? |neue[nr]? )'
const EMAIL: readonly RegExp[] = [
  new RegExp(`${ARRIVES} ${VIA_MAIL}(?! (?:to|an) )|${VIA_MAIL} ${ARRIVES}`, 'giu'),
  new RegExp(`(?<!(?:send|sends|schick\\p{L}*|sende\\p{L}*|mail\\p{L}*)[^.;]*)${VIA_MAIL}(?! (?:to|an) )`, 'giu'),
  /(?<![\p{L}])(?:from|of|in|aus|in der|aus der) (?:the |an? |this |der |einer )?(?:incoming |customer |kunden)?(?:e-?)?mails?(?![\p{L}-])(?! of| von| des)/giu,
  new RegExp(
    `(?<![\\p{L}])(?:(?:the|an?|each|every|all|any|this|die|eine|jede|alle) )?${KIND}+(?:e-?)?mails?(?! an | to )(?![\\p{L}-])`,
    'giu',
  ),
  /(?<![\p{L}])(?:(?:each|every|jede|alle) )?(?:kunden|support|service|bewerbungs|bestell)-?(?:e-?)?mails?(?![\p{L}-])/giu,
  /(?<![\p{L}])(?:wenn|sobald|when|whenever|once) (?:an?|eine) (?:e-?)?mail(?: with an? [\p{L}]+| mit (?:einer?|einem) [\p{L}]+)?(?: attached)? (?:arrives|comes in|kommt|eintrifft|eingeht)/giu,
  /(?<=(?:^|[.,;] |and |und )(?:please |bitte )?(?:prüfe|lies|ordne|klassifiziere|analysiere|sortiere|beantworte|read|check|classify|screen|analyse|analyze|sort|tag|answer|summari[sz]e|index|handle) )(?:the|die|jede|each|every|eine|all|alle)? ?(?:e-?)?mails?(?![\p{L}-])/giu,
  /(?<=(?:if|when|whenever|once|wenn|falls|sobald|enthält|ist|hat) )(?:the|an?|die|eine|each|every|jede) (?:e-?)?mail(?![\p{L}-])/giu,
]
/** That a mail is spoken of as what came in, without naming it: "leite die Mail weiter", "dem Absender". */
const SPEAKS_OF_MAIL =
  /(?<![\p{L}])(?:leite?|beantworte|übersetze|forward|answer|translate) (?:the|die|this|diese) (?:e-?)?mail(?![\p{L}-])|(?<![\p{L}])mails?(?= (?:into|in|als|as|from) )/iu
const UPLOAD =
  /(?<![\p{L}])(?:uploads|uploaded|uploading|(?<!(?:^|[.,;] |and |then |please ))upload|hochgeladen\p{L}*|hochlade\p{L}*|hochlädt)(?![\p{L}])/iu
const WEBHOOK =
  /(?:when|whenever|once|if|sobald|wenn) (?:[\p{L}]+ ){1,4}(?:calls? (?:us|the|our)|posts? (?:json|an?|data)(?![\p{L}])|sends? (?:a )?(?:json|webhook))|(?:incoming|inbound|eingehende[rn]?) webhooks?/iu

/** How runs of the goal begin; `api` where it does not say. */
export function readTrigger(text: string): Started {
  const clock = readClock(text)
  if (clock) return { kind: 'schedule', clock, ...without(text, [clock]) }
  const mail = EMAIL.reduce((rest, pattern) => rest.replace(pattern, (found) => ' '.repeat(found.length)), text)
  if (mail !== text) return { kind: 'email', rest: mail, places: changes(text, mail) }
  const spoken = SPEAKS_OF_MAIL.exec(text)
  if (spoken) return { kind: 'email', rest: text, places: [{ start: spoken.index, end: spoken.index + spoken[0].length }] }
  const upload = UPLOAD.exec(text)
  if (upload) return { kind: 'upload', rest: text, places: [{ start: upload.index, end: upload.index + upload[0].length }] }
  const hook = WEBHOOK.exec(text)
  return hook ? { kind: 'webhook', ...without(text, [{ start: hook.index, words: hook[0] }]) } : { kind: 'api', rest: text, places: [] }
}

function without(text: string, spans: { start: number; words: string }[]): Pick<Started, 'rest' | 'places'> {
  const rest = spans.reduce((words, span) => blank(words, span.start, span.start + span.words.length), text)
  return { rest, places: spans.map(({ start, words }) => ({ start, end: start + words.length })) }
}

/** The text with a stretch of it blanked out; everything else stays in its place. */
export const blank = (text: string, start: number, end: number): string =>
  `${text.slice(0, start)}${' '.repeat(Math.max(0, end - start))}${text.slice(end)}`

/** Where two texts of one length differ. */
function changes(before: string, after: string): { start: number; end: number }[] {
  const places: { start: number; end: number }[] = []
  for (let at = 0; at < before.length; at += 1) {
    if (before[at] === after[at]) continue
    const last = places.at(-1)
    if (last && last.end === at) last.end = at + 1
    else places.push({ start: at, end: at + 1 })
  }
  return places
}
