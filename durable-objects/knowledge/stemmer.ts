/**
 * Stems of English words by M. F. Porter, "An algorithm for suffix stripping" (Program 14, 1980): what FTS5's `porter` tokenizer
 * does, so that words counted here are the words of the full-text index. Takes lower case without accents.
 */
const CONSONANT = '[^aeiou]'
const VOWEL = '[aeiouy]'
const CONSONANTS = '[^aeiou][^aeiouy]*'
const VOWELS = '[aeiouy][aeiou]*'
/** At least one, exactly one, and at least two sequences of vowels and consonants: Porter's measure m. */
const MEASURE_1 = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}`)
const MEASURE_EXACTLY_1 = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}(${VOWELS})?$`)
const MEASURE_2 = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}${VOWELS}${CONSONANTS}`)
const HAS_VOWEL = new RegExp(`^[aeiou]|^${CONSONANTS}${VOWEL}`)
const ENDS_SHORT = new RegExp(`^${CONSONANTS}${VOWEL}[^aeiouwxy]$`)
const DOUBLE_CONSONANT = new RegExp(`(${CONSONANT})\\1$`)

const STEP_2: [suffix: string, stem: string][] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['logi', 'log'],
  ['bli', 'ble'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
]
const STEP_3: [suffix: string, stem: string][] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
]
const STEP_4 = /^(.+?)(ement|ance|ence|able|ible|ment|ant|ent|ism|ate|iti|ous|ive|ize|al|er|ic|ou|(?<=[st])ion)$/

/** Words that FTS5 leaves as they are: too short or too long to be stemmed. */
const SHORTEST = 3
const LONGEST = 64

export function stem(word: string): string {
  if (word.length < SHORTEST || word.length > LONGEST) return word
  return withoutFinalE(step4(replaceSuffix(replaceSuffix(finalY(pastForms(plurals(word))), STEP_2), STEP_3)))
}

function plurals(word: string): string {
  if (word.endsWith('sses') || word.endsWith('ies')) return word.slice(0, -2)
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word
}

function pastForms(word: string): string {
  if (word.endsWith('eed')) return MEASURE_1.test(word.slice(0, -3)) ? word.slice(0, -1) : word
  const root = word.endsWith('ed') ? word.slice(0, -2) : word.endsWith('ing') ? word.slice(0, -3) : undefined
  if (root === undefined || !HAS_VOWEL.test(root)) return word
  if (/(at|bl|iz)$/.test(root)) return `${root}e`
  if (DOUBLE_CONSONANT.test(root) && !/[lsz]$/.test(root)) return root.slice(0, -1)
  return ENDS_SHORT.test(root) ? `${root}e` : root
}

const finalY = (word: string): string => (word.endsWith('y') && HAS_VOWEL.test(word.slice(0, -1)) ? `${word.slice(0, -1)}i` : word)

function replaceSuffix(word: string, suffixes: [suffix: string, stem: string][]): string {
  const found = suffixes.find(([suffix]) => word.endsWith(suffix))
  if (found === undefined) return word
  const root = word.slice(0, -found[0].length)
  return MEASURE_1.test(root) ? root + found[1] : word
}

function step4(word: string): string {
  const root = STEP_4.exec(word)?.[1]
  return root !== undefined && MEASURE_2.test(root) ? root : word
}

function withoutFinalE(word: string): string {
  let root = word
  if (root.endsWith('e')) {
    const short = root.slice(0, -1)
    if (MEASURE_2.test(short) || (MEASURE_EXACTLY_1.test(short) && !ENDS_SHORT.test(short))) root = short
  }
  return root.endsWith('ll') && MEASURE_2.test(root) ? root.slice(0, -1) : root
}
