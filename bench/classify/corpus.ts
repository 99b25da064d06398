import type { LabelledExample } from '../../workers/domain/classifiers'

const OPENINGS = ['Hi,', 'Hello, please', 'Can you tell me', 'I need to know', 'Quick question:', 'Why', 'It seems that', 'Since yesterday']
const ENDINGS = ['?', ', thanks.', ' as soon as possible.', ' and what should I do?', ' in the app?', ' on my account.']
const COMMON =
  'card payment transfer account money bank app fee charge refund order transaction cash balance top-up limit currency rate code'.split(' ')

/** A number in [0, 1) that is the same for the same key. */
function chance(key: number): number {
  let mixed = Math.imul(key ^ 0x9e3779b9, 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 4_294_967_296
}
const pick = <T>(items: readonly T[], key: number): T => items[Math.floor(chance(key) * items.length)] as T

/** A word that looks like one, from a vocabulary of about 3,000. */
function word(key: number): string {
  const syllables = ['ba', 'ter', 'lo', 'min', 'sa', 'con', 'ri', 'de', 'pro', 'ta', 'ver', 'ing', 'al', 'com']
  const number = Math.floor(chance(key) * 2_744)
  return [number % 14, Math.floor(number / 14) % 14, Math.floor(number / 196)].map((at) => syllables[at]).join('')
}

/** A question of about twelve words: some tell its label, most are shared by all. */
function question(key: number, label: number): string {
  const own = Array.from({ length: 3 }, (_, at) => word(label * 97 + Math.floor(chance(key * 31 + at) * 8)))
  const shared = Array.from({ length: 5 }, (_, at) => pick(COMMON, key * 17 + at))
  const rare = word(key * 7 + 3)
  return `${pick(OPENINGS, key)} ${[shared[0], own[0], shared[1], own[1], rare, shared[2], own[2], shared[3], shared[4]].join(' ')}${pick(ENDINGS, key + 5)}`
}

/** Short questions as a bank gets them, evenly of all labels. */
export const makeExamples = (count: number, labels: number): LabelledExample[] =>
  Array.from({ length: count }, (_, n) => ({ text: question(n, n % labels), label: `label ${n % labels}` }))

/** Others of the same kind. */
export const makeQuestions = (count: number): string[] => Array.from({ length: count }, (_, n) => question(1_000_000 + n, n))
