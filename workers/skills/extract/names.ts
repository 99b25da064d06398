/** Endings of company names in many countries. */
export const LEGAL_FORM =
  '(?:G(?:mbH|MBH)(?: ?& ?Co\\.? ?(?:KG|KGaA|OHG))?|gGmbH|mbH|AG(?: ?& ?Co\\.? ?KG(?:aA)?)?|KGaA|KG|OHG|GbR|UG(?: ?\\(haftungsbeschränkt\\))?|e\\. ?K\\.|e\\. ?V\\.|eG|SE|Inc(?:orporated)?\\.?|Corp(?:oration)?\\.?|L\\.?L\\.?C\\.?|L\\.?L\\.?P\\.?|L\\.?P\\.?|L(?:td|TD)\\.?|L(?:imited|IMITED)|P\\.?L\\.?C\\.?|plc|Co\\.|Company|Pty\\.? Ltd\\.?|(?:Pvt|Private)\\.? (?:Ltd|Limited)\\.?|S(?:dn|DN)\\.? ?B(?:hd|HD)\\.?|B(?:hd|HD)\\.?|S/B|S\\.? ?à\\.? ?r\\.? ?l\\.?|S\\.?A\\.?R\\.?L\\.?|S\\.?A\\.?S\\.?(?:U\\.?)?|S\\.?A\\.?|E\\.?U\\.?R\\.?L\\.?|S\\.?C\\.?I\\.?|S\\.?L\\.?U?\\.?|S\\.?R\\.?L\\.?|S\\.? ?r\\.? ?l\\.?|S\\.?p\\.?A\\.?|S\\.?n\\.?c\\.?|S\\.?a\\.?s\\.?|B\\.?V\\.?(?:B\\.?A\\.?)?|N\\.?V\\.?|V\\.?O\\.?F\\.?|A/S|ApS|AB|ASA?|Oy[j]?|Sp\\. ?z ?o\\.? ?o\\.?|s\\.r\\.o\\.|a\\.s\\.|d\\.o\\.o\\.|Kft\\.?|Zrt\\.?|Lda\\.?|Ltda\\.?|Trust|Foundation|Stiftung|Partners(?:hip)?)'

/** As written or in capitals. */
const FORM = `(?:${LEGAL_FORM}|INC\\.?|CORP\\.?|CORPORATION|INCORPORATED|PARTNERSHIP|PVT\\.? LTD\\.?)`
const WORD = "(?:[\\p{Lu}\\d][\\p{L}\\p{N}&'’.+-]{0,40}|&|and|und|et|of|the|de|du|des|der|von|van|y|e|\\([\\p{L}\\p{N} .]{2,30}\\))"

/** A run of capitalised words that ends in a legal form. */
export const COMPANY = new RegExp(
  `(?<![\\p{L}\\p{N}])(?=[\\p{Lu}\\d])${WORD}(?:[ ]${WORD}){0,7},?[ ]?(?<=[ ,])${FORM}(?![\\p{L}\\p{N}])`,
  'gu',
)
/** The shortest such run at a place, also over a line break: what follows a legal form there begins something else. */
export const COMPANY_NAME = new RegExp(
  `(?=[\\p{Lu}\\d])${WORD}(?:\\s${WORD}){0,7}?,?\\s?(?<=[\\s,])${FORM}(?![\\p{L}\\p{N}])(?=\\s*(?:$|[\\n,;:.()–—-]|\\p{Ll}))`,
  'uy',
)
const ONLY_FORM = new RegExp(`^${FORM}$`, 'u')
const ENDS_IN_FORM = new RegExp(`[\\s,]+${LEGAL_FORM}$`, 'iu')

/** Whether a text is a legal form and nothing else. */
export const isLegalForm = (text: string): boolean => ONLY_FORM.test(text.trim())

/** Whether a name ends in a legal form. */
export const hasLegalForm = (name: string): boolean => ENDS_IN_FORM.test(name.trim())

/** A name's core for comparing: without legal form, case, accents and punctuation. */
export const foldName = (name: string): string =>
  name
    .trim()
    .replace(ENDS_IN_FORM, '')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/** Whether two names mean the same, a shorter form of at least four letters included. */
export function sameName(a: string, b: string): boolean {
  const [left, right] = [foldName(a), foldName(b)]
  if (left === '' || right === '') return false
  const [short, long] = left.length < right.length ? [left, right] : [right, left]
  return short === long || (short.length >= 4 && long.startsWith(short))
}
