import { GERMAN_BOOSTERS, GERMAN_DAMPENERS, GERMAN_NEGATIONS } from './german'
import { FORMULAS, IDIOMS, TURNS } from './phrases'
import { englishValue, germanValue } from './words'

/** A word or phrase of opinion and what it adds, in VADER's scale of about −4 to 4. */
export interface Opinion {
  word: string
  value: number
}

/** Constants of VADER (Hutto and Gilbert 2014), whose lexicon (MIT) gives the English words. */
const BOOST = 0.293
const NEGATION = -0.74
const EMPHASIS = 0.292
const MAX_EMPHASIS = 3
const CAPITALS = 0.733
/** Turns a sum into −1…1: `sum / √(sum² + 15)`. */
const NORMALISER = 15
/** How far before a word its negations and boosters are looked for. */
const REACH = 3
/** German puts the negation behind as well: `gefällt mir nicht`. */
const GERMAN_REACH_BEHIND = 2
const BEFORE_BUT = 0.5
const AFTER_BUT = 1.5

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

const NEGATIONS = set(
  "not no never none nobody nothing neither nor nowhere without hardly barely scarcely cannot can't don't doesn't didn't isn't wasn't aren't weren't won't wouldn't couldn't shouldn't hasn't haven't hadn't ain't",
)
const BOOSTERS = set(
  'very extremely absolutely really totally completely so highly incredibly especially truly deeply most remarkably utterly exceptionally',
)
const DAMPENERS = set('slightly somewhat kind partly almost barely rather little marginally occasionally')
const BUT = set('but however although yet aber jedoch doch allerdings')

interface Tongue {
  value(word: string): number | undefined
  negations: ReadonlySet<string>
  boosters: ReadonlySet<string>
  dampeners: ReadonlySet<string>
  behind: number
}

const TONGUES: Record<'en' | 'de', Tongue> = {
  en: { value: englishValue, negations: NEGATIONS, boosters: BOOSTERS, dampeners: DAMPENERS, behind: 0 },
  de: {
    value: germanValue,
    negations: set(GERMAN_NEGATIONS),
    boosters: set(GERMAN_BOOSTERS),
    dampeners: set(GERMAN_DAMPENERS),
    behind: GERMAN_REACH_BEHIND,
  },
}

/** What a rule is stated with; it binds whoever it names and praises or blames nobody. */
const RULE =
  /\b(?:shall|warrants?|liable|hereby|thereof|hereunder|(?:is|are) to be|in the event of|the (?:tenant|landlord|supplier|seller|buyer|insurer|party|parties|licensee|licensor|employee|employer|contract|agreement) (?:may|must|is|are|can|has|have) (?:obliged|entitled|required|terminated|to|withdraw|terminate|claim|demand|be|not be))(?!\p{L})|(?<!\p{L})(?:haftet|haftung|haften|gemäß|im falle|(?:ist|sind) (?:verpflichtet|berechtigt|unverzüglich)|leistet (?:keine |eine )?(?:entschädigung|ersatz)|die vertragspart\p{L}+)(?!\p{L})/iu
const SPEAKER = /(?<!\p{L})(?:i|we|my|our|me|us|ich|wir|mein\p{L}*|unser\p{L}*|mich|mir|uns)(?!\p{L})/iu
/** What is asked for is not praised: "could you send a nice offer?" */
const REQUEST =
  /^\s*(?:hello|hi|hallo|guten tag)?[\s,]*(?:can|could|would|will|may|when|where|is there|are there|do you|können|könnten|würden|kann|wann|wo|gibt es)(?!\p{L})/iu

/**
 * The opinion of one sentence, −1…1, and the words it comes from. Negations turn, boosters raise, what follows `but` counts more;
 * courtesy and the sentences of contracts have none.
 */
export function scoreSentence(text: string, language: 'en' | 'de'): { score: number; opinions: Opinion[] } {
  if (RULE.test(text) && !SPEAKER.test(text)) return { score: 0, opinions: [] }
  const { rest, opinions: idioms } = readPhrases(text)
  const opinions = [...idioms, ...readWords(rest, TONGUES[language])].filter(({ value }) => value < 0 || !isRequest(text))
  const marks = Math.min(MAX_EMPHASIS, text.match(/!/g)?.length ?? 0) * EMPHASIS
  const sum = opinions.reduce((total, { value }) => total + value, 0)
  const total = sum + Math.sign(sum) * marks
  return { score: total / Math.sqrt(total * total + NORMALISER), opinions }
}

const isRequest = (text: string): boolean => text.trimEnd().endsWith('?') && REQUEST.test(text)

/** Phrases that have an opinion of their own; what is left has neither them nor courtesy. */
function readPhrases(text: string): { rest: string; opinions: Opinion[] } {
  const opinions: Opinion[] = []
  let rest = text
  for (const [pattern, value] of IDIOMS)
    rest = rest.replace(pattern, (found) => {
      opinions.push({ word: found, value })
      return ' '.repeat(found.length)
    })
  for (const pattern of FORMULAS) rest = rest.replace(pattern, (found) => ' '.repeat(found.length))
  for (const pattern of TURNS) rest = rest.replace(pattern, ' not nicht ')
  return { rest, opinions }
}

function readWords(text: string, tongue: Tongue): Opinion[] {
  const raw = text.match(/[\p{L}][\p{L}\p{M}'’-]*/gu) ?? []
  const words = raw.map((word) => word.toLowerCase().replace('’', "'"))
  const shouted = raw.some((word) => /^\p{Lu}{3,}$/u.test(word)) && raw.some((word) => /\p{Ll}/u.test(word))
  const but = words.findIndex((word) => BUT.has(word))
  return words.flatMap((word, at): Opinion[] => {
    const value = tongue.value(word)
    if (value === undefined || tongue.negations.has(word)) return []
    const emphasised = value + Math.sign(value) * (shouted && /^\p{Lu}{3,}$/u.test(raw[at] ?? '') ? CAPITALS : 0)
    const weight = but < 0 ? 1 : at < but ? BEFORE_BUT : AFTER_BUT
    return [{ word: raw[at] ?? word, value: around(words, at, emphasised, tongue) * weight }]
  })
}

function around(words: string[], at: number, value: number, { negations, boosters, dampeners, behind }: Tongue): number {
  let result = value
  for (let distance = 1; distance <= REACH; distance += 1) {
    const before = words[at - distance] ?? ''
    const fade = 1 - 0.05 * (distance - 1)
    if (boosters.has(before)) result += Math.sign(value) * BOOST * fade
    if (dampeners.has(before)) result -= Math.sign(value) * BOOST * fade
  }
  const near = [...words.slice(Math.max(0, at - REACH), at), ...words.slice(at + 1, at + 1 + behind)]
  return near.some((word) => negations.has(word)) ? result * NEGATION : result
}
