import { describe, expect, it } from 'vitest'
import { extractEmbedded } from '../../../workers/skills/extract/embedded'
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
