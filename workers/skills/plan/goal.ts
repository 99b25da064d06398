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
  /(?<![\p{L}])(?:der|die|das|den|dem|und|oder|wenn|ist|nicht|ein|eine|einen|eine[rms]|mit|für|per|bei|aus|dann|sonst|falls|jede[rns]?|an|im|zu|über|unter|bitte|nur|alle|nach)(?![\p{L}])/giu
const ENGLISH =
  /(?<![\p{L}])(?:the|and|or|if|when|is|not|an?|with|for|by|from|then|otherwise|each|every|to|it|in|of|over|under|please|only|all|after)(?![\p{L}])/giu

/** Takes the addresses out of a goal and tells its language. */
export function readGoal(words: string): Goal {
  const urls: string[] = []
  const mails: string[] = []
  const text = words
    .replace(/[⟦⟧]/g, ' ')
    .replace(URL_PATTERN, (url) => `⟦u${urls.push(url) - 1}⟧`)
    .replace(MAIL_PATTERN, (mail) => `⟦m${mails.push(mail) - 1}⟧`)
    .replace(/[ \t\u00a0]+/g, ' ')
    .replace(/(?<=es sei denn),/giu, ' ')
  const count = (pattern: RegExp) => [...text.matchAll(pattern)].length
  return { text, mails, urls, language: count(GERMAN) > count(ENGLISH) ? 'de' : 'en' }
}

/** What joins a piece to those before it. */
export type Joint = 'start' | 'next' | 'else' | 'after' | 'before' | 'condition'

/** A stretch of a goal that says one thing: a clause. */
export interface Piece {
  text: string
  /** Where it begins in the text of the goal. */
  start: number
  joint: Joint
  /** A comma or colon stands before it. */
  comma: boolean
  /** Number of its sentence; a condition reaches no further than its sentence, unless an `else` takes it up. */
  sentence: number
}

const ELSE =
  '(?:otherwise|or else|else|if not|if none(?: of (?:these|them))?|in all other cases|smaller ones|(?:all |any )?others?(?= (?:go|to|are|is|need|must|ones|documents?|mails?|invoices?)|$)|all the rest|the rest|(?:everything|anything|all) else|sonst|andernfalls|ansonsten|kleinere|größere|in allen anderen fällen|(?:alle|den|die) (?:anderen|übrigen|restlichen)|alles (?:andere|übrige)|der rest|den rest|(?:anything |everything )?(?:above|over|below|under) that|darüber|darunter)'
const AFTER = '(?:afterwards|after that|after which|in any case|finally|danach|anschließend|zum Schluss|abschließend|in jedem Fall)'
const BEFORE = '(?:before(?! (?:the (?:end|\\d)|\\d|today|tomorrow|noon|midnight))|prior to|bevor|ehe)'
const EXCEPT =
  '(?:unless|except(?:ing)?(?: for| if| when| from| those)*|but not(?= (?:for|if|when|in))|other than|apart from|außer(?: wenn| bei| für)?|es sei denn|ausgenommen|mit ausnahme von|bis auf(?! \\d)|sofern nicht|(?:that|which|who)(?= (?:contains?|are|is|have|has|mentions?|do not|don))|die(?= (?:nicht|kein\\p{L}*|mehr|über|unter|älter) ))'
const CONDITION = `(?:only if|only when|if|in case|whenever|when|as soon as|once|provided(?: that)?|nur wenn|wenn|falls|sofern|sobald|${EXCEPT})`
const THEN = '(?:and then|then|and|or(?= (?:mail|send|post|forward))|but|und dann|und|aber|sondern|sowie|as well as)'
const JOINTS: readonly (readonly [Joint, RegExp])[] = [
  ['else', new RegExp(`^(?:and |und |but |aber |then )?(?:for |forward |send |mail |post )?${ELSE}(?![\\p{L}])`, 'iu')],
  ['after', new RegExp(`^(?:and |und )?${AFTER}(?![\\p{L}])`, 'iu')],
  ['before', new RegExp(`^(?:and |but |und )?${BEFORE}(?![\\p{L}])`, 'iu')],
  ['condition', new RegExp(`^(?:and |und |but |aber |or |oder )?${CONDITION}(?![\\p{L}])`, 'iu')],
]
const DISJOINS = new RegExp(`^(?:and |und |but |aber )?${EXCEPT}(?![\\p{L}])`, 'iu')
const RELATIVE = /^(?:that|which|who|die)(?![\p{L}])/iu

/** Whether a piece names what is not meant: "unless …", "except …". */
export const isException = (text: string): boolean => DISJOINS.test(text) && !RELATIVE.test(text)

