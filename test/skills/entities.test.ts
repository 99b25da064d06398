import { describe, expect, it } from 'vitest'
import { findEntities } from '../../workers/skills/entities/embedded'
import { textDocument } from './corpus/pdf-pages'

const found = async (text: string) =>
  (await findEntities({ document: textDocument(text), limit: 100 })).entities.map((entity) => `${entity.type}:${entity.normalized}`)

describe('entities', () => {
  it('finds people, organisations and places in English', async () => {
    const text = 'Angela Merkel met engineers of Northwind Supplies Ltd in London yesterday. She later flew to Paris.'
    expect(await found(text)).toEqual(
      expect.arrayContaining(['person:Angela Merkel', 'organisation:Northwind Supplies Ltd', 'place:London', 'place:Paris']),
    )
  })

  it('finds checked numbers, addresses, money and dates in any language', async () => {
    const text =
      'Frau Erika Beispiel zahlte am 3. April 2024 den Betrag von 255,85 € auf DE89 3704 0044 0532 0130 00. Tel. +49 40 1234567, info@muster.de, https://muster.de/x, USt-IdNr. DE136695976'
    expect(await found(text)).toEqual(
      expect.arrayContaining([
        'person:Erika Beispiel',
        'date:2024-04-03',
        'money:255.85 EUR',
        'iban:DE89370400440532013000',
        'phone:+49401234567',
        'email:info@muster.de',
        'url:https://muster.de/x',
        'vat_id:DE136695976',
      ]),
    )
  })

  it('counts repeated names once and points to the first', async () => {
    const text = 'Write to a@example.com or A@example.com.'
    const { entities } = await findEntities({ document: textDocument(text), limit: 10 })
    expect(entities.filter((entity) => entity.type === 'email')).toMatchObject([
      { normalized: 'a@example.com', count: 2, span: { start: 9, quote: 'a@example.com' } },
    ])
  })

  it('does not take account numbers and wrong IBANs for what they are not', async () => {
    const names = await found('Konto 00030340067212, DE89 3704 0044 0532 0130 01')
    expect(names.filter((name) => /^(?:phone|iban)/.test(name))).toEqual([])
  })
})
