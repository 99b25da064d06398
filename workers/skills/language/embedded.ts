import { LANGUAGES, type Language, STOPWORDS } from './stopwords'

/** Letters and letter groups that are frequent in one language and rare in the others. */
const GROUPS: Record<Language, RegExp> = {
  en: /th|wh|ght|ing\b|ly\b|sh|tion\b|ough/g,
  de: /sch|ß|ung\b|keit\b|cht|ei(?=n)|ä|ü|ö|pf|tz|lich\b/g,
  fr: /eau|aux\b|ez\b|oi|[çœ]|é|è|ê|qu['’]|\b[ldsn]['’]|tion\b|[a-z]eur\b|ment\b/g,
  es: /ción\b|ñ|¿|¡|ll|[áéíóú]|dad\b|mente\b|ue/g,
  it: /zione\b|gli|cch|zz|sc[ie]|[àèìòù]\b|ità\b|\bdell['’]|tt/g,
  nl: /ij|oo|ee|aa|uu|sch|lijk\b|ver|\bge|oe/g,
  pt: /ção\b|ções\b|ã|õ|lh|nh|[áéíóúâêô]|dade\b/g,
  pl: /sz|cz|rz|ł|ą|ę|ś|ć|ż|ź|ń|owa|ego\b|ów\b/g,
}
/** A function word says more than a letter group. */
const GROUP_WEIGHT = 0.35
/** Long texts say nothing new past this. */
const MAX_CHARS = 20_000

/**
 * Which of the eight languages that documents are read in a text is written in, by its function words and letter groups; `und` when
 * neither says enough. Tables and forms have few sentences, so their labels count as well. `identifyLanguage` knows more languages.
 */
export function detectLanguage(text: string): { language: Language | 'und'; confidence: number } {
  const sample = text.slice(0, MAX_CHARS).toLowerCase()
  const words = sample.match(/\p{L}+/gu) ?? []
  if (words.length < 3) return { language: 'und', confidence: 0 }
  const scores = LANGUAGES.map((language) => {
    const known = words.filter((word) => STOPWORDS[language].has(word)).length
    const groups = sample.match(GROUPS[language])?.length ?? 0
    return { language, score: (known + GROUP_WEIGHT * groups) / words.length }
  }).sort((a, b) => b.score - a.score)
  const [best, second] = scores
  if (!best || !second || best.score < 0.08) return { language: 'und', confidence: 0 }
  const margin = (best.score - second.score) / best.score
  const evidence = 1 - Math.exp((-best.score * words.length) / 6)
  return { language: best.language, confidence: Math.round(Math.min(0.99, evidence * (0.5 + margin)) * 100) / 100 }
}
