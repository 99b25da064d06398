import { describe, expect, it } from 'vitest'
import { extractEmbedded } from '../../../workers/skills/extract/embedded'
import { FieldSchema } from '../../../workers/skills/extract/schema'
import { textDocument } from '../corpus/pdf-pages'

const values = (text: string) =>
  Object.fromEntries(
    extractEmbedded({ document: textDocument(text), class: 'contract' }).fields.map((field) => [field.name, field.normalized]),
  )

describe('parties of a contract', () => {
  it('are the two sides of its first sentence, not the companies that it mentions', () => {
    const { parties } = values(`EX-10.3 6 exhibit10c.htm MUTUAL NON-DISCLOSURE AGREEMENT
This Mutual Non-Disclosure Agreement is entered into as of May 4, 2015 by and between Harbor Light Systems, Inc., a Delaware corporation
(the “Company”), and Bank of Meadowvale, a national bank (the “Recipient”).
WHEREAS, the Company considers a transaction involving the shares of Cobalt Mining Corp.; and
IN WITNESS WHEREOF, the parties have executed this Agreement.
HARBOR LIGHT SYSTEMS, INC.
By: /s/ Ann Porter
Name: Ann Porter
Title: Secretary
BANK OF MEADOWVALE
By: /s/ Tom Reed`)
    expect(parties).toEqual(['Harbor Light Systems, Inc.', 'Bank of Meadowvale'])
  })

  it('may be a person with a defined term', () => {
    const { parties } = values(`CONFIDENTIALITY AND NON-COMPETITION AGREEMENT
THIS AGREEMENT is made this 9th day of July, 2012, by and between Northgate Payments LLC (the “Company”) and Maria L. Santos (“Employee”).
WHEREAS, Employee is employed by the Company;`)
    expect(parties).toEqual(['Northgate Payments LLC', 'Maria L. Santos'])
  })
})

describe('the term of a contract', () => {
  it('is the time for which the agreement holds, not that of a notice or an employment', () => {
    expect(
      values(`AGREEMENT between Alder Ltd and Birch Inc.
Employee may terminate employment on thirty (30) days notice. Employee will not compete for one (1) year thereafter.
14. Term. This Agreement shall remain in full force and effect for a period of three (3) years from the date hereof.`).term,
    ).toBe('3 years')
  })

  it('is left out where only other durations are named', () => {
    expect(
      values('AGREEMENT between Alder Ltd and Birch Inc.\nInvoices are paid within thirty (30) days. Salary is reviewed every year.').term,
    ).toBeUndefined()
  })
})

describe('parties that a contract names', () => {
  it.each<[string, string, string[]]>([
    [
      'with roles in brackets',
      'This Agreement is made on 1 February 2025 between Maple Analytics Ltd ("Provider") and Onward Foods plc ("Customer").',
      ['Maple Analytics Ltd', 'Onward Foods plc'],
    ],
    [
      'with addresses before their roles',
      'Vertrag zwischen Y GmbH, Musterstr. 1, 10115 Berlin (nachfolgend „Auftraggeber“) und der Ehlers & Söhne KG (Auftragnehmerin).',
      ['Y GmbH', 'Ehlers & Söhne KG'],
    ],
    ['by forms of address', 'Mietvertrag zwischen Herrn Max Muster und Frau Dr. Erika Muster', ['Max Muster', 'Erika Muster']],
    [
      'with what they are before what they are called',
      'This is by and between Zenith, Inc., a Delaware corporation (the "Company"), and Jane Q. Public (the "Consultant").',
      ['Zenith, Inc.', 'Jane Q. Public'],
    ],
    [
      'as a numbered list of three',
      'zwischen\n\n1. Herrn Jens Vogel, Hamburg,\n2. Frau Ute Brandt, Bremen, und\n3. der Elbe Invest GmbH, Hamburg.',
      ['Jens Vogel', 'Ute Brandt', 'Elbe Invest GmbH'],
    ],
    [
      'on lines of their own, with who acts for them',
      'zwischen der\n\nHolz Otto OHG\nvertreten durch Georg Otto\n– nachfolgend „Arbeitgeber“ genannt –\n\nund\n\nHerrn Tobias Kern\n– nachfolgend „Arbeitnehmer“ genannt –',
      ['Holz Otto OHG', 'Tobias Kern'],
    ],
    ['beside their roles', 'TENANCY AGREEMENT\n\nLandlord: Margaret Ellison\nTenant: Ravi Chandra', ['Margaret Ellison', 'Ravi Chandra']],
    [
      'under their roles in a table',
      'LOAN AGREEMENT\n\nLender | Borrower\nNorth Bank plc | Ridge Farms Ltd',
      ['North Bank plc', 'Ridge Farms Ltd'],
    ],
    ['in the midst of prose', 'Alpha Ltd (the "Supplier") shall provide cleaning to Beta plc (the "Customer").', ['Alpha Ltd', 'Beta plc']],
    [
      'only where it is signed',
      'The software is licensed on the terms below.\n\nSigned for and on behalf of Vista Point LLC: ____\nSigned for and on behalf of Oak Clinics Inc.: ____',
      ['Vista Point LLC', 'Oak Clinics Inc.'],
    ],
  ])('are found %s', (_, text, parties) => {
    expect(values(text).parties).toEqual(parties)
  })

  it('are not those that only act or are mentioned beside a party', () => {
    const text =
      'between Fern Inc., for itself and its subsidiaries Fern Solutions Inc. and Fern Labs Inc. (together "Fern"), and Health Co. Ltd., located in Austin.'
    expect(values(text).parties).toEqual(['Fern Inc.', 'Health Co. Ltd.'])
  })
})

