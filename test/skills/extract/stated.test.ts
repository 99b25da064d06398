import { describe, expect, it } from 'vitest'
import { extractEmbedded } from '../../../workers/skills/extract/embedded'
import { FieldSchema } from '../../../workers/skills/extract/schema'
import { textDocument } from '../corpus/pdf-pages'

const read = (text: string, properties: Record<string, unknown>) =>
  extractEmbedded({ document: textDocument(text), class: 'other', schema: FieldSchema.parse({ properties }) }).fields
const values = (text: string, properties: Record<string, unknown>) =>
  Object.fromEntries(read(text, properties).map((field) => [field.name, field.normalized]))

describe('labels', () => {
  it('are read over their values, row under row', () => {
    const text = 'Kundennummer    Vertragskonto    Zählernummer\n70034512        200 441 873      1EMH0098812'
    expect(values(text, { kundennummer: {}, zaehlernummer: {} })).toEqual({ kundennummer: '70034512', zaehlernummer: '1EMH0098812' })
  })

  it('in a row of titles do not take the next title for a value', () => {
    const text = 'Kennzeichen     Fahrzeug         Annahme\nHX-KL 204       VW Golf VII      06.10.2025'
    expect(values(text, { kennzeichen: {}, fahrzeug: {} })).toEqual({ kennzeichen: 'HX-KL 204', fahrzeug: 'VW Golf VII' })
  })

  it('mean the same however a form abbreviates or translates them', () => {
    const text =
      'Personal-Nr.: 00417\nPrüfdatum: 11.04.2025\nDate of accident: 3 May 2025\nAnschrift: Am Hang 5, 57072 Siegen\nTel. 030 1234567'
    expect(
      values(text, {
        personalnummer: {},
        pruefdatum: { format: 'date' },
        accidentDate: { format: 'date' },
        address: {},
        phone: {},
      }),
    ).toEqual({
      personalnummer: '00417',
      pruefdatum: '2025-04-11',
      accidentDate: '2025-05-03',
      address: 'Am Hang 5, 57072 Siegen',
      phone: '030 1234567',
    })
  })

  it('may go on before their colon, and have a remark in brackets', () => {
    const text = 'Vehicle registration mark:\nNK21 FYB\nAbmessungen (B x H x T)  420 x 310 x 275 mm'
    expect(values(text, { vehicleRegistration: { type: 'string' }, abmessungen: { type: 'string' } })).toEqual({
      vehicleRegistration: 'NK21 FYB',
      abmessungen: '420 x 310 x 275 mm',
    })
  })

  it('in a sentence give its clause, across the end of a line, and numbers that stand before what they count', () => {
    const text =
      'We thank you for your letter and are pleased to tell you that the response time\nis four hours. We offer 12 licences at a fixed price of\n17,900.00 EUR.'
    expect(values(text, { responseTime: {}, licences: { type: 'integer' }, fixedPrice: { type: 'number' } })).toEqual({
      responseTime: 'four hours',
      licences: 12,
      fixedPrice: 17_900,
    })
  })

  it('find identifiers with their blanks and percentages as numbers', () => {
    expect(values('NHS number: 943 476 5919\nInterest rate: 6.25% fixed', { nhsNumber: {}, interestRate: { type: 'number' } })).toEqual({
      nhsNumber: '943 476 5919',
      interestRate: 6.25,
    })
  })
})

describe('boxes', () => {
  it('count where they are ticked', () => {
    const text = 'Beitragsart: [ ] Kind  [x] Erwachsene\nBar ausgelegt?   [ ] ja  [x] nein'
    expect(values(text, { beitragsart: { enum: ['Kind', 'Erwachsene'] }, barAusgelegt: { type: 'boolean' } })).toEqual({
      beitragsart: 'Erwachsene',
      barAusgelegt: false,
    })
  })
})

describe('letters', () => {
  const LETTER = 'Sehr geehrter Herr Pohl,\n\nvielen Dank für Ihr Schreiben.\n\nMit freundlichen Grüßen\nSparkasse Nordheim\nIris Feldmann'

  it('say who signed them and to whom they are written', () => {
    expect(values(LETTER, { unterzeichner: {}, empfaenger: {} })).toEqual({ unterzeichner: 'Iris Feldmann', empfaenger: 'Herr Pohl' })
  })

  it('are not made to say more', () => {
    expect(
      values(LETTER, {
        betrag: { type: 'number' },
        iban: { format: 'iban' },
        geburtsdatum: { format: 'date' },
        telefon: {},
        antragsnummer: {},
      }),
    ).toEqual({})
  })
})

describe('a guess', () => {
  it('by likeness is never sure, and points to what it read', () => {
    const text = 'The liability of the Supplier is limited to GBP 50,000.\nWater used 56 m3'
    const fields = read(text, {
      liabilityCap: { type: 'number', description: 'limit of liability' },
      consumption: { type: 'number', description: 'water used in cubic metres' },
    })
    expect(fields.map((field) => field.normalized)).toEqual([50_000, 56])
    for (const { confidence, span } of fields) {
      expect(confidence).toBeLessThan(0.65)
      expect(span && text.slice(span.start, span.end)).toBe(span?.quote)
    }
  })

  it('is not made where several values compete', () => {
    const text = 'The liability is limited to GBP 50,000 or, where liability is limited by law, to GBP 90,000.'
    expect(values(text, { liabilityCap: { type: 'number', description: 'limit of liability' } })).toEqual({})
  })

  it('does not turn the date of one thing into that of another', () => {
    expect(values('Order date: 4 June 2025', { invoiceDate: { format: 'date' }, deliveryDate: { format: 'date' } })).toEqual({})
  })
})
