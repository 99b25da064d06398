import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PII_TYPES, type PiiFinding } from '../../workers/domain/guardrails'
import { loadLexicon } from '../../workers/skills/entities/tagger/load'
import { pii } from '../../workers/skills/pii'
import {
  isCardNumber,
  isDutchBsn,
  isFrenchSocialSecurity,
  isGermanSocialSecurity,
  isGermanTaxId,
  isItalianTaxCode,
  isSpanishId,
} from '../../workers/skills/pii/checks'
import { combine, findPii } from '../../workers/skills/pii/find'
import { mask, unmask, unmaskValue } from '../../workers/skills/pii/mask'
import { textDocument } from './corpus/pdf-pages'

const found = async (text: string) => (await findPii(text)).map(({ type, text: value }) => `${type}:${value}`)

describe('personal data', () => {
  it('is found in English letters', async () => {
    expect(
      await found('Please call Mary Jones on +44 20 7946 0958 or write to mary.jones@example.org. She lives at 14 Harbour Road, Bristol.'),
    ).toEqual(
      expect.arrayContaining([
        'person:Mary Jones',
        'phone:+44 20 7946 0958',
        'email:mary.jones@example.org',
        'address:14 Harbour Road, Bristol',
      ]),
    )
  })

  it('is found in German letters', async () => {
    const text =
      'Sehr geehrte Frau Schneider,\nIhre Steuer-ID 86095742719 und die SV-Nummer 65 170839 J 003 liegen vor. IBAN DE89 3704 0044 0532 0130 00, USt-IdNr. DE136695976. Geboren am 17.08.1939, wohnhaft Lindenweg 3, 10115 Berlin.'
    expect(await found(text)).toEqual(
      expect.arrayContaining([
        'tax_id:86095742719',
        'social_security:65 170839 J 003',
        'iban:DE89 3704 0044 0532 0130 00',
        'tax_id:DE136695976',
        'date_of_birth:17.08.1939',
      ]),
    )
    expect((await found(text)).some((item) => item.startsWith('address:Lindenweg 3'))).toBe(true)
    expect((await found(text)).some((item) => /^person:.*Schneider$/.test(item))).toBe(true)
  })

  it('is found where a number proves itself or a word announces it', async () => {
    const text = 'Card 4111 1111 1111 1111, SSN 536-90-4399, passport no. C01X00T47, driver licence D1234567, server 10.1.2.3'
    expect(await found(text)).toEqual(
      expect.arrayContaining([
        'credit_card:4111 1111 1111 1111',
        'social_security:536-90-4399',
        'passport:C01X00T47',
        'driver_licence:D1234567',
        'ip:10.1.2.3',
      ]),
    )
  })

  it('is not seen in business text without any', async () => {
    expect(
      await findPii('The goods are delivered free of charge within two weeks after the order. Payment is due within 30 days net.'),
    ).toEqual([])
  })

  it('is found wherever else a name stands that was found once', async () => {
    const text = 'Ada Voronkova called. Tell Voronkova and Ada that ada is a word.'
    const found = combine(text, () => [{ type: 'person', start: 0, end: 13 }], await loadLexicon())
    expect(found.map(({ text: name, start }) => [name, start])).toEqual([
      ['Ada Voronkova', 0],
      ['Voronkova', 27],
    ])
  })

  it('lies in order, without overlaps, verbatim', async () => {
    const text = 'Mr. John Smith, 221 Baker Street, London NW1, +44 20 7946 0958, john@smith.example'
    const findings = await findPii(text)
    for (const [index, { start, end, text: quote }] of findings.entries()) {
      expect(text.slice(start, end)).toBe(quote)
      expect(start).toBeGreaterThanOrEqual(findings[index - 1]?.end ?? 0)
    }
  })

  it('is limited to the kinds and the confidence asked for, and masked page by page with the same placeholders', async () => {
    const document = textDocument('Write to ann@example.org.')
    document.pages.push({ ...document.pages[0]!, number: 2, text: 'Again: ann@example.org or bob@example.org' })
    const answer = await pii.run(pii.input.parse({ document, types: ['email'], minConfidence: 0.9, mask: true }), {})
    expect(answer.masked?.pages).toEqual(['Write to [EMAIL_1].', 'Again: [EMAIL_1] or [EMAIL_2]'])
    expect(answer.counts).toEqual({ email: 3 })
  })

  it('is never shown to a model unless the caller says so', async () => {
    const chatModel = { complete: () => Promise.reject(new Error('a model was asked')) }
    const answer = await pii.run(pii.input.parse(pii.example), { chatModel })
    expect(answer).toMatchObject({ provider: 'embedded', degraded: false })
  })
})

