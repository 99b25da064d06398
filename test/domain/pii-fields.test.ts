import { describe, expect, test } from 'vitest'
import { marksPii, sealExtraction, sealMarked } from '../../workers/domain/pii-fields'
import { openSealed } from '../../workers/domain/sealed-fields'
import { createFakeSealedFields } from '../fakes/tenant-keys'

const fields = createFakeSealedFields()

describe('x-pii', () => {
  test('is found anywhere in a schema, and nowhere in one without', () => {
    expect(marksPii({ properties: { a: { items: { anyOf: [{}, { 'x-pii': true }] } } } })).toBe(true)
    expect(marksPii({ properties: { a: { 'x-pii': false, type: 'string' } } })).toBe(false)
    expect(marksPii(undefined)).toBe(false)
  })

  test('seals the marked places of a value, through references, lists, alternatives and additional members', async () => {
    const schema = {
      $defs: { person: { properties: { name: { 'x-pii': true }, town: {} } } },
      properties: {
        owner: { $ref: '#/$defs/person' },
        people: { type: 'array', items: { $ref: '#/$defs/person' } },
        iban: { anyOf: [{ type: 'null' }, { type: 'string', 'x-pii': true }] },
        other: { additionalProperties: { 'x-pii': true } },
        plain: { type: 'string' },
      },
    }
    const value = {
      owner: { name: 'Jane Doe', town: 'Kiel' },
      people: [{ name: 'John Roe', town: 'Ulm' }],
      iban: 'DE02120300000000202051',
      other: { phone: '+49 1' },
      plain: 'visible',
      unknown: 1,
    }
    const sealed = await sealMarked(schema, value, fields)
    expect(JSON.stringify(sealed)).not.toMatch(/Jane|John|DE02|\+49/)
    expect(sealed).toMatchObject({ owner: { town: 'Kiel' }, people: [{ town: 'Ulm' }], plain: 'visible', unknown: 1 })
    expect((await openSealed(sealed, fields)).value).toEqual(value)
  })

  test('a schema that refers to itself ends, and a value without marks is given as it is', async () => {
    const schema = { $ref: '#', properties: { next: { $ref: '#' }, name: { 'x-pii': true } } }
    expect(JSON.stringify(await sealMarked(schema, { name: 'Jane Doe', next: { name: 'John Roe' } }, fields))).not.toMatch(/Jane|John/)
    const value = { a: 1 }
    expect(await sealMarked({ properties: { a: {} } }, value, fields)).toBe(value)
  })
})

test('an extraction is sealed where its schema says: value, normal form, quotes, and wherever the rest repeats them', async () => {
  const schema = {
    properties: { customer: { 'x-pii': true }, people: { type: 'array', items: { properties: { name: { 'x-pii': true } } } }, total: {} },
  }
  const output = {
    class: 'letter',
    fields: [
      {
        name: 'customer',
        value: 'Jane  Doe',
        normalized: 'Jane Doe',
        confidence: 0.9,
        source: 'label',
        span: { documentId: 'doc_1', page: 1, start: 3, end: 12, quote: 'Name: Jane  Doe' },
      },
      { name: 'people', value: 'table', normalized: [{ name: 'John Roe' }], confidence: 0.8, source: 'layout' },
      { name: 'total', value: '12,00 for Jane Doe', normalized: 12, confidence: 0.8, source: 'label' },
    ],
    lineItems: [{ description: 'Work for John Roe' }],
    missing: [],
  }
  const { output: sealed } = await sealExtraction(schema, output, fields)
  expect(JSON.stringify(sealed)).not.toMatch(/Jane|John/)
  expect(sealed).toMatchObject({
    class: 'letter',
    fields: [{ name: 'customer', confidence: 0.9, span: { page: 1, start: 3 } }, {}, { normalized: 12 }],
  })
  expect((await openSealed(sealed, fields)).value).toEqual(output)
})
