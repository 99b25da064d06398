import english from './english.json'
import { GERMAN, GERMAN_BOOSTERS, GERMAN_DAMPENERS, GERMAN_NEGATIONS } from './german'

/** A word of opinion and what it adds, in VADER's scale of about −4 to 4. */
export interface Opinion {
  word: string
  value: number
}

/** Constants of VADER (Hutto and Gilbert 2014), whose lexicon (MIT) gives the English words. */
const BOOST = 0.293
const NEGATION = -0.74
const EMPHASIS = 0.292
const MAX_EMPHASIS = 3
/** Turns a sum into −1…1: `sum / √(sum² + 15)`. */
const NORMALISER = 15
/** How far before a word its negations and boosters are looked for. */
const REACH = 3
/** German puts the negation behind as well: `gefällt mir nicht`. */
const GERMAN_REACH_BEHIND = 2
const BEFORE_BUT = 0.5
const AFTER_BUT = 1.5

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))
const ENGLISH = new Map(Object.entries(english).flatMap(([value, words]) => words.split(' ').map((word) => [word, Number(value)] as const)))
const STEMS = Object.entries(GERMAN)
  .flatMap(([value, words]) => words.split(' ').map((stem) => ({ stem, value: Number(value) })))
  .sort((a, b) => b.stem.length - a.stem.length)
/** Shorter stems are whole words: `gut` is not in `gutachten`. */
const MIN_OPEN_STEM = 5

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
  en: { value: (word) => ENGLISH.get(word), negations: NEGATIONS, boosters: BOOSTERS, dampeners: DAMPENERS, behind: 0 },
  de: {
    value: (word) => STEMS.find(({ stem }) => (stem.length >= MIN_OPEN_STEM ? word.startsWith(stem) : word === stem))?.value,
    negations: set(GERMAN_NEGATIONS),
    boosters: set(GERMAN_BOOSTERS),
    dampeners: set(GERMAN_DAMPENERS),
    behind: GERMAN_REACH_BEHIND,
  },
}

/** The opinion of one sentence, −1…1, and the words it comes from. Negations turn, boosters raise, what follows `but` counts more. */
export function scoreSentence(text: string, language: 'en' | 'de'): { score: number; opinions: Opinion[] } {
  const tongue = TONGUES[language]
  const raw = text.match(/[\p{L}][\p{L}\p{M}'’-]*/gu) ?? []
  const words = raw.map((word) => word.toLowerCase().replace('’', "'"))
  const shouted = raw.some((word) => /^\p{Lu}{3,}$/u.test(word)) && raw.some((word) => /\p{Ll}/u.test(word))
  const but = words.findIndex((word) => BUT.has(word))
  const opinions = words.flatMap((word, at): Opinion[] => {
    const value = tongue.value(word)
    if (value === undefined || tongue.negations.has(word)) return []
    const emphasised = value + Math.sign(value) * (shouted && /^\p{Lu}{3,}$/u.test(raw[at] ?? '') ? 0.733 : 0)
    const turned = around(words, at, emphasised, tongue)
    const weight = but < 0 ? 1 : at < but ? BEFORE_BUT : AFTER_BUT
    return [{ word: raw[at] ?? word, value: turned * weight }]
  })
  const marks = Math.min(MAX_EMPHASIS, text.match(/!/g)?.length ?? 0) * EMPHASIS
  const sum = opinions.reduce((total, { value }) => total + value, 0)
  const total = sum + Math.sign(sum) * marks
  return { score: total / Math.sqrt(total * total + NORMALISER), opinions }
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
