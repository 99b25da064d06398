/** Lengths by country, from the IBAN registry of ISO 13616. */
const IBAN_LENGTHS: Record<string, number> = {
  AD: 24,
  AE: 23,
  AT: 20,
  BE: 16,
  BG: 22,
  BR: 29,
  CH: 21,
  CY: 28,
  CZ: 24,
  DE: 22,
  DK: 18,
  EE: 20,
  ES: 24,
  FI: 18,
  FR: 27,
  GB: 22,
  GR: 27,
  HR: 21,
  HU: 28,
  IE: 22,
  IL: 23,
  IS: 26,
  IT: 27,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  MC: 27,
  MT: 31,
  NL: 18,
  NO: 15,
  PL: 28,
  PT: 25,
  RO: 24,
  SA: 24,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  TR: 26,
  UA: 29,
}

/** Whether an IBAN has its country's length and the right check digits (ISO 7064 mod 97-10). Spaces are ignored. */
export function isIban(text: string): boolean {
  const iban = text.replace(/\s/g, '').toUpperCase()
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{8,30}$/.test(iban) || IBAN_LENGTHS[iban.slice(0, 2)] !== iban.length) return false
  let remainder = 0
  for (const letter of iban.slice(4) + iban.slice(0, 4)) {
    for (const digit of /\d/.test(letter) ? letter : String(letter.charCodeAt(0) - 55)) remainder = (remainder * 10 + Number(digit)) % 97
  }
  return remainder === 1
}

/** Looked at from every place: what begins like an IBAN may run into the real one. */
const IBAN = /(?<![A-Z0-9])(?=(?<raw>[A-Z]{2}\d{2}(?:\s?[A-Z0-9]){11,30}))/g

/** IBANs of a text whose check digits are right. */
export function findIbans(text: string): { start: number; end: number; iban: string }[] {
  const found: { start: number; end: number; iban: string }[] = []
  for (const match of text.matchAll(IBAN)) {
    const text = match.groups?.raw ?? ''
    const length = IBAN_LENGTHS[text.slice(0, 2)]
    if (length === undefined) continue
    let end = 0
    for (let count = 0; end < text.length && count < length; end += 1) if (!/\s/.test(text.charAt(end))) count += 1
    const raw = text.slice(0, end)
    if (isIban(raw)) found.push({ start: match.index, end: match.index + end, iban: raw.replace(/\s/g, '') })
  }
  return found
}

const digitsOf = (text: string): number[] => [...text].map(Number)
const weighted = (digits: number[], weights: number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * (digits[index] ?? 0), 0)

/** ISO 7064 mod 11,10, as Germany uses it. */
function mod1110(digits: number[]): boolean {
  let product = 10
  for (const digit of digits.slice(0, 8)) {
    const sum = (digit + product) % 10 || 10
    product = (2 * sum) % 11
  }
  return (11 - product) % 10 === digits[8]
}

function luhn(digits: number[]): boolean {
  const sum = digits
    .toReversed()
    .reduce((total, digit, index) => total + (index % 2 === 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2), 0)
  return sum % 10 === 0
}

/** Shape of the number after the country code, and its check where the country publishes one. */
const VAT_RULES: Record<string, { shape: RegExp; check?: (body: string) => boolean }> = {
  AT: { shape: /^U\d{8}$/, check: (body) => (10 - ((luhnSum(body.slice(1, 8)) + 4) % 10)) % 10 === Number(body[8]) },
  BE: { shape: /^[01]\d{9}$/, check: (body) => 97 - (Number(body.slice(0, 8)) % 97) === Number(body.slice(8)) },
  DE: { shape: /^\d{9}$/, check: (body) => mod1110(digitsOf(body)) },
  DK: { shape: /^\d{8}$/, check: (body) => weighted(digitsOf(body), [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0 },
  ES: { shape: /^[A-Z0-9]\d{7}[A-Z0-9]$/ },
  FI: { shape: /^\d{8}$/, check: (body) => weighted(digitsOf(body), [7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 0 },
  FR: {
    shape: /^[A-Z0-9]{2}\d{9}$/,
    check: (body) => !/^\d{11}$/.test(body) || (12 + 3 * (Number(body.slice(2)) % 97)) % 97 === Number(body.slice(0, 2)),
  },
  GB: { shape: /^(?:\d{9}|\d{12})$/ },
  IE: { shape: /^\d[A-Z0-9+*]\d{5}[A-Z]{1,2}$/ },
  IT: { shape: /^\d{11}$/, check: (body) => luhn(digitsOf(body)) },
  LU: { shape: /^\d{8}$/, check: (body) => Number(body.slice(0, 6)) % 89 === Number(body.slice(6)) },
  NL: { shape: /^\d{9}B\d{2}$/ },
  PL: { shape: /^\d{10}$/, check: (body) => weighted(digitsOf(body), [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === Number(body[9]) },
  PT: {
    shape: /^\d{9}$/,
    check: (body) => ((11 - (weighted(digitsOf(body), [9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === Number(body[8]),
  },
  SE: { shape: /^\d{12}$/, check: (body) => luhn(digitsOf(body.slice(0, 10))) },
  ...Object.fromEntries(
    ['BG', 'CY', 'CZ', 'EE', 'EL', 'HR', 'HU', 'LT', 'LV', 'MT', 'RO', 'SI', 'SK'].map((country) => [
      country,
      { shape: /^[A-Z0-9]{8,12}$/ },
    ]),
  ),
}

function luhnSum(body: string): number {
  return digitsOf(body).reduce(
    (sum, digit, index) => sum + (index % 2 === 0 ? digit : Math.floor((digit * 2) / 10) + ((digit * 2) % 10)),
    0,
  )
}

/** What can be said of a VAT id without asking a register: `unchecked` where the country publishes no check digits. */
export function checkVatId(text: string): 'valid' | 'invalid' | 'unchecked' | 'not_a_vat_id' {
  const id = text.replace(/[\s.-]/g, '').toUpperCase()
  const rule = VAT_RULES[id.slice(0, 2)]
  if (!rule?.shape.test(id.slice(2))) return 'not_a_vat_id'
  if (!rule.check) return 'unchecked'
  return rule.check(id.slice(2)) ? 'valid' : 'invalid'
}

const VAT_ID =
  /(?<![A-Z0-9])(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK)[\s.-]?(?:[A-Z0-9][\s.-]?){7,11}[A-Z0-9](?![A-Za-z0-9])/g

/** The longest beginning of a text that has the shape of a VAT id; words that follow may look like more of it. */
function longestVatId(text: string): string | undefined {
  for (let end = text.length; end >= 9; end -= 1) {
    const next = text.charAt(end)
    if (/[A-Z0-9]/.test(text.charAt(end - 1)) && !/[A-Za-z0-9]/.test(next) && checkVatId(text.slice(0, end)) !== 'not_a_vat_id')
      return text.slice(0, end)
  }
  return undefined
}

/** VAT ids of a text by their shape, check digits right or not. */
export function findVatIds(text: string): { start: number; end: number; vatId: string }[] {
  const found: { start: number; end: number; vatId: string }[] = []
  for (const match of text.matchAll(VAT_ID)) {
    const raw = longestVatId(match[0])
    const vatId = raw?.replace(/[\s.-]/g, '') ?? ''
    if (raw && /\d{6}/.test(vatId) && !isIban(vatId)) found.push({ start: match.index, end: match.index + raw.length, vatId })
  }
  return found
}
