import { describe, expect, it } from 'vitest'
import { checkVatId, findIbans, findVatIds, isIban } from '../../../workers/skills/text/checksums'

describe('checksums', () => {
  it('accepts an IBAN with the right check digits and refuses a changed one', () => {
    expect(isIban('DE89 3704 0044 0532 0130 00')).toBe(true)
    expect(isIban('DE89 3704 0044 0532 0130 01')).toBe(false)
    expect(isIban('DE89370400440532013')).toBe(false)
  })

  it('finds an IBAN among words and stops at its country length', () => {
    const text = 'IBAN : FR76 3000 6000 0112 3456 7890 189 BIC AGRIFRPP'
    const [found] = findIbans(text)
    expect(found?.iban).toBe('FR7630006000011234567890189')
    expect(text.slice(found?.start, found?.end)).toBe('FR76 3000 6000 0112 3456 7890 189')
  })

  it.each([
    ['DE136695976', 'valid'],
    ['DE136695977', 'invalid'],
    ['ATU13585627', 'valid'],
    ['BE0428759497', 'valid'],
    ['FR40303265045', 'valid'],
    ['IT00743110157', 'valid'],
    ['PL8567346215', 'valid'],
    ['NL004495445B01', 'unchecked'],
    ['DE12345', 'not_a_vat_id'],
  ])('says of %s that it is %s', (id, verdict) => {
    expect(checkVatId(id)).toBe(verdict)
  })

  it('finds a VAT id written in groups before other capitals', () => {
    expect(findVatIds('USt-IdNr. DE 136 695 976 HRB 1234')[0]?.vatId).toBe('DE136695976')
  })
})
