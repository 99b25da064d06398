import { fold } from '../citations/stem'
import { type Term, termsOf } from '../citations/terms'

/** What a question asks for: the kind of words that can answer it. `text`: a statement, no short span. */
export type AnswerKind = 'person' | 'place' | 'time' | 'number' | 'money' | 'percent' | 'thing' | 'reason' | 'yes_no' | 'text'

export interface ParsedQuestion {
  text: string
  kind: AnswerKind
  terms: Term[]
  /** Stems of the noun asked for: `nationality` in `of which nationality?`. */
  focus: string[]
}

/** First pattern that fits decides; written over the folded question in English, German, French, Spanish and Italian. */
const KINDS: readonly (readonly [AnswerKind, RegExp])[] = [
  [
    'number',
    /\bhow (?:many|much(?! (?:money|did .* (?:cost|pay|earn)|does .* cost|is .* (?:worth|price|fee)))|old|long|far|tall|high|large|big|deep|fast|often|wide|heavy)\b/,
  ],
  ['number', /\b(?:wie ?viele?|wie (?:alt|lang|lange|hoch|weit|gross|oft|schwer)|combien|cuant[oa]s?|quant[ie]|hoeveel)\b/],
  ['percent', /\b(?:percent|percentage|prozent|prozentsatz|pourcentage|porcentaje|what (?:share|proportion|fraction))\b/],
  [
    'money',
    /\bhow much (?:money|did|does|is|was|were|do)\b|\b(?:what|which|how high|welche[rsn]?|wie hoch|quel(?:le)?|cual)\b.{0,30}\b(?:price|cost|costs|salary|fee|revenue|turnover|profit|budget|endowment|betrag|preis|kosten|umsatz|gewinn|prix|montant|precio|importe)\b/,
  ],
  [
    'time',
    /\b(?:when|wann|quand|cuando|quando|wanneer)\b|\b(?:what|which|welche[mrsn]?|in que|quel(?:le)?|que|cual)\b.{0,12}\b(?:years?|dates?|months?|day|century|decade|era|jahre?|datum|monat|tag|jahrhundert|annee|mois|ano|fecha|mes|siglo)\b/,
  ],
  [
    'number',
    /\b(?:what|which)\b.{0,14}\b(?:number|amount|age|height|length|temperature|population|size|score|rank|distance|speed|weight|area)\b/,
  ],
  ['person', /\b(?:who|whom|whose|wer|wem|wen|wessen|qui|quien(?:es)?|chi|wie is)\b/],
  [
    'person',
    /\b(?:what|which|welche[rsn]?)\b.{0,24}\b(?:person|player|king|queen|president|emperor|scientist|researcher|author|director|leader|coach|quarterback|actor|actress|artist|architect|inventor|founder|chairman|minister|engineer)\b/,
  ],
  [
    'place',
    /\b(?:where|wo|woher|wohin|ou|donde|adonde|dove|waar)\b|\b(?:what|which|in welche[mrsn]?)\b.{0,12}\b(?:city|country|state|place|town|location|continent|region|river|street|stadt|land|ort|stadium|island|county)\b/,
  ],
  ['reason', /^(?:why|warum|wieso|weshalb|pourquoi|por que|perche|waarom)\b|\b(?:reason|cause|grund)\b/],
  ['thing', /\b(?:what|which|was|welche[mrsn]?|que|quoi|quel(?:le)?s?|cual(?:es)?|cosa|quale|wat|welke)\b/],
  ['text', /\b(?:how|wie|comment|como|come|hoe)\b/],
  [
    'yes_no',
    /^(?:is|are|was|were|do|does|did|can|could|may|must|has|have|had|will|would|should|ist|sind|war|hat|haben|kann|darf|muss|gibt|est-ce|es|esta|tiene|puede)\b/,
  ],
]
const FOCUS =
  /\b(?:what|which|whose|how many|welche[mrsn]?|quel(?:le)?s?|que|cuant[oa]s)\s+(?<noun>(?:[\p{L}-]+\s+){0,2}?[\p{L}-]+)(?=\s+(?:is|are|was|were|did|does|do|has|have|had|can|could|would|will|might|must|should|ist|sind|war|hat|wurde|est|sont|es|son|fue|of|in|for)\b|\s*\?|$)/u

/** What a question asks for, and the words that its answer's place should share. */
export function parseQuestion(text: string): ParsedQuestion {
  const folded = fold(text)
    .replace(/[¿?"“”]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const kind = KINDS.find(([, pattern]) => pattern.test(folded))?.[0] ?? 'text'
  const noun = FOCUS.exec(folded)?.groups?.noun ?? ''
  return { text, kind, terms: uniqueTerms(termsOf(text)), focus: termsOf(noun).map((term) => term.stem) }
}

const uniqueTerms = (terms: Term[]): Term[] => terms.filter((term, index) => terms.findIndex((other) => other.stem === term.stem) === index)
