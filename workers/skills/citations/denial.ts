import { fold, stem } from './stem'
import { termsOf } from './terms'

const NEGATORS: ReadonlySet<string> = new Set(
  'not no never nor cannot neither none nicht kein keine keinen keinem keiner keines nie niemals weder pas jamais aucun aucune nunca jamas ningun ninguna tampoco non mai niet geen nooit'.split(
    ' ',
  ),
)
/** A denial reaches so many words on. */
const REACH = 4

/** Stems that a text denies: those that follow a `not` closely. */
function deniedIn(text: string): ReadonlySet<string> {
  const words = fold(text.replace(/n[’']t\b/giu, ' not ')).match(/[\p{L}\p{N}]+/gu) ?? []
  return new Set(words.flatMap((word, index) => (NEGATORS.has(word) ? words.slice(index + 1, index + 1 + REACH).map(stem) : [])))
}

/** Words that two texts share and only one of them denies. */
export function deniedDifferently(one: string, other: string): string[] {
  const [deniedByOne, deniedByOther] = [deniedIn(one), deniedIn(other)]
  const held = new Set(termsOf(other).map((term) => term.stem))
  return termsOf(one)
    .filter((term) => held.has(term.stem) && deniedByOne.has(term.stem) !== deniedByOther.has(term.stem))
    .map((term) => term.text)
}
