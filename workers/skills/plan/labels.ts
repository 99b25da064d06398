import { allClassesIn, classesIn } from './documents'

const LISTS: readonly RegExp[] = [
  /(?<=(?:sort|classif|categori[sz])[^;.]{0,60}? (?:into|in|as) )(?<list>[^;.]+?)(?=\.|;|$|, (?:and|then) |\s+and\s+(?:then\s+)?(?:mail|send|forward|ask|draft|reply|post|write|summar)|,\s+(?:mail|send|forward|ask))/iu,
  /(?<=(?:decide|determine|tell|find out|recogni[sz]e)[^;.]{0,20}? (?:whether|if) (?:it|this|the \p{L}+) is )(?<list>[^;.]+?)(?=\.|;|$|,? and (?:then )?\p{L}+ )/iu,
  /(?<=(?:ordne|sortiere|klassifiziere|kategorisiere)[^;.]{0,60}? (?:als|in|nach) )(?<list>[^;.]+?)(?=\s+ein(?![\p{L}])|\.|;|$| und (?:dann )?(?:schick|send|leit|frag))/iu,
]
const ARTICLE = /^(?:an?|the|ein|eine|einen|die|der|das)\s+/i

/**
 * The tenant's own classes that a goal lists, and the goal with the list as one word, every other word in its place. A list of built-in
 * classes is no list of one's own.
 */
export function readLabels(text: string): { labels: string[]; text: string; place?: { start: number; end: number } } {
  for (const pattern of LISTS) {
    const match = pattern.exec(text)
    const list = match?.groups?.list
    if (match === null || list === undefined) continue
    const labels = list
      .split(/\s*,\s*(?:or |oder |and |und )?|\s+(?:or|oder|and|und)\s+/iu)
      .map((label) => label.trim().replace(ARTICLE, ''))
      .filter((label) => label !== '' && label.split(/\s+/).length <= 4)
    const areOwn = labels.length > 1 && labels.some((label) => classesIn(label).length === 0)
    if (!areOwn) continue
    const place = { start: match.index, end: match.index + match[0].length }
    return { labels: [...new Set(labels)], text: text.replace(pattern, (words) => '⟦l0⟧'.padEnd(words.length)), place }
  }
  return { labels: [], text }
}

/** The label of a list that some words name, singular or plural: "complaints" is "complaint". */
export function labelFor(words: string, labels: readonly string[]): string | undefined {
  return labels.find(
    (label) =>
      areForms(label, words) || areForms(label.split(/\s+/).at(-1) ?? '', words) || allClassesIn(words).some(({ name }) => name === label),
  )
}

const ENDINGS = ['', 's', 'es', 'n', 'en', 'e', 'er']

/** Whether two words are forms of one, as far as their endings tell. */
function areForms(one: string, other: string): boolean {
  const [short = '', long = ''] = [one, other].map((word) => word.toLowerCase().trim()).sort((a, b) => a.length - b.length)
  return ENDINGS.some((ending) => long === `${short}${ending}`) || long === short.replace(/y$/, 'ies')
}
