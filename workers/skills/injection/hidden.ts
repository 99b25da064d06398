import { findForeignOverrides } from './foreign-languages'
import { findRules, type RuleFinding } from './rules'

/** What hides a text from people: comments, elements without size or colour, codes, characters without a shape. */
const COMMENT = /<!--([\s\S]{4,2000}?)-->/g
const INVISIBLE =
  /<(?:span|div|p|td|font|a|small|section)\b[^<>]{0,200}(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*[01](?:px|pt|em|%)?\s*[;"']|opacity\s*:\s*0(?:\.0+)?\s*[;"']|(?:[^-]|^)color\s*:\s*(?:#fff(?:fff)?|white|transparent|rgba?\(\s*255\s*,\s*255\s*,\s*255)|\shidden(?=[\s>]))[^<>]{0,200}>([^<>]{4,2000})/giu
const CODED = /(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{24,4000}={0,2}/g
const SHAPELESS = /[\u200b-\u200f\u2060-\u2064\ufeff]{8,}/u
/** Longer texts in codes are files. */
const MAX_CODED = 200
const ORDER =
  /(?<!\p{L})(?:assistant|ai|llm|model|ki|approve|ignore|disregard|forward|send|tell|say|mark|set the|rate|recommend|reply|answer|respond|delete|transfer|pay|confirm|reveal|do not (?:tell|list|mention|report)|genehmig\p{L}*|ignorier\p{L}*|sende|schick\p{L}*|leite|sag|antworte|überweis\p{L}*|lösch\p{L}*|bewerte)(?!\p{L})/iu

/** Comments are for those who write pages: only one that speaks to a machine, or hushes something up, is meant for a reader. */
const TO_MACHINE =
  /(?<!\p{L})(?:ai|llm|(?:language )?model|assistant|chatbot|ki|sprachmodell|do not (?:tell|list|mention|report)|without (?:checking|approval|confirmation)|(?:ignore|disregard) (?:all|any|the|previous)|user)(?!\p{L})/iu

/** Orders in what people do not see. A comment or a code that gives none is no finding. */
export function findHidden(text: string): RuleFinding[] {
  const found: RuleFinding[] = []
  const add = (start: number, end: number, score = 0.92) => found.push({ name: 'hidden_text', score, start, end })
  for (const match of text.matchAll(COMMENT)) if (TO_MACHINE.test(match[1] ?? '')) add(match.index, match.index + match[0].length, 0.85)
  for (const match of text.matchAll(INVISIBLE)) if (ORDER.test(match[1] ?? '')) add(match.index, match.index + match[0].length)
  for (const match of [...text.matchAll(CODED)].slice(0, MAX_CODED)) {
    const decoded = decode(match[0])
    if (decoded !== undefined && isAttack(decoded)) add(match.index, match.index + match[0].length, 0.95)
  }
  const shapeless = SHAPELESS.exec(text)
  if (shapeless) add(shapeless.index, shapeless.index + shapeless[0].length)
  return found
}

const isAttack = (text: string): boolean => findRules(text).length > 0 || findForeignOverrides(text).length > 0 || ORDER.test(text)

/** Base64 that is a text of words; undefined for anything else. */
function decode(coded: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(coded.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
    return /^[\p{L}\p{N}\p{P}\p{Zs}\n]+$/u.test(text) && (text.match(/\p{L}{2,} /gu)?.length ?? 0) >= 2 ? text : undefined
  } catch (thrown) {
    // A run of letters that is no code is the usual case: names of files, tokens, pictures.
    if (thrown instanceof DOMException || thrown instanceof TypeError) return undefined
    throw thrown
  }
}