describe('terms and notice', () => {
  it.each([
    ['The initial term of this Agreement is twenty-four (24) months.', '24 months'],
    ['This Agreement continues for twenty-four months.', '24 months'],
    ['Der Vertrag hat eine Laufzeit von zwei Jahren.', '2 years'],
    ['Das Arbeitsverhältnis beginnt am 01.10.2024 und ist auf ein Jahr befristet.', '1 year'],
    ['Das Mietverhältnis ist unbefristet.', 'indefinite'],
    ['Der Vertrag läuft auf unbestimmte Zeit, mindestens jedoch 12 Monate.', 'indefinite'],
    ['Laufzeit: zunächst ein Jahr, danach unbefristet.', '1 year'],
  ])('of `%s` is %s', (text, term) => {
    expect(values(`Vertrag zwischen A GmbH und B KG\n\n${text}`).term).toBe(term)
  })

  it.each([
    ['Either party may terminate with thirty (30) days’ written notice.', '30 days'],
    ['The Client may cancel on giving one month’s notice.', '1 month'],
    ['Die Kündigungsfrist beträgt drei Monate zum Quartalsende.', '3 months'],
    ['Er kann mit vierwöchiger Frist gekündigt werden.', '4 weeks'],
    ['Notice of non-renewal is to be given at least 45 days before the end.', '45 days'],
  ])('notice of `%s` is %s', (text, notice) => {
    expect(values(`Agreement between Alder Ltd and Birch Inc.\n\n${text}`).noticePeriod).toBe(notice)
  })
})

describe('the value of a contract', () => {
  it.each([
    'The Customer pays a fee of EUR 1,200 per month.',
    'Die monatliche Vergütung beträgt 2.400 EUR.',
    'Das Honorar beträgt 95 EUR pro Stunde.',
  ])('is not what is paid again and again: %s', (text) => {
    expect(values(text).contractValue).toBeUndefined()
  })

  it('is what is paid in total', () => {
    expect(values('The total fee for the services shall be $48,000.').contractValue).toBe(48_000)
  })
})

describe('the law of a contract', () => {
  it.each([
    ['Es gilt deutsches Recht. Gerichtsstand ist Kiel.', 'deutsches Recht'],
    ['Dieser Vertrag unterliegt deutschem Recht.', 'deutsches Recht'],
    ['Es gilt das Recht der Bundesrepublik Deutschland.', 'Bundesrepublik Deutschland'],
    ['This Agreement is governed by English law.', 'English law'],
    ['This Agreement is governed by the laws of England and Wales.', 'England and Wales'],
    ['It shall be construed under the laws of the State of New York.', 'New York'],
    ['Governing law: California.', 'California'],
  ])('of `%s` is %s', (text, law) => {
    expect(values(text).governingLaw).toBe(law)
  })

  it('is not the place of its courts', () => {
    expect(values('The courts of London shall have exclusive jurisdiction.').governingLaw).toBeUndefined()
  })
})

describe('a schema for a contract', () => {
  const text = `This Agreement is made between Kite Networks Ltd, 3 Dock Street, Hull ("Supplier") and Bell Homes Limited (the "Client").
The Client pays 1,450 GBP per month. The agreement starts on 1 April 2025 and ends on 31 March 2027. It renews automatically for one year.
It is governed by the laws of Scotland. The courts of Edinburgh have exclusive jurisdiction.`
  const read = (properties: Record<string, unknown>, contract = text) =>
    Object.fromEntries(
      extractEmbedded({
        document: textDocument(contract),
        class: 'contract',
        schema: FieldSchema.parse({ properties }),
      }).fields.map((field) => [field.name, field.normalized]),
    )

  it('gives the sides by the roles that it asks for, whatever the contract calls them', () => {
    expect(read({ auftragnehmer: {}, customer: { description: 'the client' }, landlord: {} })).toEqual({
      auftragnehmer: 'Kite Networks Ltd',
      customer: 'Bell Homes Limited',
    })
    expect(
      read({ parties: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' }, role: { type: 'string' } } } } }),
    ).toEqual({
      parties: [
        { name: 'Kite Networks Ltd', role: 'Supplier' },
        { name: 'Bell Homes Limited', role: 'Client' },
      ],
    })
  })

  it('gives first and last day, renewal, courts and what is paid by the month', () => {
    const wanted = { startDate: { format: 'date' }, endDate: { format: 'date' }, autoRenewal: { type: 'boolean' } }
    expect(read({ ...wanted, jurisdiction: {}, governingLaw: {}, monthlyFee: { type: 'number' } })).toEqual({
      startDate: '2025-04-01',
      endDate: '2027-03-31',
      autoRenewal: true,
      jurisdiction: 'Edinburgh',
      governingLaw: 'Scotland',
      monthlyFee: 1450,
    })
  })

  it('reckons no last day from a term, and knows a renewal that is ruled out', () => {
    const contract = 'Der Vertrag beginnt am 1. Juli 2025 und läuft zwei Jahre. Eine automatische Verlängerung findet nicht statt.'
    expect(read({ endDate: { format: 'date' }, autoRenewal: { type: 'boolean' } }, contract)).toEqual({ autoRenewal: false })
  })
})
