/** A goal in which addresses stand as one word each, so that their dots and dashes split no sentence. */
export interface Goal {
  text: string
  language: 'en' | 'de'
  mails: string[]
  urls: string[]
}

const URL_PATTERN = /https?:\/\/[^\s,;"'<>()]+[^\s,;"'<>().!?]/g
const MAIL_PATTERN = /[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu
const GERMAN =
  /(?<![\p{L}])(?:der|die|das|den|dem|und|oder|wenn|ist|nicht|ein|eine|einen|eine[rms]|mit|für|per|bei|aus|dann|sonst|falls|jede[rns]?|an|im|zu|über|unter|bitte)(?![\p{L}])/giu
const ENGLISH =
  /(?<![\p{L}])(?:the|and|or|if|when|is|not|an?|with|for|by|from|then|otherwise|each|every|to|it|in|of|over|under|please)(?![\p{L}])/giu

/** Takes the addresses out of a goal and tells its language. */
export function readGoal(words: string): Goal {
  const urls: string[] = []
  const mails: string[] = []
  const text = words
    .replace(URL_PATTERN, (url) => `⟦u${urls.push(url) - 1}⟧`)
    .replace(MAIL_PATTERN, (mail) => `⟦m${mails.push(mail) - 1}⟧`)
    .replace(/[ \t\u00a0]+/g, ' ')
  const count = (pattern: RegExp) => [...text.matchAll(pattern)].length
  return { text, mails, urls, language: count(GERMAN) > count(ENGLISH) ? 'de' : 'en' }
}

/** Words as they stood, with the addresses back in place. */
export const withAddresses = (text: string, { mails, urls }: Pick<Goal, 'mails' | 'urls'>): string =>
  text.replace(/⟦([um])(\d+)⟧/g, (_, kind: string, at: string) => (kind === 'u' ? urls : mails)[Number(at)] ?? '')

/** What joins a piece to those before it. */
export type Joint = 'start' | 'next' | 'else' | 'after' | 'before' | 'condition'

/** A stretch of a goal that says one thing. */
export interface Piece {
  text: string
  joint: Joint
  /** Number of its sentence; a condition reaches no further than its sentence, unless an `else` takes it up. */
  sentence: number
}

const ELSE =
  '(?:otherwise|or else|else|if not|smaller ones|others?(?= go)|all others|the rest|sonst|andernfalls|ansonsten|kleinere|alle anderen)'
const AFTER = '(?:afterwards|after that|after which|in any case|finally|danach|anschließend|zum Schluss|abschließend|in jedem Fall)'
const BEFORE = '(?:before|prior to|bevor|ehe)'
const CONDITION = '(?:only if|if|unless|in case|whenever|when|as soon as|once|wenn|falls|sofern|sobald|außer wenn)'
const THEN = '(?:and then|then|and|or(?= (?:mail|send|post))|but|und dann|und|aber)'
const JOINTS: readonly (readonly [Joint, RegExp])[] = [
  ['else', new RegExp(`^(?:and |und |but |aber )?${ELSE}(?![\\p{L}])`, 'iu')],
  ['after', new RegExp(`^(?:and |und )?${AFTER}(?![\\p{L}])`, 'iu')],
  ['before', new RegExp(`^${BEFORE}(?![\\p{L}])`, 'iu')],
  ['condition', new RegExp(`^(?:and |und |but |aber )?${CONDITION}(?![\\p{L}])`, 'iu')],
]
/** Commas part; so do the words that join two things to be done. */
const BREAK = new RegExp(
  `\\s*,(?!\\d)\\s*(?=\\S)|\\s+(?=${THEN}(?![\\p{L}]))|\\s+(?=(?:${ELSE}|${AFTER}|${BEFORE}|${CONDITION})(?![\\p{L}]))`,
  'giu',
)
const SENTENCE = /(?<=[.!?])\s+(?=[\p{Lu}⟦])|\s*[;\n]+\s*/u

/** Parts a goal into pieces, in order. */
export function piecesOf({ text }: Pick<Goal, 'text'>): Piece[] {
  return text.split(SENTENCE).flatMap((sentence, number) =>
    sentence
      .split(BREAK)
      .map((part) => part.trim().replace(/[.!?]+$/, ''))
      .filter((part) => /[\p{L}\d⟦]/u.test(part))
      .map((part, index) => ({ text: part, joint: jointOf(part, index), sentence: number })),
  )
}

const jointOf = (text: string, index: number): Joint =>
  JOINTS.find(([, pattern]) => pattern.test(text))?.[0] ?? (index === 0 ? 'start' : 'next')
