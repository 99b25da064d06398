import type { CitationStatus, CitedSentence, Passage, SourceCitation } from '../../domain/citations'
import { splitSentences } from '../sentences'
import { deniedDifferently } from './denial'
import { entailmentOf } from './entailment'
import { missingFigures } from './figures'
import { placeOf } from './place'
import { stemsOf } from './terms'
import { asWritten, turnedRound } from './turned'

/** A sentence as somebody claims it, with the passages and words that it is said to rest on. */
export interface Claim {
  text: string
  /** Ids of passages. */
  cited: readonly string[]
  /** Words said to stand there. */
  quotes?: readonly string[]
}

/** From here on a source bears a sentence out; see `entailmentOf` for what that means. */
export const LEAST_SUPPORT = 0.5
/** A citation quotes no more sentences than this. */
const MAX_QUOTED_SENTENCES = 3

interface Proof {
  passage: Passage
  support: number
  problems: string[]
  citation: SourceCitation
}

/**
 * Holds a claim against its sources. It is borne out when a passage holds its words, or its sense by `entailmentOf`, with all its
 * figures, the same denial, and nothing that turns it round (`turnedRound`). Checked are the passages it cites; when none of these bears it out, all others, and the citation is
 * repaired. What is not checked: whether the source is right, and roles (who did what to whom) beyond the words.
 */
export function verifyClaim(claim: Claim, passages: readonly Passage[]): CitedSentence {
  const cited = passages.filter((passage) => claim.cited.includes(passage.id)).map((passage) => proofOf(claim, passage))
  const good = cited.filter(isBorneOut)
  if (good.length > 0) return settled(claim, good, hasMovedQuote(claim, good) ? 'repaired' : 'verified')
  const others = passages.filter((passage) => !claim.cited.includes(passage.id)).map((passage) => proofOf(claim, passage))
  const better = bestOf(others.filter(isBorneOut))
  if (better) return settled(claim, [better], 'repaired')
  const nearest = bestOf(cited)
  if (nearest) return settled(claim, [nearest], 'unverified')
  return { text: claim.text, citations: [], status: 'unverified', support: 0, problems: ['It names no source.'] }
}

const isBorneOut = ({ support, problems }: Proof): boolean => support >= LEAST_SUPPORT && problems.length === 0
const bestOf = (proofs: readonly Proof[]): Proof | undefined => [...proofs].sort((a, b) => b.support - a.support)[0]

/** Whether some words that were given as a quote stand in none of the passages that bear the claim out. */
const hasMovedQuote = ({ quotes = [] }: Claim, proofs: readonly Proof[]): boolean =>
  quotes.some((quote) => !proofs.some(({ passage }) => placeOf(quote, passage.text)))

function settled({ text }: Claim, proofs: readonly Proof[], status: CitationStatus): CitedSentence {
  const best = bestOf(proofs)
  const problems = status === 'unverified' ? (best?.problems.length ? best.problems : ['The cited text does not say so.']) : []
  return { text, citations: proofs.map((proof) => proof.citation), status, support: round(best?.support ?? 0), problems }
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000

function proofOf(claim: Claim, passage: Passage): Proof {
  const sentences = splitSentences(passage.text)
  const exact = placeOf(claim.text, passage.text)
  const place = exact ?? chosenPlace(claim, passage, sentences)
  const citation = citationAt(passage, place)
  // Words that stand there letter by letter can still be cut out of a sentence that says otherwise.
  const around = exact
    ? (sentences.find(({ start, end }) => start <= exact.start && end >= exact.end)?.text ?? claim.text)
    : citation.span.quote
  const text = asWritten(claim.text, around)
  const support = exact
    ? 1
    : entailmentOf(text, [...sentences.map((sentence) => sentence.text), ...(passage.context ? [passage.context] : [])])
  const whole = `${passage.context}\n${passage.text}`
  const missing = missingFigures(text, exact ? around : whole)
  return {
    passage,
    support,
    citation,
    problems: [
      ...missing.map((figure) => `The source does not state ${figure.text}.`),
      ...deniedDifferently(claim.text, around).map((word) => `Only one of sentence and source denies “${word}”.`),
      ...(exact ? [] : turnedRound(text, around, `${passage.name}\n${whole}`)),
    ],
  }
}

type Place = { start: number; end: number }

/** The given quotes where they stand; else the fewest neighbouring sentences that share most words with the claim. */
function chosenPlace({ text, quotes = [] }: Claim, passage: Passage, sentences: readonly Place[]): Place {
  const quoted = quotes.flatMap((quote) => placeOf(quote, passage.text) ?? [])
  if (quoted.length > 0) return { start: Math.min(...quoted.map(({ start }) => start)), end: Math.max(...quoted.map(({ end }) => end)) }
  const wanted = [...stemsOf(text)]
  let best: Place & { worth: number } = { start: 0, end: passage.text.length, worth: 0 }
  for (let count = 1; count <= MAX_QUOTED_SENTENCES; count += 1)
    for (let first = 0; first + count <= sentences.length; first += 1) {
      const [start, end] = [sentences[first]?.start ?? 0, sentences[first + count - 1]?.end ?? 0]
      const held = stemsOf(passage.text.slice(start, end))
      // A further sentence must bring more than one word.
      const worth = wanted.filter((stem) => held.has(stem)).length - (count - 1)
      if (worth > best.worth) best = { start, end, worth }
    }
  return best
}

/** A citation of a part of a passage, with its place on the page. */
export function citationAt(passage: Passage, { start, end }: Place): SourceCitation {
  const { page } = passage.span
  return {
    passageId: passage.id,
    label: `${passage.name}, page ${page}`,
    span: {
      documentId: passage.documentId,
      page,
      start: passage.span.start + start,
      end: passage.span.start + end,
      quote: passage.text.slice(start, end),
    },
  }
}
