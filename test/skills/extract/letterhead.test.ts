import { describe, expect, it } from 'vitest'
import { extractEmbedded } from '../../../workers/skills/extract/embedded'
import { readLetterhead } from '../../../workers/skills/extract/letterhead'
import { readLines } from '../../../workers/skills/text/lines'
import { textDocument } from '../corpus/pdf-pages'

const SHOP = `RIVERSIDE HARDWARE SDN BHD
(812345-X)
NO. 14, JALAN DAMAI 3,
TAMAN INDAH, 43000 KAJANG, SELANGOR TEL: 03-8733 1234
GST ID: 000123456789
TAX INVOICE
Invoice No: 55120
14/02/2018 10:22`

describe('the head of a receipt', () => {
  it('gives the company without its number and the address without the telephone', () => {
    const { company, address } = readLetterhead(readLines(textDocument(SHOP).pages))
    expect(company?.name).toBe('RIVERSIDE HARDWARE SDN BHD')
    expect(address?.text).toBe('NO. 14, JALAN DAMAI 3, TAMAN INDAH, 43000 KAJANG, SELANGOR')
  })

  it('reads a shop of another country', () => {
    const text = 'Bäckerei Sonnenschein GmbH\nHauptstraße 12\n80331 München\nTel. 089 123456\nQuittung 17\n03.04.2023 08:15\nSumme EUR 4,20'
    const { company, address } = readLetterhead(readLines(textDocument(text).pages))
    expect(company?.name).toBe('Bäckerei Sonnenschein GmbH')
    expect(address?.text).toBe('Hauptstraße 12 80331 München')
  })

  it('never takes a title for the company', () => {
    const text = 'PAYMENT RECEIPT\nMarlow Books\n12 High Street\nLondon SW1A 1AA'
    expect(readLetterhead(readLines(textDocument(text).pages)).company?.name).toBe('Marlow Books')
  })
})

describe('the total of a receipt', () => {
  const total = (...lines: string[]) =>
    extractEmbedded({ document: textDocument(`${SHOP}\nNAILS 1 ${'12.33'}\n${lines.join('\n')}`), class: 'receipt' }).fields.find(
      ({ name }) => name === 'totalGross',
    )?.normalized

  it('is what is paid after rounding to the smallest coin', () => {
    expect(total('TOTAL 12.33', 'ROUNDING ADJ 0.02', 'ROUNDED 12.35', 'CREDIT 12.35')).toBe(12.35)
    expect(total('TOTAL 12.33', 'CASH 12.33')).toBe(12.33)
  })

  it('is what was paid less the change where no label names it', () => {
    expect(total('SUBTOTAL 12.33', 'CASH 20.00', 'CHANGE 7.67')).toBe(12.33)
  })
})
