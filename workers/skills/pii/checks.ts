/** Check digits of personal numbers. Each takes the number without spaces, dots and hyphens. */

const digitsOf = (text: string): number[] => [...text].map(Number)
const weighted = (digits: number[], weights: number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * (digits[index] ?? 0), 0)

/** ISO/IEC 7812: payment cards. */
export function isCardNumber(digits: string): boolean {
  if (!/^\d{12,19}$/.test(digits) || /^(\d)\1+$/.test(digits)) return false
  const sum = digitsOf(digits)
    .toReversed()
    .reduce((total, digit, index) => total + (index % 2 === 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2), 0)
  return sum % 10 === 0
}

/** German tax identification number (§ 139b AO): one digit twice or three times, check by ISO 7064 mod 11,10. */
export function isGermanTaxId(digits: string): boolean {
  if (!/^[1-9]\d{10}$/.test(digits)) return false
  const body = digits.slice(0, 10)
  const counts = [...'0123456789'].map((digit) => body.split(digit).length - 1)
  if (!counts.includes(0) || Math.max(...counts) < 2 || Math.max(...counts) > 3) return false
  let product = 10
  for (const digit of digitsOf(body)) {
    const sum = (digit + product) % 10 || 10
    product = (2 * sum) % 11
  }
  return (11 - product) % 10 === Number(digits[10])
}

/** German pension insurance number: area, date of birth, letter, serial, check digit (VKVV § 4). */
export function isGermanSocialSecurity(text: string): boolean {
  const match = /^(\d{2})(\d{2})(\d{2})\d{2}([A-Z])\d{2}(\d)$/.exec(text)
  if (!match || Number(match[2]) < 1 || Number(match[2]) > 81 || Number(match[3]) < 1 || Number(match[3]) > 12) return false
  const letter = String((match[4] ?? 'A').charCodeAt(0) - 64).padStart(2, '0')
  const digits = digitsOf(`${text.slice(0, 8)}${letter}${text.slice(9, 11)}`)
  const sum = digits.reduce((total, digit, index) => {
    const product = digit * ([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1][index] ?? 0)
    return total + Math.floor(product / 10) + (product % 10)
  }, 0)
  return sum % 10 === Number(match[5])
}

/** US social security number: no area 000, 666 or 9xx, no group 00, no serial 0000. */
export const isUsSocialSecurity = (digits: string): boolean => /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(digits)

/** Spanish DNI and NIE: the letter follows from the number mod 23. */
export function isSpanishId(text: string): boolean {
  const match = /^([XYZ]?)(\d{7,8})([A-Z])$/.exec(text)
  if (!match || (match[1] === '') !== (match[2]?.length === 8)) return false
  const prefix = { X: '0', Y: '1', Z: '2' }[match[1] ?? ''] ?? ''
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(`${prefix}${match[2]}`) % 23] === match[3]
}

/** French NIR with its key: 97 minus the number mod 97. */
export function isFrenchSocialSecurity(text: string): boolean {
  const match = /^([1278]\d{4}(?:\d{2}|2A|2B)\d{6})(\d{2})$/.exec(text)
  if (!match) return false
  const body = BigInt((match[1] ?? '').replace('2A', '19').replace('2B', '18'))
  return 97 - Number(body % 97n) === Number(match[2])
}

/** Dutch BSN: the eleven test. */
export const isDutchBsn = (digits: string): boolean =>
  /^\d{9}$/.test(digits) && digits !== '000000000' && weighted(digitsOf(digits), [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0

/** UK national insurance number by its shape (HMRC NIM39110). */
export const isUkInsuranceNumber = (text: string): boolean =>
  /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/.test(text)

/** Italian codice fiscale: check letter from odd and even places. */
export function isItalianTaxCode(text: string): boolean {
  if (!/^[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]$/.test(text)) return false
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]
  const value = (character: string) => (/\d/.test(character) ? Number(character) : character.charCodeAt(0) - 65)
  const sum = [...text.slice(0, 15)].reduce(
    (total, character, index) => total + (index % 2 === 0 ? (odd[value(character)] ?? 0) : value(character)),
    0,
  )
  return String.fromCharCode(65 + (sum % 26)) === text[15]
}
