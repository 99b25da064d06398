import { DURATION, normalizeDuration } from './durations'
import { logitOf, probabilityOf, type Weights } from './ranker'
import { TERM_WEIGHTS } from './term-weights'

/** A duration of a contract with what speaks for and against its being the contract's term. */
export interface TermCase {
  start: number
  end: number
  normalized: string
  features: string[]
}

const BEFORE_CHARS = 140
const AFTER_CHARS = 90
const MIN_PROBABILITY = 0.3
/** Six of ten terms were right where the model was surest (cross-validated), so nothing more is claimed. */
const MAX_CONFIDENCE = 0.6

/** Words that tell what a duration is about, in the languages that are read; sentences end the look around. */
const CUES: [string, RegExp][] = [
  ['agreement', /\b(?:this|the|letter) (?:[\p{L}-]+ )?agreement\b|\bvertrag|\bcontrat|\bcontrato|\bovereenkomst/iu],
  ['term', /\bterm\b|laufzeit|durée|duración|durata|looptijd/iu],
  ['termOf', /\bterm of (?:this|the)|\bterm \(?(?:shall|is|of)/iu],
  [
    'agreementHolds',
    /\b(?:agreement|undertakings|obligations)\b[^,]{0,60}\b(?:expire|terminate|cease|remain|continue|be in (?:force|effect)|survive|be binding)/iu,
  ],
  ['agreementEnds', /\bagreement\b[^,]{0,70}\b(?:expire|terminate|remain|continue)\p{L}*[^,]{0,60}$/iu],
  ['terminate', /terminat|kündig|résili/iu],
  ['expire', /expir|\bend(?:s|ing)?\b|endet/iu],
  ['continue', /continu|remain|in (?:full )?(?:force|effect)|survive|wirksam|gilt/iu],
  ['obligation', /obligation|provisions|undertaking|restrict|covenant/iu],
  ['confidential', /confiden|secret|non-?disclos|information/iu],
  ['date', /\b(?:from|after|following|of) (?:the )?(?:date|effective|execution|signing)|date hereof|hereof/iu],
  ['disclosure', /\bdisclosure\b|\breceipt\b|\bdisclosed\b/iu],
  ['employment', /employ|service|resign/iu],
  ['thereafter', /thereafter|following (?:the )?terminat|after (?:the )?terminat|subsequent/iu],
  ['solicit', /solicit|hire|compet|standstill|acquire|securities|neither/iu],
  ['notice', /notice|written|prior\b/iu],
  ['period', /period of|for a period/iu],
  ['pay', /salary|pay|bonus|compensation|vacation|severance/iu],
  ['cure', /\bcure|breach|remedy|invoice/iu],
  ['within', /\bwithin\b|preceding|previous|at least|less than/iu],
  ['earlier', /\bearlier|\bsooner|unless|until/iu],
  ['renew', /renew|extend|successive/iu],
  ['law', /statute|limitations|action/iu],
]

/** All durations of a text with their marks. */
export function termCases(text: string): TermCase[] {
  const all = [...text.matchAll(new RegExp(`(?<![\\p{L}\\d])${DURATION}`, 'giu'))].flatMap((match) => {
    const normalized = normalizeDuration(match.groups ?? {})
    return normalized
      ? [{ start: match.index, end: match.index + match[0].length, normalized, unit: normalized.split(' ')[1]?.replace(/s$/, '') }]
      : []
  })
  return all.map(({ start, end, normalized, unit }, index) => {
    const before =
      text
        .slice(Math.max(0, start - BEFORE_CHARS), start)
        .split(/(?<=[^.][^.A-Z])\.\s|;/)
        .at(-1) ?? ''
    const after = text.slice(end, end + AFTER_CHARS).split(/\.\s|;/)[0] ?? ''
    const marks = CUES.flatMap(([name, pattern]) => [
      ...(pattern.test(before) ? [`<${name}`] : []),
      ...(pattern.test(after) ? [`>${name}`] : []),
    ])
    const same = all.filter((other) => other.normalized === normalized).length
    return {
      start,
      end,
      normalized,
      features: [
        ...marks,
        `unit:${unit}`,
        ...(all.length === 1 ? ['only'] : []),
        ...(index === 0 ? ['first'] : []),
        ...(same > 1 ? ['repeated'] : []),
      ],
    }
  })
}

/** The duration for which a contract or its obligations hold, where one is probable. */
export function findTerm(text: string, weights: Weights = TERM_WEIGHTS): (Omit<TermCase, 'features'> & { score: number }) | undefined {
  const [best] = termCases(text)
    .map(({ features, ...found }) => ({ ...found, score: probabilityOf(logitOf(features, weights)) }))
    .sort((a, b) => b.score - a.score)
  return best && best.score >= MIN_PROBABILITY ? { ...best, score: Math.min(best.score, MAX_CONFIDENCE) } : undefined
}
