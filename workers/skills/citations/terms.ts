import { ANY_STOPWORD } from '../language/stopwords'
import { fold, stem } from './stem'

/** A word of a text that carries meaning. */
export interface Term {
  /** As written. */
  text: string
  stem: string
  /** `name`: capitalised inside a sentence, or with a figure; `common`: said of anything; `word`: the rest. */
  kind: 'name' | 'word' | 'common'
  start: number
  end: number
}

const WORD = /[\p{L}\p{N}]+(?:[’'.][\p{L}\p{N}]+)*/gu

const set = (text: string): ReadonlySet<string> => new Set(text.split(' ').map(stem))

/** Words of questions and of any text whose presence proves little. */
const COMMON = set(
  'name named names call called known kind kinds type types sort many much away long old often far year years month day days time times date many number amount total first last new ' +
    'old main major important different several certain small large great big high low good well best most more less few part parts place thing things way ways people person man group ' +
    'make made makes take took taken give gave given get got go went come came use used uses become became begin began say said says see seen find found think thought describe described ' +
    'consider considered include included including contain happen happened occur occurred did does done having been being exist exists following reason purpose result cause term word words ' +
    'another other others along among around according approximately currently today now also still ever never always usually typically common commonly primary general specific particular ' +
    'end ended start started order example form role area areas level state states world country city system work worked two three four five one show shown refer referred mean means meaning ' +
    'originally responsible related believed help helped want need needed keep kept able possible likely per each every both various able allow allowed provide provided present instead what which',
)
const QUESTION_WORDS = set(
  'what which who whom whose where when why how wer wen wem wessen wo wann warum wieso weshalb wie was welche welcher welches welchen wieviel qui que quoi quel quelle quels quelles quand où pourquoi comment combien ' +
    'quién quien qué cuál cuáles cuándo dónde por cómo cuánto cuánta cuántos cuántas chi cosa quale quali quando dove perché come quanto quanti quante wat welke waar wanneer waarom hoe hoeveel',
)

const STOPWORD_STEMS: ReadonlySet<string> = new Set([...ANY_STOPWORD].map(fold))

/** Words of a text that carry meaning, in order; function words and question words are left out. */
export function termsOf(text: string): Term[] {
  return [...text.matchAll(WORD)].flatMap((match) => {
    const written = match[0].replace(/[’']s$/u, '')
    const plain = fold(written)
    if (STOPWORD_STEMS.has(plain) || (plain.length < 2 && !/\d/.test(plain))) return []
    const stemmed = stem(written)
    if (QUESTION_WORDS.has(stemmed)) return []
    const isFirst = !/[\p{L}\p{N}]/u.test(text.slice(0, match.index))
    const isName = /\d/.test(written) || (/^\p{Lu}/u.test(written) && !isFirst) || /^\p{Lu}{2,}/u.test(written)
    const kind = isName ? 'name' : COMMON.has(stemmed) ? 'common' : 'word'
    return [{ text: written, stem: stemmed, kind, start: match.index, end: match.index + written.length }] satisfies Term[]
  })
}

/** A word that occurs anywhere tells less than one that is rare. */
const COMMON_WEIGHT = 0.3

/** How much each term tells these texts apart, 0 to 1: what is rare among them tells most. */
export function tellingOf(terms: readonly Term[], bags: readonly ReadonlySet<string>[]): ReadonlyMap<string, number> {
  return new Map(
    terms.map((term) => {
      const holding = bags.filter((bag) => bag.has(term.stem)).length
      const rarity = Math.log(1 + (bags.length + 1) / (holding + 1)) / Math.log(bags.length + 2)
      return [term.stem, rarity * (term.kind === 'common' ? COMMON_WEIGHT : 1)]
    }),
  )
}

/** The share of terms that a text holds, each by how telling it is. */
export function weightedShare(terms: readonly Term[], telling: ReadonlyMap<string, number>, stems: ReadonlySet<string>): number {
  const of = (wanted: readonly Term[]) => wanted.reduce((sum, term) => sum + (telling.get(term.stem) ?? 0), 0)
  const all = of(terms)
  return all === 0 ? 0 : of(terms.filter((term) => stems.has(term.stem))) / all
}

/** Stems of a text, for asking whether a word is in it. */
export const stemsOf = (text: string): ReadonlySet<string> => new Set(termsOf(text).map((term) => term.stem))

/** Neighbouring stems of a text as pairs. */
export const pairsOf = (terms: readonly Term[]): ReadonlySet<string> =>
  new Set(terms.slice(1).map((term, index) => `${terms[index]?.stem} ${term.stem}`))
