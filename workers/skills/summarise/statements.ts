import type { Page, ParsedDocument } from '../../domain/documents'
import { leansBack } from '../../domain/sentence-opening'
import { type Sentence, splitSentences } from '../sentences'
import { bodyPages } from '../text/body'
import { itemsOf, MARK } from '../text/items'
import { withoutLetterParts } from '../text/letter'

/** What letters say out of courtesy: it is about no matter. */
const COURTESY =
  /^(?:(?:i|we) (?:hope|trust) (?:you|this|that you)|(?:please )?(?:do not|don[’']t) hesitate|please (?:feel free|let (?:me|us) know)|(?:i|we) (?:am |are )?look(?:ing)? forward|if you have (?:any )?(?:further )?questions|should you have|(?:ich|wir) (?:hoffen?|freuen? (?:mich|uns))|für (?:weitere |etwaige )?(?:rückfragen|fragen)|bei (?:rück)?fragen|über eine (?:rasche |baldige |kurze )?(?:antwort|rückmeldung)|dear |hi |hello |hallo |sehr geehrte)(?![^.]*\d)/iu

/** Thanks for a letter, which may name its date. */
const THANKS =
  /^(?:(?:many )?thank(?:s| you) (?:very much |so much )?for (?:your|the)|(?:vielen|besten|herzlichen) dank|danke für|(?:ich|wir) danken?)(?!\p{L})[^.!]{0,90}[.!]?$/iu

/** What a contract is about: who does what for whom. */
const SUBJECT =
  /\b(?:shall|will|agrees? to|undertakes to) (?:provide|deliver|supply|perform|develop|sell|lease|license|manufacture|purchase)\b|\b(?:provides|delivers|supplies|leases|lets|sells|licenses|engages|employs|grants)\b|(?<!\p{L})(?:vermietet|erbringt|liefert|verkauft|übernimmt|beauftragt|überlässt|verpachtet|gegenstand (?:des|dieses) vertrag\p{L}*|wird (?:als|eingestellt|beschäftigt))(?!\p{L})/iu

/** Sentences of a text that say something of the matter and can be read alone; all sentences, where there is no such one. */
export function statementsOf(document: ParsedDocument): Sentence[] {
  const pages = bodyPages(document)
  const bodies = withoutLetterParts(pages)
  const isLetter = bodies.some(({ text }, at) => text !== pages[at]?.text)
  const all = bodies.flatMap(sentencesOfItems)
  const standing = all.filter(
    ({ text }) => !leansBack(isLetter ? text.charAt(0).toUpperCase() + text.slice(1) : text) && !COURTESY.test(text) && !THANKS.test(text),
  )
  return standing.length > 0 ? standing : all
}

/** Sentences of each item or clause, without its number. */
function sentencesOfItems(page: Page): Sentence[] {
  return itemsOf(page.text).flatMap(({ start, end }) => {
    const mark = MARK.exec(page.text.slice(start, end))?.[0].length ?? 0
    return splitSentences(page.text.slice(start + mark, end)).map((sentence) => ({
      page: page.number,
      text: sentence.text,
      start: start + mark + sentence.start,
      end: start + mark + sentence.end,
    }))
  })
}

/** The sentence that says what a contract is about. */
export const subjectOf = (sentences: readonly Sentence[]): Sentence | undefined =>
  sentences.find(({ text }) => SUBJECT.test(text) && !/\b(?:between|zwischen)\b/iu.test(text))
