import { classesIn } from './documents'

const LISTS: readonly RegExp[] = [
  /(?<=(?:sort|classif|categori[sz])[^;.]{0,60}? (?:into|in|as) )(?<list>[^;.]+?)(?=\.|;|$|, (?:and|then) |\s+and\s+(?:then\s+)?(?:mail|send|forward|ask|draft|reply|post|write|summar)|,\s+(?:mail|send|forward|ask))/iu,
  /(?<=(?:decide|determine|tell|find out|recogni[sz]e)[^;.]{0,20}? (?:whether|if) (?:it|this|the \p{L}+) is )(?<list>[^;.]+?)(?=\.|;|$|,? and (?:then )?\p{L}+ )/iu,
  /(?<=(?:ordne|sortiere|klassifiziere|kategorisiere)[^;.]{0,60}? (?:als|in|nach) )(?<list>[^;.]+?)(?=\s+ein(?![\p{L}])|\.|;|$| und (?:dann )?(?:schick|send|leit|frag))/iu,
]
const ARTICLE = /^(?:an?|the|ein|eine|einen|die|der|das)\s+/i

/** The tenant's own classes that a goal lists, and the goal with the list as one word. A list of built-in classes is no list of one's own. */
export function readLabels(text: string): { labels: string[]; text: string } {
  for (const pattern of LISTS) {
    const list = pattern.exec(text)?.groups?.list
    if (list === undefined) continue
    const labels = list
      .split(/\s*,\s*(?:or |oder |and |und )?|\s+(?:or|oder|and|und)\s+/iu)
      .map((label) => label.trim().replace(ARTICLE, ''))
      .filter((label) => label !== '' && label.split(/\s+/).length <= 4)
    const areOwn = labels.length > 1 && labels.some((label) => classesIn(label).length === 0)
    if (areOwn) return { labels: [...new Set(labels)], text: text.replace(pattern, '⟦l0⟧') }
  }
  return { labels: [], text }
}