describe('check digits', () => {
  it.each([
    [isCardNumber, '4111111111111111', '4111111111111112'],
    [isGermanTaxId, '86095742719', '86095742718'],
    [isGermanSocialSecurity, '65170839J003', '65170839J004'],
    [isSpanishId, '12345678Z', '12345678A'],
    [isFrenchSocialSecurity, '255081416802538', '255081416802539'],
    [isDutchBsn, '111222333', '111222334'],
    [isItalianTaxCode, 'RSSMRA85T10A562S', 'RSSMRA85T10A562T'],
  ])('%o tell %s from %s', (check, right, wrong) => {
    expect(check(right)).toBe(true)
    expect(check(wrong)).toBe(false)
  })
})

const findingsFor = (text: string, cuts: number[], types: PiiFinding['type'][]): PiiFinding[] =>
  cuts.flatMap((cut, index) => {
    const [start, end] = [cut % (text.length + 1), Math.min(text.length, (cut % (text.length + 1)) + 1 + (cut % 7))]
    return start < end ? [{ type: types[index % types.length]!, start, end, text: text.slice(start, end), confidence: 1 }] : []
  })

describe('mask and unmask', () => {
  const piece = fc.constantFrom('PERSON_1', '[PERSON_1]', '[person_1]', 'Ann', ' ', 'EMAIL_2', '[', ']', '_1', 'ü', '😀', 'x')

  it('give back the text, whatever it holds and wherever the findings lie', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 20 }),
        fc.array(fc.nat(200), { maxLength: 8 }),
        fc.array(fc.constantFrom(...PII_TYPES), { minLength: 1, maxLength: 3 }),
        (pieces, cuts, types) => {
          const text = pieces.join('')
          const masked = mask(text, findingsFor(text, cuts, types))
          expect(unmask(masked.text, masked.placeholders)).toBe(text)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('leave nothing of a value that was found', () => {
    const text = 'Ann met Bob. Ann left.'
    const masked = mask(text, [
      { type: 'person', start: 0, end: 3, text: 'Ann', confidence: 1 },
      { type: 'person', start: 8, end: 11, text: 'Bob', confidence: 1 },
      { type: 'person', start: 13, end: 16, text: 'Ann', confidence: 1 },
    ])
    expect(masked.text).toBe('[PERSON_1] met [PERSON_2]. [PERSON_1] left.')
  })

  it('give back a text that holds a label of an earlier one', () => {
    const first = mask('Ann', [{ type: 'person', start: 0, end: 3, text: 'Ann', confidence: 1 }])
    const second = mask('PERSON_1 is what [person_1] is called', [], first.placeholders)
    expect(second.text).not.toContain('PERSON_1 ')
    expect(unmask(second.text, second.placeholders)).toBe('PERSON_1 is what [person_1] is called')
  })

  it('restore what a model wrote with another case or without brackets, in every string of its answer', () => {
    const placeholders = [{ placeholder: '[PERSON_1]', type: 'person' as const, value: 'Ann' }]
    expect(unmaskValue({ a: ['Dear [Person_1],', 'PERSON_1', 'PERSON_12', 3], b: null }, placeholders)).toEqual({
      a: ['Dear Ann,', 'Ann', 'PERSON_12', 3],
      b: null,
    })
  })
})