/** Commas and colons part; so do the words that join two things to be done. */
const BREAK = new RegExp(
  `\\s*[,:](?!\\d)\\s+(?=\\S)|\\s+(?=${THEN}(?![\\p{L}])(?! (?:\\d|nor|or |oder )))|\\s+(?=(?:otherwise|or else|else(?! (?:to|goes?))|if not|sonst|andernfalls|ansonsten|${AFTER}|${BEFORE}|${CONDITION})(?![\\p{L}]))`,
  'giu',
)
const SENTENCE = /(?<=[.!?])\s+(?=[\p{Lu}⟦\d])|\s*[;\n]+\s*/gu
const ELSEWHERE = /(?:everything|anything|all|in case|only|nur|and|und|but|aber|or|oder)$/iu

/** Parts a goal into pieces, in order. Together they hold every word of it. */
export function piecesOf({ text }: Pick<Goal, 'text'>): Piece[] {
  let number = 0
  let isAsked = false
  return partsOf(text, 0, SENTENCE).flatMap((sentence, index) => {
    // "Is it an invoice? Then …": the answer belongs to the question.
    const answers = isAsked && /^(?:then|dann|if so|wenn ja|falls ja)(?![\p{L}])/iu.test(sentence.text)
    if (index > 0 && !answers) number += 1
    isAsked = /\?\s*$/.test(sentence.text)
    return piecesOfSentence(sentence, number, isAsked)
  })
}

function piecesOfSentence(sentence: Part, number: number, isAsked: boolean): Piece[] {
  const parts = join(partsOf(sentence.text, sentence.start, BREAK))
  return parts.map((part, index) => {
    const joint = jointOf(part.text, index)
    return { ...part, joint: isAsked && joint !== 'else' && QUESTION.test(sentence.text) ? 'condition' : joint, sentence: number }
  })
}

/** A question about the document, not about how or what to find out. */
const QUESTION = /^(?!(?:which|what|who|how|when|where|welche\p{L}*|was|wer|wie|wann|wo)(?![\p{L}]))/iu

interface Part {
  text: string
  start: number
  comma: boolean
}

function partsOf(text: string, offset: number, at: RegExp): Part[] {
  const parts: Part[] = []
  let from = 0
  let comma = false
  for (const match of [...text.matchAll(at), undefined]) {
    const raw = text.slice(from, match?.index)
    const lead = raw.length - raw.trimStart().length
    const trimmed = at === BREAK ? raw.trim().replace(/[.!?]+$/, '') : raw.trim()
    if (/[\p{L}\d⟦]/u.test(trimmed)) parts.push({ text: trimmed, start: offset + from + lead, comma })
    if (match === undefined) break
    comma = /[,:]/.test(match[0])
    from = match.index + match[0].length
  }
  return parts
}

/** "If the number | and the date are missing". */
const HALF =
  /^(?:and |und |but |aber )?(?:only |nur )?(?:if|when|unless|wenn|falls|sofern|fehlt|fehlen) (?:(?:both|either|neither|the|an?|no|die|der|das|keine?|weder) )*(?!(?:it|es|sie|you|er)(?![\p{L}]))[\p{L}-]+(?: [\p{L}-]+)?$/iu
const OTHER_HALF =
  /^(?:and|und|or|oder|nor|noch) (?:(?:the|an?|no|die|der|das|keine?) )*[\p{L}-]+(?: [\p{L}-]+)? (?:(?:is|are|was|were|sind|ist|vorhanden|fehlen|fehlt|present|found|missing|there|given|angegeben|gefunden)(?: |$))+|^(?:und|oder) (?:(?:die|der|das|keine?) )?[\p{L}-]+$/iu

/** A word that only leads to the next piece is no piece: "only | if it is …". */
function join(parts: Part[]): Part[] {
  const joined: Part[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    const gap = last === undefined ? 0 : part.start - last.start - last.text.length
    if (last && !part.comma && HALF.test(last.text) && OTHER_HALF.test(part.text)) {
      last.text = `${last.text}${' '.repeat(Math.max(1, gap))}${part.text}`
      continue
    }
    if (last && !part.comma && ELSEWHERE.test(last.text) && last.text.split(/\s+/).every((word) => ELSEWHERE.test(word))) {
      last.text = `${last.text}${' '.repeat(Math.max(1, gap))}${part.text}`
    } else joined.push({ ...part })
  }
  return joined
}

/** "ask accounting for the others". */
const FOR_OTHERS =
  /(?<![\p{L}])(?:for|bei|für) (?:all )?(?:the )?(?:others?|rest|remaining ones|(?:allen |alle |den |die )?(?:anderen|übrigen))(?: ones)?$/iu

const jointOf = (text: string, index: number): Joint =>
  FOR_OTHERS.test(text) ? 'else' : (JOINTS.find(([, pattern]) => pattern.test(text))?.[0] ?? (index === 0 ? 'start' : 'next'))
