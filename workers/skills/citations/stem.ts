/** Endings that are taken off once each round, longest first, with what stays in their place. */
const ENDINGS: readonly (readonly [string, string])[] = [
  ['ational', 'at'],
  ['ization', 'iz'],
  ['isation', 'iz'],
  ['fulness', ''],
  ['ousness', ''],
  ['iveness', ''],
  ['ation', 'at'],
  ['ments', ''],
  ['ising', 'iz'],
  ['ities', ''],
  ['ated', 'at'],
  ['ment', ''],
  ['ness', ''],
  ['tion', 't'],
  ['sion', 's'],
  ['ance', ''],
  ['ence', ''],
  ['able', ''],
  ['ate', 'at'],
  ['ible', ''],
  ['ised', 'iz'],
  ['ator', 'at'],
  ['ious', ''],
  ['ical', 'ic'],
  ['ing', ''],
  ['ity', ''],
  ['ies', 'i'],
  ['ied', 'i'],
  ['ion', ''],
  ['ous', ''],
  ['ive', ''],
  ['ful', ''],
  ['ise', 'iz'],
  ['ent', ''],
  ['ant', ''],
  ['ist', ''],
  ['ly', ''],
  ['ed', ''],
  ['er', ''],
  ['or', ''],
  ['es', ''],
  ['en', ''],
  ['em', ''],
  ['al', ''],
  ['s', ''],
]
/** A stem keeps at least so many letters, so that short words stay apart. */
const LEAST_STEM = 3
const ROUNDS = 3

/**
 * A word brought to a stem that its inflected forms share: lower case, no accents, endings off. Made for English, and of use for
 * languages that inflect by endings. Two forms meet more often than they should rather than seldom: a stem is a hint, no word.
 */
export function stem(word: string): string {
  let stemmed = fold(word)
  if (/\d/.test(stemmed)) return stemmed
  for (let round = 0; round < ROUNDS; round += 1) {
    const ending = ENDINGS.find(
      ([end, instead]) =>
        stemmed.endsWith(end) &&
        stemmed.length - end.length + instead.length >= LEAST_STEM &&
        !stemmed.endsWith('ss') &&
        // A plural is taken off once; a further `s` belongs to the stem: increas-ing.
        (round === 0 || !end.endsWith('s')),
    )
    if (!ending) break
    stemmed = `${stemmed.slice(0, stemmed.length - ending[0].length)}${ending[1]}`
  }
  const bare = stemmed.length > LEAST_STEM ? stemmed.replace(/[aeiouy]$/, '') : stemmed
  // What `-ed` and `-ing` doubled: `stopped`, `running`.
  return bare.length > LEAST_STEM ? bare.replace(/([bdfgklmnprtz])\1$/, '$1') : bare
}

/** Lower case without accents; ligatures and full-width forms as plain letters. */
export const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss').toLowerCase()
