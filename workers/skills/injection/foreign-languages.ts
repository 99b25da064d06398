import type { RuleFinding } from './rules'

/** Orders to forget one's instructions, in languages other than the rules' English and German; and German ones without a noun. */
const OVERRIDES: readonly RegExp[] = [
  /(?<!\p{L})(?:oublie[zr]?|ignore[zr]?|ne (?:tiens|tenez) (?:pas|aucun) compte (?:de|des))\s+(?:\p{L}+\s+){0,3}(?:consignes|instructions|directives|ordres|règles)\s+(?:précédentes|antérieures|initiales|ci-dessus|reçues|du système)/iu,
  /(?<!\p{L})(?:ignora|ignore|ignoren|ignorad|olvida|olvide|olviden|descarta)\s+(?:\p{L}+\s+){0,3}(?:instrucciones|órdenes|indicaciones|reglas|directrices)\s+(?:anteriores|previas|iniciales|de arriba|del sistema)/iu,
  /(?<!\p{L})(?:ignora|ignori|ignorate|dimentica|dimenticate|trascura)\s+(?:\p{L}+\s+){0,3}(?:istruzioni|indicazioni|regole|direttive|ordini)\s+(?:precedenti|iniziali|di sistema|ricevute)/iu,
  /(?<!\p{L})(?:negeer|vergeet|sla)\s+(?:\p{L}+\s+){0,2}(?:eerdere|vorige|bovenstaande|voorgaande|oorspronkelijke)\s+(?:instructies|aanwijzingen|opdrachten|regels|richtlijnen)/iu,
  /(?<!\p{L})(?:ignore|ignora|esqueça|esquece|desconsidere)\s+(?:\p{L}+\s+){0,3}(?:instruções|ordens|regras|diretrizes)\s+(?:anteriores|prévias|iniciais|acima|do sistema)/iu,
  /(?<!\p{L})(?:zignoruj|ignoruj|zapomnij|pomiń)\s+(?:\p{L}+\s+){0,3}(?:poprzednie|wcześniejsze|powyższe|dotychczasowe)\s+(?:instrukcje|polecenia|zasady|wytyczne)/iu,
  /(?<!\p{L})(?:vergiss|ignorier\p{L}*|missachte)\s+(?:alles|all das|das),?\s+was\s+(?:dir|du|man dir|bisher|vorher|oben|davor)\s+(?:\p{L}+\s+){0,4}(?:gesagt|aufgetragen|mitgeteilt|steht|stand|gelernt|vorgegeben)/iu,
]

/** Such orders in a text, at most one a language. */
export const findForeignOverrides = (text: string): RuleFinding[] =>
  OVERRIDES.flatMap((pattern): RuleFinding[] => {
    const match = pattern.exec(text)
    return match ? [{ name: 'overrides_instructions', score: 0.95, start: match.index, end: match.index + match[0].length }] : []
  })
