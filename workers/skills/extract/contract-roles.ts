import { foldWords } from './words'

/** What the sides of contracts are called, those that mean the same in one row. German names stand for both genders. */
const ROLES: readonly (readonly string[])[] = [
  [
    'provider',
    'service provider',
    'supplier',
    'contractor',
    'consultant',
    'agency',
    'auftragnehmer',
    'dienstleister',
    'lieferant',
    'anbieter',
    'berater',
  ],
  ['customer', 'client', 'auftraggeber', 'kunde', 'besteller', 'principal'],
  ['landlord', 'lessor', 'vermieter', 'verpächter'],
  ['tenant', 'lessee', 'renter', 'hirer', 'mieter', 'pächter'],
  ['employer', 'arbeitgeber'],
  ['employee', 'arbeitnehmer'],
  ['seller', 'vendor', 'verkäufer'],
  ['buyer', 'purchaser', 'käufer'],
  ['licensor', 'lizenzgeber'],
  ['licensee', 'lizenznehmer'],
  ['lender', 'darlehensgeber', 'kreditgeber'],
  ['borrower', 'darlehensnehmer', 'kreditnehmer'],
  ['disclosing party', 'discloser', 'offenlegende partei'],
  ['receiving party', 'recipient', 'empfangende partei'],
  ['company', 'gesellschaft'],
  ['franchisor', 'franchisegeber'],
  ['franchisee', 'franchisenehmer'],
  ['insurer', 'versicherer'],
  ['guarantor', 'bürge'],
  ['executive'],
  ['bank'],
  ['parent'],
  ['agent', 'handelsvertreter'],
  ['distributor', 'vertragshändler'],
]
const ROW_OF = new Map(ROLES.flatMap((names, row) => names.map((name) => [foldWords(name), row] as const)))

/** Every name of a role as a pattern, the longest first, for labels such as `Landlord: …`; German names of women too. */
export const ROLE_WORD = ROLES.flat()
  .sort((a, b) => b.length - a.length)
  .map((name) => `${name.replace(/ /g, '\\s+')}${/[^e]er$/.test(name) ? '(?:in)?' : ''}`)
  .join('|')

const rowOf = (folded: string): number | undefined => ROW_OF.get(folded) ?? ROW_OF.get(folded.replace(/in$/, ''))

/** Whether two names of a role mean the same side: `Auftragnehmerin` and `Provider`; names that no row knows by themselves. */
export function sameRole(one: string, other: string): boolean {
  const [left, right] = [foldWords(one), foldWords(other)]
  const row = rowOf(left)
  return left === right || (row !== undefined && row === rowOf(right))
}

/** Whether a word is the name of a side of a contract. */
export const isRole = (text: string): boolean => rowOf(foldWords(text)) !== undefined

const ROLE_NAME = '(?<role>\\p{Lu}[\\p{L}-]+(?:\\s\\p{L}+){0,2}?)'
const ROLE_INTRO =
  '(?:nachfolgend|nachstehend|im folgenden|hereinafter|hereafter|herein|kurz|referred to|called|known|collectively|together|individually|each|auch|as|als|ci-après|en adelante|the|der|die|den|das|an?|:|,|\\s)'
const NAMED: readonly RegExp[] = [
  new RegExp(
    `\\(\\s*${ROLE_INTRO}{0,8}[“"„«‘'’]?\\s*(?:(?:the|der|die)\\s)?${ROLE_NAME}\\s*[”"“»’'‘]?(?:\\s*,?\\s*(?:genannt|or)[^)]{0,40})?\\s*\\)`,
    'gu',
  ),
  new RegExp(
    `[–—-]\\s*(?:(?:nachfolgend|nachstehend|im [Ff]olgenden|hereinafter|kurz|als|as)[\\s:,]+(?:als\\s|auch\\s|kurz\\s|der\\s|die\\s|the\\s)*)?[„“"'‘]?${ROLE_NAME}[“”"'’]?(?:\\s+genannt)?\\s*[–—-]`,
    'gu',
  ),
  new RegExp(
    `(?:nachfolgend|nachstehend|im [Ff]olgenden|hereinafter|hereafter)[\\s:,]+(?:(?:als|auch|kurz|der|die|the|referred|to|called|as|known)\\s+)*[„“"'‘]?${ROLE_NAME}(?=[“”"'’,;.)\\n]|\\s+genannt)`,
    'gu',
  ),
]

/** What a party is called, by the words that follow its name: in brackets, between dashes or after `hereinafter`. */
export function roleIn(text: string): string | undefined {
  for (const pattern of NAMED)
    for (const match of text.matchAll(pattern)) {
      const role = match.groups?.role?.replace(/\s+genannt$/u, '') ?? ''
      const isMeant = isRole(role) || /[“"„«‘']|nachfolgend|nachstehend|folgenden|hereinafter|hereafter/iu.test(match[0])
      if (isMeant && !/^(?:part(?:y|ies|ei|eien)|vertragspartei(?:en)?)$/iu.test(role)) return role
    }
  const as = /\b(?:as|als)\s+(?:the\s)?(?<role>\p{Lu}[\p{L}-]+)/u.exec(text)?.groups?.role
  return as !== undefined && isRole(as) ? as : undefined
}
