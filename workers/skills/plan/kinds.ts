import { allClassesIn } from './documents'
import { FLAGS, OPINIONS } from './findings'
import { labelFor } from './labels'
import type { Mentioned, TestPlace } from './tests'
import { blank } from './triggers'

export function flags(text: string, mentioned: Mentioned): TestPlace[] {
  let rest = text
  const found: TestPlace[] = []
  for (const [flag, pattern] of FLAGS)
    for (const match of rest.matchAll(pattern)) {
      const end = match.index + match[0].length
      // "is found" and the like are about what was looked for last.
      found.push({ test: { kind: 'flag', flag }, start: match.index, end })
      rest = blank(rest, match.index, end)
    }
  for (const match of rest.matchAll(FOUND))
    if (mentioned.flag) found.push({ test: { kind: 'flag', flag: mentioned.flag }, start: match.index, end: match.index + match[0].length })
  return found
}

const FOUND =
  /(?<![\p{L}])(?:so(?=\s*$)|(?:it|this|that) is the case|yes(?=\s*$)|ja(?=\s*$)|das der fall ist|(?:any|some|anything|something|it|etwas|welche|solche) (?:(?:is|are|was|were|has been) )?(?:found|detected|gefunden)|(?:is|are) (?:found|detected)|gefunden w(?:ird|erden|urde)|(?:sind|ist|werden) (?:welche|solche) (?:enthalten|vorhanden|da|gefunden))(?![\p{L}])/giu

export const opinions = (text: string): TestPlace[] =>
  OPINIONS.flatMap(([name, pattern]) =>
    [...text.matchAll(pattern)].map(
      (match): TestPlace => ({ test: { kind: 'sentiment', name }, start: match.index, end: match.index + match[0].length }),
    ),
  )

const IS_CLASS =
  /(?:it|this|that|document|file|mail|message|es|das|dies|sie|dokument|ist|is|are|for|nur|only|bei|für|außer|except|but not|than|from|those|von|mails?|ausgenommen)(?:['’]s| is| ist| are| handelt sich um| um| for| bei| für)?\s+(?:es\s+|sich um )?(?:not |nicht |keine?n? |about )?(?:an?|eine?[nrm]?|the|den|der|die|das|all|alle)?\s*$/i

/** A kind of document that no table knows: "it is a cover letter". */
const IS_A =
  /(?:^|\s)(?:it|this|that|es|dies|das|attachment|document|mail|message|file|anhang|dokument) (?:is|ist)(?: not| nicht)? (?:an?|eine?n?) (?<noun>[\p{L}-]+(?: [\p{L}-]+){0,2})$/iu

/** The classes that a text asks for: "if it is an invoice", "ist es eine Beschwerde", "only contracts". */
export function classes(text: string, { labels }: Mentioned): TestPlace[] {
  const places = allClassesIn(text)
  const asked = places.filter(({ start }, index) => {
    const before = places[index - 1]
    const head = text.slice(0, start)
    const goesOn =
      before !== undefined &&
      /^\s*(?:,|or|oder|and|und|,? ?(?:or|oder))\s*(?:an?|eine?n?)?\s*$/iu.test(text.slice(before.start + before.words.length, start))
    return IS_CLASS.test(head) || (goesOn && IS_CLASS.test(text.slice(0, before.start)))
  })
  const named: TestPlace[] = asked.map(({ name, words, start }) => ({
    test: { kind: 'class', name: labelFor(words, labels) ?? name },
    start,
    end: start + words.length,
  }))
  const unknown = named.length > 0 ? null : IS_A.exec(text)
  const noun = unknown?.groups?.noun
  if (unknown && noun !== undefined && labelFor(noun, labels) === undefined) {
    const start = unknown.index + unknown[0].lastIndexOf(noun)
    named.push({ test: { kind: 'class', name: noun }, start, end: start + noun.length })
  }
  const own: TestPlace[] = labels.flatMap((label) => {
    const at = text.toLowerCase().indexOf(label.toLowerCase())
    const isTaken = named.some(({ start, end }) => at < end && at + label.length > start)
    return at !== -1 && !isTaken && IS_CLASS.test(text.slice(0, at))
      ? [{ test: { kind: 'class', name: label }, start: at, end: at + label.length }]
      : []
  })
  return [...named, ...own]
}
