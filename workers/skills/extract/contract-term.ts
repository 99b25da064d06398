import type { LegalPlace } from './contract-law'
import { DURATION, durationIn, normalizeDuration } from './durations'
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

const MATTER =
  '(?:agreement|contract|lease|tenancy|licen[cs]e|engagement|employment|subscription|\\p{L}*vertrag(?:s|es)?|\\p{L}*vereinbarung|\\p{L}*verhältnis(?:ses)?|contrat|contrato|contratto|overeenkomst)'
const UP_TO =
  '(?:initially|zunächst|mindestens|insgesamt|vorerst|fest|an?|the|one|eine?n?|initial|fixed|minimum|full|further|feste?n?|term|period|duration|dauer|zeitraum|laufzeit|of|von|the)'
/** What says outright how long a contract holds. */
/** Within a sentence; the stops of dates do not end it. */
const GAP = '(?:[^.;]|\\.(?=\\d))'
const STATED = [
  `(?:term|duration)(?:\\s+of\\s+(?:this|the)\\s+(?:\\p{L}+\\s+)?${MATTER})?\\s*(?::|(?:shall\\s+be|will\\s+be|is|are)(?:\\s+for)?)\\s+(?:${UP_TO}\\s+)*${DURATION}`,
  `(?<![\\p{L}])${MATTER}(?![\\p{L}])${GAP}{0,140}?\\b(?:continues?|runs?|lasts?|remains?\\s+in|granted|concluded|made|valid)\\b${GAP}{0,40}?\\bfor\\s+(?:${UP_TO}\\s+)*${DURATION}`,
  `(?:initial|fixed|minimum)\\s+(?:term|period)\\s+of\\s+${DURATION}`,
  `(?<![\\p{L}])${MATTER}\\s+(?:läuft|gilt|dauert)\\s+(?:${UP_TO}\\s+)*${DURATION}`,
  `for\\s+an?\\s+(?:initial\\s+|fixed\\s+)?term\\s+of\\s+${DURATION}`,
  `(?:laufzeit|pachtzeit|mietzeit|(?:vertrags|miet|pacht)dauer)(?:\\s+(?:des|dieses|der|dieser)\\s+\\p{L}+)?\\s*(?::|(?:beträgt|ist|von)?)\\s*(?:(?:ab|vom)\\s+[^,;]{4,24}?\\s+)?(?:${UP_TO}\\s+)*${DURATION}`,
  `(?<![\\p{L}])${MATTER}(?![\\p{L}])${GAP}{0,100}?(?:läuft|gilt|wird|ist)(?![\\p{L}])${GAP}{0,60}?(?:für|auf)\\s+(?:die\\s+)?(?:${UP_TO}\\s+)*${DURATION}`,
  `(?:auf|für)\\s+(?:die\\s+)?(?:${UP_TO}\\s+)*${DURATION}\\s+(?:fest\\s+)?(?:befristet|geschlossen|abgeschlossen)`,
  `befristet\\s+(?:auf|für)\\s+(?:die\\s+)?(?:${UP_TO}\\s+)*${DURATION}`,
].map((source) => new RegExp(source, 'dgiu'))
/** Durations of something else in the same sentence. */
const OTHER =
  /notice|renew|verlänger|kündig|frist(?!et)|\bcure|within|probation|probezeit|confiden|secret|vertraulich|surviv|garantie|warrant/iu
/** Two of three that are stated outright were right on confidentiality agreements, where several hold side by side. */
const STATED_CONFIDENCE = 0.72

function statedTerm(text: string): LegalPlace | undefined {
  for (const pattern of STATED)
    for (const match of text.matchAll(pattern)) {
      const found = OTHER.test(match[0]) ? undefined : durationIn(match)
      if (found) return { ...found, score: STATED_CONFIDENCE }
    }
  return undefined
}

const ENDLESS =
  /(?:auf|für)\s+unbestimmte\s+(?:Zeit|Dauer)|unbefristet(?!e[snmr]?\s+(?:Aufenthalt|Garantie))|\bfor\s+an?\s+(?:indefinite|unlimited)\s+(?:period|term|duration|time)|durée\s+indéterminée|tiempo\s+indefinido|tempo\s+indeterminato|onbepaalde\s+(?:tijd|duur)/giu
const UNTIL_ENDED = /\bindefinitely\b|until\s+(?:it\s+is\s+)?terminated\s+by/giu
const IS_CONTRACT = new RegExp(`(?<![\\p{L}])(?:term|laufzeit|mietzeit|${MATTER})(?![\\p{L}])`, 'iu')

/** That a contract has no end of its own, as words of the sentence that names it say. */
function endlessTerm(text: string, pattern: RegExp): LegalPlace | undefined {
  for (const match of text.matchAll(pattern)) {
    const sentence =
      text
        .slice(Math.max(0, match.index - BEFORE_CHARS), match.index)
        .split(/(?<=[\p{L})])\.\s/u)
        .at(-1) ?? ''
    const after = text.slice(match.index + match[0].length, match.index + match[0].length + AFTER_CHARS).split(/\.\s/)[0] ?? ''
    if (/(?:danach|anschließend|thereafter|then|sodann)[^.]{0,30}$/iu.test(sentence)) continue
    if (!IS_CONTRACT.test(sentence + after) || /confiden|secret|vertraulich|surviv|undertaking|obligation/iu.test(sentence)) continue
    return { start: match.index, end: match.index + match[0].length, normalized: INDEFINITE, score: STATED_CONFIDENCE }
  }
  return undefined
}

/** What a term without an end is normalised to. */
const INDEFINITE = 'indefinite'

/** The duration for which a contract or its obligations hold, where one is probable; `indefinite` where it says that it has no end. */
export function findTerm(text: string, weights: Weights = TERM_WEIGHTS): LegalPlace | undefined {
  const endless = endlessTerm(text, ENDLESS)
  if (endless) return endless
  const [best] = termCases(text)
    .map(({ features, ...found }) => ({ ...found, score: probabilityOf(logitOf(features, weights)) }))
    .sort((a, b) => b.score - a.score)
  const stated = statedTerm(text)
  if (best && best.score >= MIN_PROBABILITY)
    return { ...best, score: stated?.normalized === best.normalized ? STATED_CONFIDENCE : Math.min(best.score, MAX_CONFIDENCE) }
  return stated ?? endlessTerm(text, UNTIL_ENDED)
}
